import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BIN, bidui, runOf } from './bidui.js';
import { withEarlierReports } from './refused.js';
import { contents, EXTRACTS, type World, world } from './world.js';

/** What only a process of its own can show. `npm test` builds `dist` beforehand. */

describe('the executable', () => {
  test('runs, writes the summary to stdout and progress to stderr', async () => {
    const w = world();
    const told = await bidui(runOf(w));
    expect(told.code).toBe(0);
    expect(told.out).toContain('3 户企业，3 条规则，发现疑似异常 6 条，涉及 2 户');
    expect(told.err).toContain('ingest …');
    expect(told.out + told.err).not.toContain('\u001b');
    expect(readdirSync(w.root).sort()).toEqual(['checks', 'in', 'out', 'temp']);
    expect(readdirSync(w.temp)).toEqual([]);
  });

  test('answers each kind of fault with its exit code', async () => {
    const w = world();
    expect((await bidui(['--version'])).code).toBe(0);
    expect((await bidui(runOf(w, '--fail-on', 'red'))).code).toBe(1);
    expect((await bidui(runOf(w, '--as-of', 'tomorrow'))).code).toBe(2);
    expect((await bidui(runOf(world({ extracts: { '企业登记_20260731.csv': '' } })))).code).toBe(3);
    expect((await bidui(runOf(w, '--out', w.input))).code).toBe(4);
    expect((await bidui(runOf(w, '--memory', '1KB'))).code).toBe(5);
  });

  test('refuses the directory it was started in', async () => {
    const w = world();
    mkdirSync(w.out);
    const told = await bidui(runOf(w, '--out', '.'), { cwd: w.out });
    expect([told.code, told.err]).toEqual([4, expect.stringContaining('--out . is the working directory')]);
  });

  test('takes a reader that has seen enough for no fault', async () => {
    const w = world();
    const child = spawn(process.execPath, [BIN, ...runOf(w)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let err = '';
    child.stderr.on('data', (text) => {
      err += text;
    });
    const code = await new Promise((done) => child.on('close', done));
    expect(err).not.toMatch(/EPIPE|^\s+at /m);
    expect(code).toBe(0);
    expect(readdirSync(w.out)).toContain('run.json');
  });

  test('colours nothing for a pipe, unless it is told to', async () => {
    const told = (env: NodeJS.ProcessEnv) => bidui(['run', 'nowhere', '--as-of', 'x', '--out', 'y'], { env });
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'xterm-256color' }, { NO_COLOR: '1', FORCE_COLOR: '1' }])
      expect((await told(env)).err).toMatch(/^error: /);
    expect((await told({ FORCE_COLOR: '1' })).err).toContain('\u001b[31merror');
  });

  test('two runs at once to the same place end with the whole reports of one of them', async () => {
    const w = world();
    const told = await Promise.all([bidui(runOf(w)), bidui(runOf(w)), bidui(runOf(w))]);
    expect(told.map((t) => t.code)).toEqual([0, 0, 0]);
    expect(readdirSync(w.root).sort()).toEqual(['checks', 'in', 'out', 'temp']);
    expect(readdirSync(w.out)).toContain('run.json');
  });
});

/** Long enough to be interrupted at any stage. */
function longWorld(): World {
  const rows = Array.from({ length: 100_000 }, (_, i) => `P${i},,某公司${i},张三,2025-06-30,100`).join('\n');
  return withEarlierReports(world({ extracts: { '许可证.csv': `${EXTRACTS['许可证.csv']}${rows}\n` } }));
}

const left = (w: World) => [...readdirSync(w.root), ...readdirSync(w.temp)].sort();
const CLEAN = ['checks', 'in', 'out', 'temp'];

describe('a run that is interrupted', () => {
  test.each([
    ['SIGINT', 'ingest …'],
    ['SIGINT', 'compare …'],
    ['SIGTERM', 'ingest …'],
    ['SIGHUP', 'compare …'],
  ] as const)('by %s at "%s" leaves everything as it was', async (signal, stage) => {
    const w = longWorld();
    const before = contents(w.root);
    const told = await bidui(runOf(w), {
      watch: (child, err) => {
        if (err.includes(stage)) child.kill(signal);
      },
    });
    // By the signal itself: the shell and job schedulers tell an interruption from a fault by that.
    expect([told.code, told.signal]).toEqual([null, signal]);
    expect(told.err).toContain('interrupted: nothing was written, earlier reports are as they were');
    expect(contents(w.root)).toEqual(before);
    expect(left(w)).toEqual(CLEAN);
  });

  test('by SIGKILL leaves the earlier reports, and the next run clears what it could not', async () => {
    const w = longWorld();
    const told = await bidui(runOf(w), {
      watch: (child, err) => {
        if (err.includes('compare …')) child.kill('SIGKILL');
      },
    });
    expect(told.signal).toBe('SIGKILL');
    expect(left(w).length).toBeGreaterThan(CLEAN.length);
    expect([...contents(w.out).keys()]).toEqual(['anomalies.csv', 'run.json']);
    expect((await bidui(runOf(w, '--theme', 'people'))).code).toBe(0);
    expect(left(w)).toEqual(CLEAN);
    expect(readdirSync(w.out)).toContain('outcomes.csv');
  });

  test('on another machine is cleared only when nobody can still be at it', async () => {
    const w = world();
    const mine = hostname().replace(/[^a-z0-9]/gi, '_');
    const living = `.out.bidui-new-${mine}-${process.ppid}`;
    const [fresh, old] = ['.out.bidui-new-elsewhere-1', '.out.bidui-new-elsewhere-2'];
    for (const name of [living, fresh, old]) mkdirSync(join(w.root, name));
    utimesSync(join(w.root, old), new Date(0), new Date(0));
    expect((await bidui(runOf(w))).code).toBe(0);
    expect(readdirSync(w.root).sort()).toEqual([fresh, living, ...CLEAN].sort());
  });
});
