import { expect, test } from 'vitest';
import type { Contract } from '../../src/config/contract.js';
import { duckdb as d } from '../../src/engine/duckdb/dialect.js';
import type { FileColumn } from '../../src/ingest/columns.js';
import { typedRows } from '../../src/ingest/type-rows.js';
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
  const rows = typedRows(d, contract, fields, [{ index: 0, raw: 'raw.f', columns }], values);
  expect(rows.select(['id', '_file', '_row'])).not.toContain('JOIN');
  expect(rows.select(['name__key']).match(/JOIN/g)).toHaveLength(1);
  expect(rows.select(['place', 'place__parts', 'name', '_why']).match(/JOIN/g)).toHaveLength(2);
  expect([...rows.full]).toEqual(['id']);
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
