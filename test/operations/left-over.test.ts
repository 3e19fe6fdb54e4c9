import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bidui, inProcess, runOf } from '../cli/bidui.js';
import { A, type World, world } from '../cli/world.js';
import { ask, dump } from '../ledger/dump.js';

type WithState = World & { state: string };

const withState = (): WithState => {
  const w = world();
  return { ...w, state: join(w.root, 'ledger.duckdb') };
};

/** A first night; then a second that is killed between the ledger's transaction and the reports' place. */
async function killedBetween(): Promise<WithState> {
  const w = withState();
  expect((await inProcess(runOf(w, '--state', w.state))).code).toBe(0);
  const script = resolve('test/ledger/killed-run.mjs');
  const argv = [script, 'committed', ...runOf(w, '--state', w.state, '--as-of', '2026-08-01')];
  const signal = await new Promise((done) => {
    spawn(process.execPath, argv, { stdio: 'ignore' }).on('close', (_, s) => done(s));
  });
  expect(signal).toBe('SIGKILL');
  expect(await ask(w.state, 'SELECT count(*) AS n FROM ledger.run')).toEqual([{ n: 2 }]);
  expect(nightIn(w)).toBe('2026-07-31');
  return w;
}

const nightIn = (w: World): string => JSON.parse(readFileSync(join(w.out, 'run.json'), 'utf8')).as_of;
const beside = (w: World) => readdirSync(w.root).filter((n) => n.startsWith('.')); // biome-ignore format: one line
const healed = async (w: WithState) =>
  (
    JSON.parse((await inProcess(['audit', 'list', '--state', w.state, '--format', 'json'])).out) as {
      act: string;
      details: { how?: string };
    }[]
  )
    .filter((e) => e.act === 'healed')
    .map((e) => e.details.how);

describe('reports of a run that was killed after it had written the ledger', () => {
  test('are put in their place by the next command that writes, whichever it is', async () => {
    const w = await killedBetween();
    const told = await inProcess([
      'suppress',
      'add',
      '--enterprise',
      A,
      '--owner',
      '王',
      '--reason',
      '查',
      '--until',
      '2026-12-31',
      '--state',
      w.state,
    ]);
    expect([told.code, told.err]).toEqual([0, expect.stringContaining(`its reports are now in ${w.out}`)]);
    expect(nightIn(w)).toBe('2026-08-01');
    expect(beside(w)).toEqual([]);
    expect(await healed(w)).toEqual(['published']);
    expect((await inProcess(['audit', 'verify', '--state', w.state])).code).toBe(0);
    const runs = JSON.parse((await inProcess(['runs', '--state', w.state, '--format', 'json'])).out) as {
      outcome: string;
    }[];
    expect(runs.map((r) => r.outcome)).toEqual(['ok', 'killed']);
  });

  test('are put there before the next night, which then replaces them', async () => {
    const w = await killedBetween();
    const told = await inProcess(runOf(w, '--state', w.state, '--as-of', '2026-08-02', '--out', join(w.root, 'out3')));
    expect([told.code, told.err]).toEqual([0, expect.stringContaining('its reports are now in')]);
    expect(nightIn(w)).toBe('2026-08-01');
    expect(beside(w)).toEqual([]);
  });

  test('do not replace others that stand there meanwhile', async () => {
    const w = await killedBetween();
    expect((await inProcess(runOf(w, '--theme', 'people'))).code).toBe(0);
    const there = readFileSync(join(w.out, 'run.json'), 'utf8');
    const told = await inProcess(['prune', '--keep-days', '9', '--state', w.state]);
    expect([told.code, told.err]).toEqual([0, expect.stringContaining('other reports stand in')]);
    expect(readFileSync(join(w.out, 'run.json'), 'utf8')).toBe(there);
    expect(beside(w)).toEqual([]);
  });

  test('that are gone are told of', async () => {
    const w = await killedBetween();
    for (const name of beside(w)) rmSync(join(w.root, name), { recursive: true });
    const told = await inProcess(['prune', '--keep-days', '9', '--state', w.state]);
    expect([told.code, told.err]).toEqual([0, expect.stringContaining('are gone: run that night once more')]);
    expect((await inProcess(runOf(w, '--state', w.state, '--as-of', '2026-08-01'))).code).toBe(0);
    expect(nightIn(w)).toBe('2026-08-01');
  });
});

