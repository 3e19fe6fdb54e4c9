import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { ANOMALY_COLUMNS } from '../../src/report/anomaly-columns.js';
import { MACHINE_COLUMNS, SCHEMA_VERSION } from '../../src/report/machine/columns.js';
import { inProcess, runOf } from '../cli/bidui.js';
import { type World, world } from '../cli/world.js';
import { csvRows, json } from './read.js';

let w: World;
let db: DuckDb;
beforeAll(async () => {
  w = world();
  expect((await inProcess(runOf(w, '--format', 'parquet,arrow,ndjson'))).code).toBe(0);
  db = await DuckDb.open();
});
afterAll(() => db.close());

type Row = Record<string, unknown>;
const lines = (): Row[] =>
  readFileSync(join(w.out, 'anomalies.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((l) => JSON.parse(l) as Row);
const parquet = () => `read_parquet('${join(w.out, 'anomalies.parquet')}')`;
const arrow = () => tableFromIPC(readFileSync(join(w.out, 'anomalies.arrow')));

test('Parquet, Arrow and NDJSON say the same of every anomaly, in their own types', async () => {
  const ndjson = lines();
  expect(ndjson).toHaveLength(6);
  expect(await db.rows(`SELECT * FROM ${parquet()}`)).toEqual(ndjson);
  const plain = (x: unknown, type: string) =>
    typeof x === 'bigint'
      ? Number(x)
      : type === 'date' && x !== null
        ? new Date(x as number).toISOString().slice(0, 10)
        : x;
  const rows = arrow()
    .toArray()
    .map((r) => {
      const row = r.toJSON() as Row;
      return Object.fromEntries(MACHINE_COLUMNS.map((c) => [c.id, plain(row[c.id], c.type)]));
    });
  expect(rows).toEqual(ndjson);
});

test('and the same as the CSV, whose words they keep', () => {
  const shown = (x: unknown) => (x === null ? '' : String(x));
  const plain = (cell: string) => cell.replace(/^[\t'](?=[=0-9])/, '');
  const same = ANOMALY_COLUMNS.filter((c) => MACHINE_COLUMNS.find((m) => m.id === c.id)?.type !== 'bool');
  expect(lines().map((r) => same.map((c) => shown(r[c.id])))).toEqual(
    csvRows(w.out, 'anomalies.csv').map((r) => same.map((c) => plain(r[c.title.zh] as string))),
  );
});

test('types are what they are: days are dates, rows are integers, yes and no are booleans', async () => {
  const types = new Map(
    (await db.rows<{ column_name: string; column_type: string }>(`DESCRIBE SELECT * FROM ${parquet()}`)).map((r) => [
      r.column_name,
      r.column_type,
    ]),
  );
  expect([...types.keys()]).toEqual(MACHINE_COLUMNS.map((c) => c.id));
  const sql = { text: 'VARCHAR', date: 'DATE', int: 'BIGINT', bool: 'BOOLEAN' };
  for (const c of MACHINE_COLUMNS) expect([c.id, types.get(c.id)]).toEqual([c.id, sql[c.type]]);
  const ipc = { text: 'Utf8', date: 'Date32<DAY>', int: 'Int64', bool: 'Bool' };
  for (const f of arrow().schema.fields) {
    const type = MACHINE_COLUMNS.find((c) => c.id === f.name)!.type;
    expect([f.name, String(f.type)]).toEqual([f.name, ipc[type]]);
  }
  expect(lines()[0]).toMatchObject({ as_of: '2026-07-31', a_row: expect.any(Number), suppressed: false, known: null });
});

test('each file bears the version of its schema', async () => {
  const told = await db.rows<{ key: string; value: string }>(
    `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata('${join(w.out, 'anomalies.parquet')}')`,
  );
  const meta = Object.fromEntries(told.map((r) => [r.key, r.value]));
  expect(meta).toMatchObject({
    'bidui.schema_version': SCHEMA_VERSION,
    'bidui.as_of': '2026-07-31',
    'bidui.lang': 'zh',
  });
  expect(Object.fromEntries(arrow().schema.metadata)).toEqual(meta);
  expect(json(w.out, 'anomalies.schema.json').$id).toBe(`urn:bidui:schema:anomaly:${SCHEMA_VERSION}`);
});

test('every line of NDJSON is valid by the schema that lies beside it, and a wrong one is not', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile(json(w.out, 'anomalies.schema.json'));
  for (const row of lines()) expect([validate(row), validate.errors]).toEqual([true, null]);
  for (const wrong of [{ as_of: '31/07/2026' }, { a_row: '3' }, { suppressed: '' }, { uscc: null }])
    expect(validate({ ...lines()[0], ...wrong })).toBe(false);
});

test('a run without an anomaly writes tables with columns and without rows', async () => {
  const none = world({ extracts: { '许可证.csv': null, '人员.csv': null } });
  expect((await inProcess(runOf(none, '--format', 'parquet,arrow,ndjson'))).code).toBe(0);
  expect(readFileSync(join(none.out, 'anomalies.ndjson'), 'utf8')).toBe('');
  const table = tableFromIPC(readFileSync(join(none.out, 'anomalies.arrow')));
  expect([table.numRows, table.schema.fields.length]).toEqual([0, MACHINE_COLUMNS.length]);
  expect(await db.rows(`SELECT * FROM read_parquet('${join(none.out, 'anomalies.parquet')}')`)).toEqual([]);
});

test('docs/formats.md names every column with its type', () => {
  const doc = readFileSync('docs/formats.md', 'utf8');
  for (const c of MACHINE_COLUMNS)
    expect(doc).toContain(
      `| \`${c.id}\` | ${c.type} | ${c.always ? '' : 'may be null'} | ${c.title.zh} · ${c.title.en} |`,
    );
  expect(doc).toContain(`**Schema version**: \`${SCHEMA_VERSION}\``);
});
