import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { inProcess } from '../cli/bidui.js';
import { directory } from '../cli/world.js';

/** The pilot's extracts through two nights; on the second, one of them is careless. */

const root = directory();
const state = join(root, 'good.duckdb');

async function run(name: string, input: string, asOf: string, ledger: string) {
  const out = join(root, name);
  const told = await inProcess(['run', input, '--format', 'csv', '--as-of', asOf, '--out', out, '--state', ledger]);
  const ids = readFileSync(join(out, 'anomalies.csv'), 'utf8').match(/"[A-Z]{2}-\d+-[0-9A-F]{12}"/g) ?? [];
  return { ...told, ids: new Set(ids), summary: JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) };
}

let clean: Awaited<ReturnType<typeof run>>;
beforeAll(async () => {
  const first = await run('first', 'fixtures/pilot', '2026-07-31', state);
  expect(first.summary.guards).toEqual({ with_history: true, stopped: [], held: [], findings: [] });
  cpSync(state, join(root, 'clean.duckdb'));
  clean = await run('clean', 'fixtures/pilot', '2026-08-01', join(root, 'clean.duckdb'));
  // The readings are of the day before: to the checks on devices offline, all of them are. Nothing else is doubted.
  expect(clean.code).toBe(6);
  expect(clean.summary.guards.held.map((h: { check: string }) => h.check).sort()).toEqual(['CC-06', 'WR-05']);
  expect(clean.summary.guards.findings).toHaveLength(2);
});

/** The same night with one extract changed: what is told that the sound extracts did not tell. */
async function careless(name: string, file: string, encoding: string, change: (rows: string[][]) => string[][]) {
  const input = join(root, `in-${name}`);
  cpSync('fixtures/pilot', input, { recursive: true });
  const text = new TextDecoder(encoding).decode(readFileSync(join(input, file)));
  const rows = text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => line.split(','));
  writeFileSync(
    join(input, file),
    change(rows)
      .map((r) => `${r.join(',')}\n`)
      .join(''),
  );
  const ledger = join(root, `${name}.duckdb`);
  cpSync(state, ledger);
  const night = await run(name, input, '2026-08-01', ledger);
  return { ...night, falsely: [...night.ids].filter((id) => !clean.ids.has(id)) };
}

test('discharge permits cut to their half', async () => {
  const told = await careless('half', '排污许可证.csv', 'gb18030', (rows) => rows.slice(0, Math.ceil(rows.length / 2)));
  expect(told.summary.guards.stopped).toEqual(['discharge_permit']);
  expect(told.code).toBe(6);
  expect(told.falsely).toEqual([]);
  // What the clean night found resolved may be so; nothing else is.
  expect(told.summary.ledger.resolved).toBeLessThanOrEqual(clean.summary.ledger.resolved);
  expect(told.summary.ledger.not_comparable).toBeGreaterThan(0);
});

test('every discharge permit six years too early', async () => {
  const told = await careless('shifted', '排污许可证.csv', 'gb18030', (rows) => {
    // Title, filler and header come first.
    const column = rows[2]!.indexOf('有效期限');
    const earlier = (cell: string) => cell.replace(/20\d\d/g, (year) => String(Number(year) - 6));
    return rows.map((r, i) => (i < 3 ? r : r.map((cell, k) => (k === column ? earlier(cell) : cell))));
  });
  expect(told.summary.guards.held.map((h: { check: string }) => h.check)).toContain('PW-02');
  expect(told.code).toBe(6);
  expect(told.falsely.filter((id) => id.startsWith('"PW-02'))).toEqual([]);
  expect(told.falsely.length).toBeLessThan(20);
});

test('names and codes of the tax registration swapped', async () => {
  const told = await careless('swapped', '纳税人登记_20260731.csv', 'utf-8', ([header, ...rows]) => {
    const at = (name: RegExp) => header!.findIndex((h) => name.test(h));
    const [code, name] = [at(/信用代码/), at(/名称/)];
    const swapped = [...header!];
    [swapped[code], swapped[name]] = [header![name]!, header![code]!];
    return [swapped, ...rows];
  });
  expect(told.summary.guards.stopped).toEqual(['tax_registration']);
  expect(told.code).toBe(6);
  expect(told.falsely).toEqual([]);
});

test('what ingest found wrong with a source is not resolved by its absence', async () => {
  // A credit code in the list of abnormal enterprises cannot be read: ZT-01 tells of it, from the built-in source.
  const argv = (input: string, out: string) => [
    'run',
    '--format',
    'csv',
    input,
    '--as-of',
    '2026-08-01',
    '--out',
    join(root, out),
    '--theme',
    'entity_status',
  ];
  const input = join(root, 'in-absent');
  cpSync('fixtures/pilot', input, { recursive: true, filter: (path) => !path.includes('经营异常名录') });
  const ledger = join(root, 'absent.duckdb');
  cpSync(state, ledger);
  await inProcess([...argv(input, 'absent'), '--state', ledger]);
  const told = (out: string) =>
    readFileSync(join(root, out, 'followed.csv'), 'utf8')
      .split('\r\n')
      .filter((l) => l.includes('abnormal_list / '));
  expect(told('absent')).toHaveLength(1);
  expect(told('absent')[0]).toContain('"无法比对","数据源本次未到"');

  const stopped = join(root, 'stopped.duckdb');
  cpSync(state, stopped);
  const guards = 'guards: { sources: { abnormal_list: { quarantined: { at_most: 0, min_rows: 1, action: stop } } } }';
  writeFileSync(join(root, 'bidui.yaml'), `version: 1\n${guards}\n`);
  const night = await inProcess([
    ...argv('fixtures/pilot', 'stopped'),
    '--state',
    stopped,
    '--project',
    join(root, 'bidui.yaml'),
  ]);
  expect(night.code).toBe(6);
  expect(told('stopped')[0]).toContain('"无法比对","数据源本次未到"');
});
