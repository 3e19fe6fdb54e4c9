import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bidui, runOf, type Told } from '../cli/bidui.js';
import { EXTRACTS, type World, world } from '../cli/world.js';

/** Long enough for somebody else to come meanwhile. */
function slowWorld(): World & { state: string } {
  const rows = Array.from({ length: 150_000 }, (_, i) => `P${i},,某公司${i},张三,2025-06-30,100`).join('\n');
  const w = world({ extracts: { '许可证.csv': `${EXTRACTS['许可证.csv']}${rows}\n` } });
  return { ...w, state: join(w.root, 'ledger.duckdb') };
}

/** A run that is in the middle of its work when `meanwhile` begins. */
async function during<T>(w: World & { state: string }, meanwhile: (pid: number) => Promise<T>): Promise<[T, Told]> {
  let begun: ((pid: number) => void) | undefined;
  const started = new Promise<number>((go) => {
    begun = go;
  });
  const first = bidui(runOf(w, '--state', w.state), {
    watch: (child, err) => {
      if (err.includes('ingest …')) begun?.(child.pid!);
    },
  });
  const result = await meanwhile(await started);
  return [result, await first];
}

describe('a ledger that somebody has', () => {
  test('is refused with 7, saying who has it, since when, and what to do; whoever has it is not disturbed', async () => {
    const w = slowWorld();
    const [[pid, run, list], first] = await during(w, async (pid) => {
      const others = [
        bidui(runOf({ ...w, out: join(w.root, 'out2') }, '--state', w.state)),
        bidui(['suppress', 'list', '--state', w.state]),
      ];
      return [pid, ...(await Promise.all(others))] as [number, Told, Told];
    });
    expect([run.code, list.code]).toEqual([7, 7]);
    const who = `is in use: \`bidui run\` of ${userInfo().username}, process ${pid}, since 20`;
    expect(run.err).toContain(who);
    expect(list.err).toContain(who);
    expect(run.err).toContain('fix: run again when it has ended, or add --wait 10m');
    expect(existsSync(join(w.root, 'out2'))).toBe(false);
    expect(first.code).toBe(0);
    expect(existsSync(`${w.state}.lock`)).toBe(false);
  });

  test('is waited for with --wait', async () => {
    const w = slowWorld();
    const [second, first] = await during(w, () =>
      bidui(runOf({ ...w, out: join(w.root, 'out2') }, '--state', w.state, '--wait', '5m')),
    );
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(second.err).toContain('waiting: the ledger');
  });

  test('is free at once when its process was killed, however the note about it looks', async () => {
    const w = slowWorld();
    const told = await bidui(runOf(w, '--state', w.state), {
      watch: (child, err) => {
        if (err.includes('compare …')) child.kill('SIGKILL');
      },
    });
    expect(told.signal).toBe('SIGKILL');
    expect(existsSync(`${w.state}.lock`)).toBe(true);
    const start = performance.now();
    const next = await bidui(runOf(w, '--state', w.state, '--theme', 'people'));
    expect([next.code, next.err]).toEqual([0, expect.not.stringContaining('waiting')]);
    expect(existsSync(`${w.state}.lock`)).toBe(false);
    expect(performance.now() - start).toBeLessThan(60_000);
  });

  test('may be held on another machine: by its beats, not by its clock', async () => {
    const w = { ...world(), state: '' };
    w.state = join(w.root, 'ledger.duckdb');
    expect((await bidui(runOf(w, '--state', w.state))).code).toBe(0);
    const note = (beat: number) =>
      writeFileSync(
        `${w.state}.lock`,
        JSON.stringify({ user: 'op', host: 'node-b', pid: 42, command: 'bidui run', since: '1970-01-01T00:00:00Z', machine: 'other', beat }),
      ); // biome-ignore format: one line
    let beat = 0;
    note(beat);
    const beating = setInterval(() => note(++beat), 1000);
    const refused = await bidui(runOf(w, '--state', w.state));
    clearInterval(beating);
    expect(refused.code).toBe(7);
    expect(refused.err).toContain('`bidui run` of op, process 42 on node-b');
    expect(refused.err).toContain(`If node-b is down and stays so, remove ${w.state}.lock`);
    // It beats no more: that machine is gone.
    note(beat);
    expect((await bidui(runOf(w, '--state', w.state))).code).toBe(0);
  });

  test('a bad --wait is refused', async () => {
    const w = world();
    const told = await bidui(runOf(w, '--state', join(w.root, 's.duckdb'), '--wait', 'long'));
    expect([told.code, told.err]).toEqual([2, expect.stringContaining('--wait long: not a time')]);
  });
});

test('two runs that begin together: one of them is refused, and the ledger has one night', async () => {
  const w = slowWorld();
  const told = await Promise.all(
    [1, 2, 3].map((n) => bidui(runOf({ ...w, out: join(w.root, `out${n}`) }, '--state', w.state))),
  );
  expect(told.map((t) => t.code).sort()).toEqual([0, 7, 7]);
  const runs = JSON.parse((await bidui(['runs', '--state', w.state, '--format', 'json'])).out) as {
    outcome: string;
    host: string;
  }[];
  expect(runs.map((r) => [r.outcome, r.host])).toEqual([['ok', hostname()]]);
});

test('the help tells of exit code 7', () => {
  expect(readFileSync(resolve('README.md'), 'utf8')).toContain('| 7 |');
  const child = spawn(process.execPath, [resolve('bin/bidui.js'), '--help']);
  let out = '';
  child.stdout.on('data', (t) => {
    out += t;
  });
  return new Promise<void>((done) =>
    child.on('close', () => {
      expect(out).toContain('7 another process has the ledger');
      done();
    }),
  );
});
