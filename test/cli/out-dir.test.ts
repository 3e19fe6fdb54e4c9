import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { asAnybody } from '../support/as-anybody.js';
import { inProcess, runOf } from './bidui.js';
import { refused, shown } from './refused.js';
import { contents, directory, type World, world, write } from './world.js';

const withOut = (w: World, out: string): World => ({ ...w, out });

describe('--out that cannot be written is refused before any work, with exit code 4:', () => {
  test('below a file', async () => {
    const w = world({ extracts: { 'file.csv': 'x' } });
    expect(await refused(withOut(w, join(w.input, 'file.csv', 'x')))).toContain('exit 4');
    const plain = world();
    write(plain.root, { file: 'x' });
    expect(await refused(withOut(plain, join(plain.root, 'file', 'x')))).toMatchInlineSnapshot(`
      "exit 4
      error: the reports cannot be written to <world>/file/x
        why: a part of the path is a file, not a directory
        fix: give another directory with --out, or make this one writable; earlier reports are untouched"
    `);
    expect(await refused(withOut(plain, join(plain.root, 'file')))).toMatchInlineSnapshot(`
      "exit 4
      error: --out <world>/file is a file, not a directory
        fix: give a new directory, or one that holds an earlier run"
    `);
  });

  // Not even root can make a directory there; Node's own `mkdir -p` never returns.
  test.runIf(existsSync('/proc/self'))('below /proc', async () => {
    const w = world();
    expect(await refused(withOut(w, '/proc/x'))).toMatchInlineSnapshot(`
      "exit 4
      error: the reports cannot be written to /proc/x
        why: no directory can be made there
        fix: give another directory with --out, or make this one writable; earlier reports are untouched"
    `);
    expect(await refused(withOut(w, '/proc/x/y/z'))).toContain('exit 4');
  });

  test('a directory of somebody else', async () => {
    const w = world();
    mkdirSync(join(w.root, 'closed'));
    chmodSync(join(w.root, 'closed'), 0o555);
    chmodSync(w.root, 0o755);
    const told = await asAnybody(() => inProcess(runOf(withOut(w, join(w.root, 'closed', 'out')))));
    expect(told.code).toBe(4);
    expect(told.err).toContain('this user may not write there');
    expect(readdirSync(join(w.root, 'closed'))).toEqual([]);
  });

  test('a name too long', async () => {
    const w = world();
    expect(await refused(withOut(w, join(w.root, '长'.repeat(100))))).toContain('the name is too long');
  });

  test('a link that leads nowhere', async () => {
    const w = world();
    symlinkSync(join(w.root, 'nowhere'), join(w.root, 'link'));
    expect(await refused(withOut(w, join(w.root, 'link')))).toContain('a link that leads nowhere, not a directory');
  });
});

describe('--out whose replacement would take something else with it is refused:', () => {
  test('the input directory, one that holds it, one within it', async () => {
    const w = world();
    expect(await refused(withOut(w, w.input))).toMatchInlineSnapshot(`
      "exit 4
      error: --out <world>/in is the input directory
        why: the directory is replaced as a whole, and what it holds would be lost
        fix: give a directory of its own, such as --out out/reports"
    `);
    expect(await refused(withOut(w, w.root))).toMatchInlineSnapshot(`
      "exit 4
      error: --out <world> holds the input directory, <world>/in
        why: the directory is replaced as a whole, and what it holds would be lost
        fix: give a directory of its own, such as --out out/reports"
    `);
    expect(await refused(withOut(w, join(w.input, 'out')))).toMatchInlineSnapshot(`
      "exit 4
      error: --out <world>/in/out lies in the input directory, <world>/in
        why: the next run would read these reports as extracts
        fix: give a directory of its own, such as --out out/reports"
    `);
  });

  test('also through a link', async () => {
    const w = world();
    symlinkSync(w.input, join(w.root, 'link'));
    expect(await refused(withOut(w, join(w.root, 'link')))).toContain('is the input directory');
    expect(await refused(withOut(w, join(w.root, 'link', 'out')))).toContain('lies in the input directory');
  });

  test('the root, the home and the working directory, the checks, the temporary directory', async () => {
    const w = world();
    expect(await refused(withOut(w, '/'))).toContain('--out / is the root of the file system');
    expect(await refused(withOut(w, homedir()))).toContain('is your home directory');
    expect(await refused(withOut(w, process.cwd()))).toContain('is the working directory');
    // Where the project lies in the directory for temporary files, the extracts lie there too and are named first.
    expect(await refused(withOut(w, join(process.cwd(), '..')))).toMatch(/holds the (working|input) directory/);
    expect(await refused(withOut(w, w.checks))).toContain('is the checks directory');
    expect(await refused(withOut(w, w.temp))).toContain('is the directory for intermediate data');
  });

  test('even if an earlier run has put its reports there', async () => {
    const w = world();
    write(w.input, { 'run.json': JSON.stringify({ bidui: '0.1.0', reports: ['run.json'] }) });
    expect(await refused(withOut(w, w.input))).toContain('is the input directory');
  });

  test('a directory of other files, whatever one of them is called', async () => {
    const w = world();
    const other = directory({ 'letter.docx': 'x', 'sub/a.txt': 'x' });
    expect(shown(await refused(withOut(w, other)), { ...w, root: other })).toMatchInlineSnapshot(`
      "exit 4
      error: --out <world> holds files that bidui did not write: letter.docx, sub
        why: the directory is replaced as a whole, and they would be lost
        fix: move them elsewhere, or give a new or empty directory"
    `);
    write(other, { 'run.json': '{"run": "of another program"}' });
    expect(await refused(withOut(w, other))).toContain('letter.docx, run.json, sub');
  });

  test('earlier reports beside which somebody has kept something', async () => {
    const w = world();
    expect((await inProcess(runOf(w))).code).toBe(0);
    write(w.out, { 'by-theme/核查意见.xlsx': 'x', 'Thumbs.db': 'x' });
    const before = contents(w.root);
    const told = await inProcess(runOf(w));
    expect(told.code).toBe(4);
    expect(told.err).toContain('holds files that bidui did not write: by-theme/核查意见.xlsx');
    expect(contents(w.root)).toEqual(before);
  });
});

