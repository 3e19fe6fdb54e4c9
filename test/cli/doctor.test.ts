import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { inProcess } from './bidui.js';
import { contents, EXTRACTS, world, write } from './world.js';

const start = process.cwd();
afterEach(() => process.chdir(start));

const PROJECT = `version: 1
checks: checks
state: state/bidui.duckdb
sources: { input: in }
reports: { out: out, lang: en }
limits: { temp_dir: temp }
`;

interface Finding {
  area: string;
  level: string;
  what: string;
  where?: string;
  fix?: string;
  exit?: number;
}

function broken(
  o: { project?: string; extracts?: Record<string, string | Uint8Array | null>; checks?: Record<string, string> } = {},
) {
  const w = world({ extracts: o.extracts, checks: o.checks });
  write(w.root, { 'bidui.yaml': o.project ?? PROJECT });
  process.chdir(w.root);
  return w;
}

async function doctor(...more: string[]): Promise<{ code: number | null; findings: Finding[] }> {
  const told = await inProcess(['doctor', '--format', 'json', ...more]);
  const { exit, findings } = JSON.parse(told.out) as { exit: number; findings: Finding[] };
  expect(told.code).toBe(exit);
  return { code: told.code, findings };
}

const errors = (all: Finding[]) => all.filter((f) => f.level === 'error');

test('a sound world is sound, and is left as it is', async () => {
  const w = broken();
  const before = contents(w.root);
  const { code, findings } = await doctor('--as-of', '2026-07-31');
  expect(errors(findings)).toEqual([]);
  expect(code).toBe(0);
  expect(findings.find((f) => f.where === '企业登记_20260731.csv')).toMatchObject({
    ...{ level: 'ok', what: 'Registry: utf-8 (valid UTF-8 throughout); 6 columns read; of 2026-07-31' },
  });
  expect(contents(w.root)).toEqual(before);
});

test('text for people, in the language of the reports', async () => {
  broken({ extracts: { '人员.csv': null } });
  const told = await inProcess(['doctor']);
  expect(told.code).toBe(0);
  expect(told.out).toMatch(
    /\[warning\] Staff \(staff, optional\) has no file: its checks will be 'not comparable'\n {9}→ add a file named like 人员\*/,
  );
  expect((await inProcess(['doctor', '--lang', 'zh'])).out).toContain(
    '人员名单（staff，可选）未到数，涉及的规则将为“无法比对”',
  );
});

test('a project file that cannot be read does not keep the rest from being looked at', async () => {
  broken({ project: 'version: 1\nstat: x\n' });
  const { code, findings } = await doctor('in', '--checks', 'checks', '--temp-dir', 'temp');
  expect(code).toBe(2);
  expect(errors(findings)).toEqual([
    expect.objectContaining({
      area: 'project',
      where: 'bidui.yaml:2:1',
      what: "unknown key 'stat'",
      fix: "did you mean 'state'?",
    }),
  ]);
  expect(findings.some((f) => f.where === '许可证.csv')).toBe(true);
});

test.each([
  ['a required extract is missing', { '企业登记_20260731.csv': null }, 3, 'no file for the required source'],
  ['a required column is missing', { '企业登记_20260731.csv': 'a,b\n1,2\n' }, 3, '3 required columns are missing'],
  [
    'two extracts of one day',
    { '企业登记_2_20260731.csv': EXTRACTS['企业登记_20260731.csv']! },
    3,
    'two files for one source',
  ],
  ['no text', { '许可证.csv': new Uint8Array(5000) }, 3, 'Permits: '],
  ['an old workbook', { '许可证.xls': new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0, 0]) }, 3, 'old Excel workbook'],
  ['a web page', { '许可证.csv': '<html><table></table></html>' }, 3, 'this is a web page'],
])('%s', async (_, extracts, exit, what) => {
  broken({ extracts });
  const { code, findings } = await doctor();
  expect(code).toBe(exit);
  expect(
    errors(findings)
      .map((f) => f.what)
      .join(),
  ).toContain(what);
});

