import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry } from '../../src/ledger/audit/entry.js';
import { append, type Head, readAudit } from '../../src/ledger/audit/log.js';
import { verify } from '../../src/ledger/audit/verify.js';
import { inProcess, runOf } from '../cli/bidui.js';
import { A, directory, world } from '../cli/world.js';

function log(entries: number): { state: string; path: string; head: Head; lines: string[] } {
  const state = join(directory(), 'ledger.duckdb');
  let head: Head | undefined;
  for (let i = 0; i < entries; i++) head = append(state, 'feedback', { n: i, text: `第${i}条 "x"\n` });
  const path = `${state}.audit.jsonl`;
  return { state, path, head: head!, lines: readFileSync(path, 'utf8').trimEnd().split('\n') };
}

const put = (path: string, lines: readonly string[]) => writeFileSync(path, lines.map((l) => `${l}\n`).join(''));

test('an untouched log is whole; its entries say who, when and what', () => {
  const l = log(20);
  expect(verify(l.state, l.head)).toMatchObject({ entries: 20, faults: [], notes: [], head: l.head.hash });
  const first = JSON.parse(l.lines[0]!) as Entry;
  expect(first).toMatchObject({ seq: 1, act: 'feedback', details: { n: 0 }, pid: process.pid });
  expect(statSync(l.path).mode & 0o777).toBe(0o600);
  expect(statSync(l.path).size).toBe(l.head.bytes);
});

test('whatever is changed, removed, put in, moved or cut off is found', () => {
  const l = log(12);
  const index = fc.nat(11);
  const tampering = fc.oneof(
    fc.tuple(fc.constant('change'), index, fc.nat(200)),
    fc.tuple(fc.constant('remove'), index, fc.nat(200)),
    fc.tuple(fc.constant('swap'), fc.nat(10), fc.nat(200)),
    fc.tuple(fc.constant('repeat'), index, fc.nat(200)),
    fc.tuple(fc.constant('cut'), index, fc.nat(200)),
  );
  fc.assert(
    fc.property(tampering, ([how, i, at]) => {
      const lines = [...l.lines];
      const line = lines[i]!;
      if (how === 'change') {
        const k = at % line.length;
        lines[i] = line.slice(0, k) + (line[k] === '7' ? '8' : '7') + line.slice(k + 1);
      }
      if (how === 'remove') lines.splice(i, 1);
      if (how === 'swap') [lines[i], lines[i + 1]] = [lines[i + 1]!, lines[i]!];
      if (how === 'repeat') lines.splice(i, 0, line);
      if (how === 'cut') lines.length = i;
      put(l.path, lines);
      const { faults } = verify(l.state, l.head);
      put(l.path, l.lines);
      return faults.length > 0;
    }),
    { numRuns: 400, seed: 6 },
  );
});

test('a log that was written anew from its beginning is found by the head that the ledger keeps', () => {
  const [l, other] = [log(5), log(5)];
  writeFileSync(l.path, readFileSync(other.path));
  expect(verify(l.state, undefined).faults).toEqual([]);
  expect(verify(l.state, l.head).faults[0]?.what).toContain('the log was written anew');
});

test('a line that was never finished is no fault; the next entry takes its place and says so', () => {
  const l = log(3);
  writeFileSync(l.path, `${l.lines.join('\n')}\n{"seq":4,"at":"20`);
  expect(verify(l.state, l.head)).toMatchObject({ faults: [], notes: [expect.stringContaining('never finished')] });
  const head = append(l.state, 'pruned', {});
  expect(verify(l.state, head)).toMatchObject({ entries: 4, faults: [] });
  expect(readAudit(l.state)?.lines.at(-1)).toMatch(/"torn_bytes_removed":1[78]\b/);
});

test('a long entry, and a log of one, are found from the end', () => {
  const state = join(directory(), 's');
  append(state, 'run', { long: 'x'.repeat(300_000) });
  const head = append(state, 'run_ended', { long: '长'.repeat(100_000) });
  expect(verify(state, head)).toMatchObject({ entries: 2, faults: [] });
});