describe('prune', () => {
  /** Six nights a month apart. One permit is there in the first alone: its anomaly ends with the second. */
  async function months(): Promise<WithState> {
    const w = withState();
    for (const [n, month] of ['02', '03', '04', '05', '06', '07'].entries()) {
      const out = join(w.root, 'reports', `2026-${month}`);
      mkdirSync(join(w.root, 'reports'), { recursive: true });
      const told = await inProcess(
        runOf(w, '--state', w.state, '--as-of', `2026-${month}-15`, '--out', out, '--no-guards'),
      );
      expect([told.code, told.err]).toEqual([0, expect.any(String)]);
      if (n === 0) {
        const path = join(w.input, '许可证.csv');
        writeFileSync(path, readFileSync(path, 'utf8').split('\n').filter((l) => !l.startsWith('3-2')).join('\n')); // biome-ignore format: one line
      }
    }
    return w;
  }

  test('tells first, then takes ended anomalies, old nights and old reports, and nothing that is still of use', async () => {
    const w = await months();
    const before = await dump(w.state);
    const resolved = await ask<{ id: string }>(w.state, "SELECT id FROM ledger.anomaly WHERE state = 'resolved'");
    expect(resolved.length).toBeGreaterThan(0);
    const argv = ['prune', '--keep-days', '60', '--state', w.state, '--reports-in', join(w.root, 'reports')];
    writeFileSync(join(w.root, 'reports', '2026-03', 'notes.txt'), 'mine');

    const dry = await inProcess([...argv, '--dry-run']);
    expect(dry.code).toBe(0);
    expect(dry.out).toContain('would go: before 2026-05-16');
    expect(await dump(w.state)).toEqual(before);
    expect(readdirSync(join(w.root, 'reports'))).toHaveLength(6);

    const told = await inProcess(argv);
    expect([told.code, told.err]).toEqual([0, expect.stringContaining('holds files that bidui did not write')]);
    const after = await dump(w.state);
    const open = (d: typeof before) => d.anomaly!.filter((a) => (a as { state: string }).state !== 'resolved');
    expect(open(after)).toEqual(open(before));
    expect(await ask(w.state, "SELECT id FROM ledger.anomaly WHERE state = 'resolved'")).toEqual([]);
    expect(after.run!.map((r) => (r as { as_of: string }).as_of)).toEqual(['2026-06-15', '2026-07-15']);
    expect(readdirSync(join(w.root, 'reports')).sort()).toEqual(['2026-03', '2026-06', '2026-07']);
    // The next night goes on as if nothing had been taken.
    expect((await inProcess(runOf(w, '--state', w.state, '--as-of', '2026-08-15', '--no-guards'))).code).toBe(0);
    expect((await inProcess(['audit', 'list', '--state', w.state])).out).toContain('pruned');
  });

  test('leaves what a department has spoken of, what is suppressed, and the last night, however old', async () => {
    const w = await months();
    const [gone] = await ask<{ id: string }>(
      w.state,
      "SELECT id FROM ledger.anomaly WHERE state = 'resolved' ORDER BY id",
    );
    const held = await inProcess([
      'suppress',
      'add',
      '--anomaly',
      gone!.id,
      '--owner',
      '王',
      '--reason',
      '查',
      '--until',
      '2026-12-31',
      '--state',
      w.state,
    ]);
    expect(held.code).toBe(0);
    expect((await inProcess(['prune', '--keep-days', '1', '--state', w.state])).code).toBe(0);
    expect(await ask(w.state, `SELECT id FROM ledger.anomaly WHERE id = '${gone!.id}'`)).toHaveLength(1);
    expect(await ask(w.state, 'SELECT as_of FROM ledger.run')).toHaveLength(1);
    expect(await ask(w.state, 'SELECT seq FROM ledger.suppression')).toHaveLength(1);
    expect(existsSync(join(w.root, 'reports', '2026-02'))).toBe(true);
    expect((await inProcess(['prune', '--state', w.state])).code).toBe(2);
  });
});

test('everything that is made is for its owner alone, or for the group too', async () => {
  const { statSync } = await import('node:fs');
  const modes = (dir: string) =>
    new Set(readdirSync(dir, { recursive: true, withFileTypes: true }).map((e) => `${e.isDirectory() ? 'd' : 'f'} ${(statSync(join(e.parentPath, e.name)).mode & 0o777).toString(8)}`)); // biome-ignore format: one line
  for (const [flags, file, dir] of [
    [[], '600', '700'],
    [['--group-readable'], '640', '750'],
  ] as const) {
    const w = withState();
    expect((await bidui(runOf(w, '--state', w.state, ...flags))).code).toBe(0);
    expect(modes(w.out)).toEqual(new Set([`f ${file}`, `d ${dir}`]));
    expect((statSync(w.out).mode & 0o777).toString(8)).toBe(dir);
    expect((statSync(w.state).mode & 0o777).toString(8)).toBe(file);
    expect((statSync(`${w.state}.audit.jsonl`).mode & 0o777).toString(8)).toBe('600');
  }
});
