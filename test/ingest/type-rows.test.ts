import { expect, test } from 'vitest';
import type { Contract } from '../../src/config/contract.js';
import { duckdb as d } from '../../src/engine/duckdb/dialect.js';
import type { FileColumn } from '../../src/ingest/columns.js';
import { type Portion, typedRows } from '../../src/ingest/type-rows.js';
import { ValueTables } from '../../src/ingest/value-tables.js';
import { valueTypes } from '../../src/values/index.js';
import { csv, load, REGISTRY } from './load-harness.js';

const column = (id: string, type: string, o: Partial<FileColumn>): FileColumn => ({
  ...{ cell: `c_${id}`, kind: type, options: {}, plain: undefined, state: 'mixed', full: false },
  f: {
    id,
    field: { title: { zh: id, en: id }, type } as FileColumn['f']['field'],
    type: valueTypes[type]!,
    options: {},
  },
  ...o,
});

test('who asks for a column pays for no other: neither its lookup nor what is derived from it', () => {
  const values = new ValueTables('values', d);
  const plain = column('id', 'text', {
    state: 'plain',
    full: true,
    plain: { test: () => 'TRUE', value: (x) => x },
  });
  const columns = [plain, column('place', 'address', {}), column('name', 'name', {})];
  for (const c of columns) values.add('raw.f', c);
  const contract = { source: 's', key: ['id'], fields: {} } as unknown as Contract;
  const fields = columns.map((c) => c.f);
  const rows = typedRows(d, contract, fields, [{ index: 0, raw: 'raw.f', rows: 3, columns }], values, 250_000);
  expect(rows.select(['id', '_file', '_row'])).not.toContain('JOIN');
  expect(rows.select(['name__key']).match(/JOIN/g)).toHaveLength(1);
  expect(rows.select(['place', 'place__parts', 'name', '_why']).match(/JOIN/g)).toHaveLength(2);
  expect([...rows.full]).toEqual(['id']);
});

test('of many texts, those are built up that occur in the rows', async () => {
  const values = new ValueTables('values', d);
  const place = column('place', 'address', {});
  values.add('raw.f', place);
  const contract = { source: 's', key: ['id'], fields: {} } as unknown as Contract;
  const joined = (texts: number, rows: number, portion?: Portion) => {
    Object.assign(values.of(place), { texts });
    const files = [{ index: 1, raw: 'raw.f', rows, columns: [place] }];
    return typedRows(d, contract, [place.f], files, values, 250_000).select(['place'], portion);
  };
  const occurring = 'raw IN (SELECT c_place FROM';
  expect(joined(2_000_000, 5000)).toContain(`${occurring} raw.f AS o)`);
  expect(joined(2_000_000, 1_000_000)).not.toContain(occurring);
  const portion = { file: 1, from: 0, to: 249_999 };
  expect(joined(2_100_000, 1_000_000, portion)).toContain(
    `${occurring} (SELECT * FROM raw.f WHERE _row >= 0 AND _row <= 249999) AS o)`,
  );
  expect(joined(50_000, 5000)).not.toContain(occurring);
});

test('nothing is left of what rows passed through', async () => {
  const { rows } = await load({
    'enterprise.csv': REGISTRY,
    'tax.csv': csv(['税务登记号', '营业收入'], ['T1', '约'], ['T1', '2'], ['', '3']),
  });
  expect(await rows(`SELECT schema_name FROM duckdb_schemas() WHERE schema_name IN ('raw', 'stage')`)).toEqual([]);
  expect(await rows('SELECT row, fate FROM meta.dropped')).toEqual([{ row: 2, fate: 'superseded' }]);
  expect(await rows('SELECT row, reason, scope FROM meta.quarantine')).toEqual([
    { row: 4, reason: 'key_blank', scope: 'row' },
  ]);
});

test('a large source with addresses is stored in portions', () => {
  const values = new ValueTables('values', d);
  const columns = [column('id', 'text', { full: true }), column('place', 'address', {})];
  for (const c of columns) values.add('raw.f', c);
  const contract = { source: 's', key: ['id'], fields: {} } as unknown as Contract;
  const of = (rows: number) =>
    typedRows(
      d,
      contract,
      columns.map((c) => c.f),
      [
        { index: 4, raw: 'raw.f', rows: 10, columns },
        { index: 5, raw: 'raw.g', rows, columns },
      ],
      values,
      250_000,
    );
  expect(of(250_000).portions).toBeUndefined();
  const rows = of(600_000);
  expect(rows.portions).toEqual([
    { file: 4, from: 0, to: undefined },
    { file: 5, from: 0, to: 249_999 },
    { file: 5, from: 250_000, to: 499_999 },
    { file: 5, from: 500_000, to: undefined },
  ]);
  expect(rows.select(['id'], rows.portions?.[2])).toContain('FROM raw.g WHERE _row >= 250000 AND _row <= 499999');
});

test('a large source with addresses is stored whole', async () => {
  const many = Array.from({ length: 260_000 }, (_, i) => `S${i},${i % 5 === 0 ? '' : `星湖街${i % 900}号`}`).join('\n');
  const { record, rows } = await load(
    { 'enterprise.csv': REGISTRY, 'site.csv': `编号,地址\n${many}\n` },
    { checks: { 'sources/site.yaml': SITE } },
  );
  expect(record.sources.site?.counts).toMatchObject({ data: 260_000, loaded: 260_000, quarantinedRows: 0 });
  expect(
    await rows(`SELECT count(*) AS n, count(DISTINCT _row) AS own, count(address) AS told, count(address__door) AS doors,
      count(*) FILTER (WHERE site_no <> 'S' || (_row - 2)) AS astray FROM src.site`),
  ).toEqual([{ n: 260_000, own: 260_000, told: 208_000, doors: 208_000, astray: 0 }]);
});

const SITE = `
source: site
title: { zh: 场所, en: Sites }
department: tax
files: ["site*"]
complete: true
key: [site_no]
fields:
  site_no: { title: { zh: 编号, en: Number }, required: true }
  address: { title: { zh: 地址, en: Address }, type: address }
`;