describe('--out that can be written', () => {
  const siblings = (w: World) => readdirSync(w.root).sort();

  test('is replaced as a whole, and nothing lies beside it', async () => {
    const w = world();
    expect((await inProcess(runOf(w, '--format', 'json'))).code).toBe(0);
    expect(existsSync(join(w.out, 'anomalies.json'))).toBe(true);
    expect((await inProcess(runOf(w))).code).toBe(0);
    expect(existsSync(join(w.out, 'anomalies.json'))).toBe(false);
    expect(siblings(w)).toEqual(['checks', 'in', 'out', 'temp']);
    expect(readdirSync(w.temp)).toEqual([]);
  });

  test('is made with the directories above it, which go again if the run fails', async () => {
    const w = world({ extracts: { '企业登记_20260731.csv': '' } });
    const deep = withOut(w, join(w.root, 'a', 'b', 'out'));
    expect((await inProcess(runOf(deep))).code).toBe(3);
    expect(siblings(w)).toEqual(['checks', 'in', 'temp']);
    const good = world();
    expect((await inProcess(runOf(withOut(good, join(good.root, 'a', 'b', 'out'))))).code).toBe(0);
    expect(readdirSync(join(good.root, 'a', 'b'))).toEqual(['out']);
  });

  test('may be a link, or empty; its owner alone may read it, and whom he has let', async () => {
    const w = world();
    mkdirSync(join(w.root, 'real'));
    chmodSync(join(w.root, 'real'), 0o750);
    symlinkSync(join(w.root, 'real'), w.out);
    expect((await inProcess(runOf(w))).code).toBe(0);
    expect(existsSync(join(w.root, 'real', 'anomalies.csv'))).toBe(true);
    // As it was, and its owner's alone where it was not.
    expect(statSync(join(w.root, 'real')).mode & 0o777).toBe(0o750);
    rmSync(w.out);
    expect((await inProcess(runOf(w))).code).toBe(0);
    expect(statSync(w.out).mode & 0o777).toBe(0o700);
  });

  test('gets back the reports of a run that was killed while it put them there', async () => {
    const w = world({ extracts: { '企业登记_20260731.csv': '' } });
    mkdirSync(join(w.root, '.out.bidui-old'));
    writeFileSync(join(w.root, '.out.bidui-old', 'run.json'), '{"bidui": "0.1.0", "reports": ["run.json"]}');
    expect((await inProcess(runOf(w))).code).toBe(3);
    expect(readdirSync(w.out)).toEqual(['run.json']);
    expect(siblings(w)).toEqual(['checks', 'in', 'out', 'temp']);
  });
});

test('the system’s temporary directory is not taken for reports', async () => {
  const w = world();
  expect(await refused(withOut(w, tmpdir()))).toContain('exit 4');
});