test('who ran, unmasked, suppressed and fed back stands in it, failed runs too; `audit verify` believes it until it is touched', async () => {
  const w = world();
  const state = join(w.root, 'ledger.duckdb');
  const path = `${state}.audit.jsonl`;
  const said = async (...argv: string[]) => inProcess([...argv, '--state', state]);
  expect((await inProcess(runOf(w, '--state', state, '--unmasked'))).code).toBe(0);
  expect((await inProcess(runOf(w, '--state', state, '--as-of', '2026-07-30'))).code).toBe(2);
  const suppressed = await said(
    'suppress',
    'add',
    '--enterprise',
    A,
    '--owner',
    '王五',
    '--reason',
    '核查中',
    '--until',
    '2026-12-31',
  );
  expect(suppressed.code).toBe(0);
  expect((await said('suppress', 'end', '1', '--on', '2026-08-01', '--by', '王五')).code).toBe(0);
  expect((await said('prune', '--keep-days', '30')).code).toBe(0);
  expect(
    (
      await inProcess([
        'dossier',
        A,
        '--input',
        w.input,
        '--as-of',
        '2026-07-31',
        '--checks',
        w.checks,
        '--state',
        state,
        '--unmasked',
      ])
    ).code,
  ).toBe(0);

  const list = JSON.parse((await said('audit', 'list', '--format', 'json')).out) as Entry[];
  expect(list.map((e) => e.act)).toEqual([
    ...['run', 'unmasked', 'run_ended', 'run', 'run_ended', 'suppressed', 'suppression_ended', 'pruned', 'unmasked'],
  ]);
  expect(list[4]?.details).toMatchObject({ outcome: 'failed', exit: 2 });
  const good = await said('audit', 'verify');
  expect([good.code, good.out]).toEqual([0, expect.stringContaining('9 entries, each follows from the one before it')]);

  const runs = JSON.parse((await said('runs', '--format', 'json')).out) as {
    run: string;
    outcome: string;
    end: { files: object[] };
  }[];
  expect(runs.map((r) => r.outcome)).toEqual(['ok', 'failed']);
  expect(runs[0]?.end.files).toHaveLength(3);
  const shown = await said('runs', 'show', runs[0]!.run);
  expect(shown.out).toContain('企业登记_20260731.csv');
  expect(shown.out).toContain('"red":');
  expect((await said('runs', 'show', 'nonsense')).code).toBe(2);
  expect((await said('runs')).out).toContain(runs[1]!.run);

  // The last entry is cut off: only the ledger can tell. The next command that writes says so too, and it is never forgotten.
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  put(path, lines.slice(0, -1));
  const cut = await said('audit', 'verify');
  expect([cut.code, cut.err]).toEqual([3, expect.stringContaining('the last 1 were cut off')]);
  const next = await said(
    'suppress',
    'add',
    '--enterprise',
    A,
    '--owner',
    '王五',
    '--reason',
    '又',
    '--until',
    '2026-12-31',
  );
  expect([next.code, next.err]).toEqual([0, expect.stringContaining('does not hold what the ledger knows of it')]);
  expect((await said('audit', 'verify')).code).toBe(3);
});

test('what cannot be told in the log is not done', async () => {
  const w = world();
  const state = join(w.root, 'ledger.duckdb');
  expect((await inProcess(runOf(w, '--state', state))).code).toBe(0);
  const path = `${state}.audit.jsonl`;
  rmSync(path);
  // A directory in its place: root may write everywhere else.
  const { mkdirSync } = await import('node:fs');
  mkdirSync(path);
  chmodSync(path, 0o500);
  const before = readFileSync(join(w.out, 'run.json'), 'utf8');
  const told = await inProcess(runOf(w, '--state', state, '--unmasked'));
  expect([told.code, told.err]).toEqual([4, expect.stringContaining('ledger.duckdb.audit.jsonl cannot be written')]);
  expect(readFileSync(join(w.out, 'run.json'), 'utf8')).toBe(before);
});
