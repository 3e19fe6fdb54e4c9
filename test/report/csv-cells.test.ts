import { afterAll, beforeAll, expect, test } from 'vitest';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { cellSql, cellText } from '../../src/report/csv.js';

let db: DuckDb;
beforeAll(async () => {
  db = await DuckDb.open({ threads: 1 });
});
afterAll(() => db.close());

const cell = async (value: string | null): Promise<string> => {
  const [row] = await db.rows<{ cell: string }>(
    `SELECT ${cellSql('x', db.dialect)} AS cell FROM (VALUES (${value === null ? 'NULL' : db.dialect.text(value)})) v(x)`,
  );
  return row?.cell.slice(1, -1) as string;
};

test.each([
  // Would run as formulas.
  ['=1+1', "'=1+1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['+cmd|calc', "'+cmd|calc"],
  ['-cmd|calc', "'-cmd|calc"],
  ['\t=1+1', "'\t=1+1"],
  ['\r\n=1+1', "'\r\n=1+1"],
  ['＝1+1', "'＝1+1"],
  // Would be rounded, stripped of zeros, or taken for days and times.
  ['913205940000000012', '\t913205940000000012'],
  ['00012', '\t00012'],
  ['1E10', '\t1E10'],
  ['3-2', '\t3-2'],
  ['1/2', '\t1/2'],
  ['12:30', '\t12:30'],
  ['2026/7/31', '\t2026/7/31'],
  ['5月3日', '\t5月3日'],
  // Show as they are.
  ['91320594MA1TEXT06F', '91320594MA1TEXT06F'],
  ['2026-07-31', '2026-07-31'],
  ['1,234.5', '1,234.5'],
  ['-5', '-5'],
  ['0', '0'],
  ['100元', '100元'],
  ['苏州甲有限公司', '苏州甲有限公司'],
  ['a "b", c', 'a ""b"", c'],
  ['两\n行', '两\n行'],
  ['', ''],
  [null, ''],
])('%j becomes %j', async (value, shown) => {
  expect(await cell(value)).toBe(shown);
  expect(cellText(value ?? '')).toBe(`"${shown}"`);
});
