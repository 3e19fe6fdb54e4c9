import { createHmac } from 'node:crypto';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { inProcess, runOf } from '../cli/bidui.js';
import { type World, world, write } from '../cli/world.js';

interface Posted {
  url: URL;
  body: string;
  headers: IncomingMessage['headers'];
}

const servers: Server[] = [];
afterEach(() => {
  for (const s of servers.splice(0)) {
    s.closeAllConnections();
    s.close();
  }
});

/** A robot that answers so; `null`: never. */
async function robot(answer: { status?: number; body?: string; location?: string } | null = {}) {
  const posted: Posted[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (t) => {
      body += t;
    });
    request.on('end', () => {
      posted.push({ url: new URL(request.url ?? '', 'http://robot'), body, headers: request.headers });
      if (answer === null) return;
      response.writeHead(answer.status ?? 200, answer.location ? { location: answer.location } : {});
      response.end(answer.body ?? '{"errcode":0,"errmsg":"ok"}');
    });
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    posted,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/robot/send?access_token=SECRET-TOKEN`,
  };
}

/** The world with a project file that has these hooks. */
function withHooks(hooks: string, o?: Parameters<typeof world>[0]): World & { project: string } {
  const w = world(o);
  write(w.root, { 'bidui.yaml': `version: 1\nhooks:\n${hooks}` });
  return { ...w, project: join(w.root, 'bidui.yaml') };
}

const WECOM = (url: string, rest = '') => `
  - webhook: '${url}'
    body: { msgtype: text, text: { content: '{{text}} \${GREETING}"', n: '{{anomalies}}/{{red}}' } }
${rest}`;

async function run(w: World & { project: string }, ...more: string[]) {
  process.env.GREETING = 'hello-there';
  return inProcess(runOf(w, '--project', w.project, ...more));
}

describe('a webhook', () => {
  test('is told when a run is over, its body filled in as JSON whatever the facts hold', async () => {
    const r = await robot();
    const told = await run(withHooks(WECOM(r.url)));
    expect([told.code, told.err]).toEqual([0, expect.not.stringContaining('hook')]);
    expect(r.posted).toHaveLength(1);
    expect(r.posted[0]!.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(r.posted[0]!.body)).toEqual({
      msgtype: 'text',
      text: {
        content: expect.stringMatching(
          /^比对完成（基准日 2026-07-31）：3 户企业，疑似异常 6 条（红 3，黄 \d，蓝 \d）.* hello-there"$/,
        ),
        n: '6/3',
      },
    });
  });

  test('is told of a failure, and of what went wrong', async () => {
    const r = await robot();
    const w = withHooks(WECOM(r.url, '    on: [failure]\n'), { extracts: { '企业登记_20260731.csv': '' } });
    expect((await run(w)).code).toBe(3);
    expect(JSON.parse(r.posted[0]!.body).text.content).toMatch(/^比对未完成（.*基准日 2026-07-31，退出码 3）/);
    const calm = withHooks(WECOM(r.url, '    on: [failure]\n'));
    expect((await run(calm)).code).toBe(0);
    expect(r.posted).toHaveLength(1);
  });

  test('of DingTalk gets time and signature', async () => {
    const r = await robot();
    const secret = 'SECthisisasecret0001';
    expect((await run(withHooks(WECOM(r.url, `    dingtalk_secret: ${secret}\n`)))).code).toBe(0);
    const { searchParams } = r.posted[0]!.url;
    const timestamp = searchParams.get('timestamp')!;
    expect(Math.abs(Date.now() - Number(timestamp))).toBeLessThan(600_000);
    expect(searchParams.get('sign')).toBe(
      createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64'),
    );
    expect(searchParams.get('access_token')).toBe('SECRET-TOKEN');
  });

  test.each([
    ['answers with an error', { status: 500 }, 'it answered with 500'],
    [
      'says that it did not take it',
      { body: '{"errcode":310000,"errmsg":"sign not match"}' },
      'it answered that it did not take it: errcode 310000, sign not match',
    ],
    ['leads elsewhere', { status: 302, location: 'http://127.0.0.1:1/' }, 'it cannot be reached'],
    ['never answers', null, 'no answer after 0.5 s'],
  ] as const)('that %s is told of, and the run is as it was', async (_, answer, why) => {
    const r = await robot(answer);
    const told = await run(withHooks(WECOM(r.url, '    timeout: 0.5\n')));
    expect([told.code, told.err]).toEqual([0, expect.stringContaining(`warning: hook 1 (webhook) failed: ${why}`)]);
    expect(told.err + told.out).not.toContain('SECRET-TOKEN');
  });

  test('that is not there is told of, without its address', async () => {
    const told = await run(withHooks(WECOM('http://127.0.0.1:9/?access_token=SECRET-TOKEN')));
    expect([told.code, told.err]).toEqual([
      0,
      expect.stringContaining('hook 1 (webhook) failed: it cannot be reached'),
    ]);
    expect(told.err).not.toContain('SECRET-TOKEN');
  });

  test('whose body speaks of an unknown fact is refused beforehand', async () => {
    const told = await run(
      withHooks(`
  - webhook: 'http://127.0.0.1:9/SECRET-TOKEN'
    body: { text: '{{anomalys}}' }
`),
    );
    expect([told.code, told.err]).toEqual([2, expect.stringContaining('{{anomalys}}: there is no such fact')]);
    expect(told.err).not.toContain('SECRET-TOKEN');
  });
});

describe('a command', () => {
  const script = (w: World, text: string) => {
    write(w.root, { hook: `#!/bin/sh\n${text}\n` });
    chmodSync(join(w.root, 'hook'), 0o700);
  };
  const hooked = (text: string, rest = '') => {
    const w = withHooks(`\n  - command: [./placeholder]\n${rest}`);
    write(w.root, {
      'bidui.yaml': `version: 1\nhooks:\n  - command: ['${join(w.root, 'hook')}', 'a b', '$(id)']\n${rest}`,
    });
    script(w, text);
    return w;
  };

  test('gets the facts in its environment and as JSON, and its arguments without a shell', async () => {
    const w = hooked(
      'cd "$(dirname "$0")"; cat > stdin; echo "$BIDUI_OUTCOME $BIDUI_ANOMALIES $BIDUI_EXIT|$1|$2" > env',
    );
    expect((await run(w, '--state', join(w.root, 's.duckdb'))).code).toBe(0);
    expect(readFileSync(join(w.root, 'env'), 'utf8')).toBe('ok 6 0|a b|$(id)\n');
    expect(JSON.parse(readFileSync(join(w.root, 'stdin'), 'utf8'))).toMatchObject({
      ...{ outcome: 'ok', exit: 0, anomalies: 6, as_of: '2026-07-31', by_state: { new: 6 } },
      steps: { ingest: { rows: 10 } },
    });
  });

  test.each([
    ['fails', 'echo no such list >&2; exit 3', 'ended with exit code 3: no such list'],
    ['hangs, and so does what it started', 'sleep 600 & sleep 600', 'no end after 0.5 s; it was stopped'],
    ['reads nothing', 'exit 0', ''],
  ])('that %s changes nothing', async (_, text, why) => {
    const start = performance.now();
    const told = await run(hooked(text, '    timeout: 0.5\n'));
    expect(told.code).toBe(0);
    if (why) expect(told.err).toContain(why);
    else expect(told.err).not.toContain('hook');
    expect(performance.now() - start).toBeLessThan(120_000);
  });

  test('that is not there is told of', async () => {
    const told = await run(withHooks(`  - command: [/nowhere/notify]\n`));
    expect([told.code, told.err]).toEqual([0, expect.stringContaining('hook 1 (/nowhere/notify) failed')]);
  });
});