test('encodings, unknown columns, old extracts', async () => {
  const gbk = Buffer.from('d0edbfc9d6a4b1e0bac52cb1b8d7a20a50312cb2e2cad40a', 'hex');
  broken({
    extracts: { '许可证.csv': null, '许可证_20240131.csv': gbk },
    checks: { 'guards.yaml': 'every_source: { freshness: { max_age_days: 45, action: warn } }\n' },
  });
  const { findings } = await doctor('--as-of', '2026-07-31');
  const permit = findings.find((f) => f.where === '许可证_20240131.csv');
  expect(permit?.level).toBe('warning');
  expect(permit?.what).toMatch(/^Permits: gb18030 \(not UTF-8 at byte 0 \(line 1\); valid GB18030/);
  expect(permit?.what).toContain('unknown columns: 备注');
  expect(permit?.what).toContain('the extract is of 2024-01-31, 912 days before the as-of day (at most 45)');
});

test('of a large extract the head alone is read', async () => {
  const rows = Array.from({ length: 60_000 }, (_, i) => `P${i},,单位${i},张三,2027-01-01,1`).join('\n');
  broken({ extracts: { '许可证.csv': `${EXTRACTS['许可证.csv']!.split('\n')[0]}\n${rows}\n` } });
  const { findings } = await doctor();
  expect(findings.find((f) => f.where === '许可证.csv')?.what).toContain(
    'utf-8 (valid UTF-8 throughout; first 256 KB); 6 columns read',
  );
});

test('checks and parameters with faults', async () => {
  const w = broken({ project: `${PROJECT}params: p.yaml\n` });
  write(w.root, { 'p.yaml': 'params: { grace_day: 3 }\n' });
  expect((await doctor()).findings).toContainEqual(
    expect.objectContaining({ area: 'checks', exit: 2, where: 'p.yaml:1:11', fix: "did you mean 'grace_days'?" }),
  );
  broken({ checks: { 'codes/status.yaml': 'codes: status\n' } });
  expect((await doctor()).code).toBe(2);
});

test("the park's rules of who sees what are looked at as a run would", async () => {
  const w = broken({ project: PROJECT.replace('out: out', 'out: out, masking: m.yaml') });
  write(w.root, { 'm.yaml': 'rules:\n  - of: [staff.nmae]\n    do: omit\n' });
  const misspelt = await doctor();
  expect(misspelt.code).toBe(2);
  expect(errors(misspelt.findings)).toEqual([
    expect.objectContaining({
      area: 'project',
      exit: 2,
      where: 'm.yaml:2:10',
      what: expect.stringContaining('staff.nmae'),
    }),
  ]);
  write(w.root, { 'm.yaml': 'rules:\n  - of: [personal]\n    do: omit\n' });
  expect((await doctor()).code).toBe(0);
});

test('a ledger that is none, and one of later nights', async () => {
  const w = broken();
  write(w.root, { 'state/bidui.duckdb': 'not a database, by no means' });
  const none = await doctor();
  expect(errors(none.findings)[0]).toMatchObject({
    area: 'state',
    exit: 3,
    what: expect.stringContaining('cannot be opened'),
  });
  const later = broken();
  expect((await inProcess(['run', '--as-of', '2026-07-31'])).code).toBe(0);
  expect((await doctor('--as-of', '2026-07-31')).findings).toContainEqual(
    expect.objectContaining({
      area: 'state',
      level: 'ok',
      what: 'the ledger can be used; its last night is 2026-07-31',
    }),
  );
  expect((await doctor('--as-of', '2026-07-01')).code).toBe(2);
  expect(readFileSync(join(later.root, 'bidui.yaml'), 'utf8')).toBe(PROJECT);
});

test('directories that cannot be', async () => {
  const w = broken({
    project: PROJECT.replace('out: out', 'out: bidui.yaml/reports').replace(
      'temp_dir: temp',
      'temp_dir: temp, memory: 900TB',
    ),
  });
  const { code, findings } = await doctor();
  expect(errors(findings).map((f) => [f.area, f.exit])).toEqual([
    ['places', 4],
    ['room', 5],
  ]);
  expect(code).toBe(4);
  if (process.getuid?.() === 0) return;
  mkdirSync(join(w.root, 'locked'));
  chmodSync(join(w.root, 'locked'), 0o500);
  expect((await doctor('--out', 'locked/out')).code).toBe(4);
});