describe('the metrics file', () => {
  const figures = (path: string) =>
    new Map(
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((l) => l && !l.startsWith('#'))
        .map((l) => [l.slice(0, l.lastIndexOf(' ')), Number(l.slice(l.lastIndexOf(' ') + 1))]),
    );

  test('tells of a run, and after one that failed still since when none has succeeded', async () => {
    const w = world();
    const path = join(w.root, 'bidui.prom');
    expect(
      (await inProcess(runOf(w, '--metrics', path, '--state', join(w.root, 's.duckdb'), '--fail-on', 'red'))).code,
    ).toBe(1);
    const good = figures(path);
    expect(Object.fromEntries(good)).toMatchObject({
      ...{ bidui_run_success: 1, bidui_run_exit_code: 1, bidui_enterprises: 3 },
      ...{ 'bidui_anomalies{severity="red"}': 3, 'bidui_anomalies_by_state{state="new"}': 6 },
      ...{ 'bidui_source_rows{source="permit",state="read"}': 5, 'bidui_guard_trips{action="stopped"}': 0 },
    });
    expect(statSync(path).mode & 0o777).toBe(0o644);
    const bad = world({ extracts: { '企业登记_20260731.csv': '' } });
    expect((await inProcess(runOf(bad, '--metrics', path))).code).toBe(3);
    const after = figures(path);
    expect(Object.fromEntries(after)).toMatchObject({ bidui_run_success: 0, bidui_run_exit_code: 3 });
    expect(after.get('bidui_last_success_timestamp_seconds')).toBe(good.get('bidui_last_success_timestamp_seconds'));
    // Every line is one that the collector reads.
    for (const line of readFileSync(path, 'utf8').trimEnd().split('\n')) {
      expect(line).toMatch(
        /^(?:# (?:HELP|TYPE) bidui_[a-z_]+ .+|bidui_[a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})? [0-9.e+-]+)$/,
      );
    }
  });

  test('that cannot be written changes nothing; one that nobody would read is refused', async () => {
    const w = world();
    const told = await inProcess(runOf(w, '--metrics', join(w.root, 'nowhere', 'bidui.prom')));
    expect([told.code, told.err]).toEqual([0, expect.stringContaining('warning: the metrics file')]);
    expect((await inProcess(runOf(w, '--metrics', 'bidui.txt'))).code).toBe(2);
  });
});

test('--log json: every line of stderr is an object with time and level, errors too', async () => {
  const parsed = (err: string) => err.trimEnd().split('\n').map((l) => JSON.parse(l) as Record<string, unknown>); // biome-ignore format: one line
  const w = world();
  const lines = parsed((await inProcess(runOf(w, '--log', 'json'))).err);
  expect(lines[0]).toMatchObject({ event: 'run_start', as_of: '2026-07-31', level: 'info' });
  expect(lines.find((l) => l.event === 'step_end' && l.step === 'ingest')).toMatchObject({
    rows: 10,
    seconds: expect.any(Number),
  });
  expect(lines.at(-1)).toMatchObject({ event: 'run_end', outcome: 'ok', exit: 0, anomalies: 6, run: lines[0]!.run });
  for (const l of lines) expect(l).toMatchObject({ time: expect.stringMatching(/^20.*Z$/), level: expect.any(String) });

  const bad = parsed(
    (await inProcess(runOf(world({ extracts: { '企业登记_20260731.csv': '' } }), '--log', 'json'))).err,
  );
  expect(bad.find((l) => l.event === 'run_end')).toMatchObject({ outcome: 'failed', exit: 3, level: 'error' });
  expect(bad.at(-1)).toMatchObject({ level: 'error', event: 'message' });
});
