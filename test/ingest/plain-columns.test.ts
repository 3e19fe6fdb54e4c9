import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { A, B, csv, directory, load, REGISTRY } from './load-harness.js';

const HEADER = [
  '税务登记号',
  '统一社会信用代码',
  '注册号',
  '纳税人名称',
  '营业收入',
  '申报日期',
  '有效期限',
  '联系人电话',
];

const cells = fc.tuple(
  fc.constantFrom(A, B, ` ${A}`, `${A.slice(0, 16)}O${A.slice(17)}`, '', '无', '坏'),
  fc.constantFrom('320594000000013', '3205940001234', '320594 000000013', '', '12'),
  fc.constantFrom('苏州甲有限公司', '苏州甲（集团）有限公司', '蘇州甲有限公司', '苏州ABC有限公司', '苏州 甲', '', '-'),
  fc.constantFrom('1', '1234.5', '1,234.5', '1万', '约100', '', '9'.repeat(20)),
  fc.constantFrom('2026-01-05', '2026/1/5', '2026-02-30', '1900-01-01', '长期', '', '45292'),
  fc.constantFrom('2026-01-05至2027-01-04', '2026-01-05', '2026年1月5日至长期', '', '自2026-01-05起'),
  fc.constantFrom('13812345678', '138 1234 5678', '0512-67611234', '', '电话'),
);

/** How a column is read is decided for a whole file, so a row must say the same whoever its neighbours are. */
test('a row is read alike in a file of its own, where its columns may be plain, and among others, where they are not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(cells, { minLength: 2, maxLength: 6 }), async (some) => {
      const rows = some.map((row, i) => [`T${i}`, ...row]);
      const read = async (files: Record<string, string>) => {
        const { rows: of } = await load({ 'enterprise.csv': REGISTRY, ...files });
        return {
          loaded: await of('SELECT * EXCLUDE (_file, _row) FROM src.tax ORDER BY taxpayer_no'),
          refused: await of('SELECT field, raw, reason, scope, personal, _eid FROM meta.quarantine ORDER BY ALL'),
          linked: await of('SELECT method, raw, _eid FROM meta.linked ORDER BY ALL'),
        };
      };
      const together = await read({ 'tax.csv': csv(HEADER, ...rows) });
      const apart = await read(Object.fromEntries(rows.map((row, i) => [`tax_2026010${i + 1}.csv`, csv(HEADER, row)])));
      expect(apart).toEqual(together);
    }),
    { numRuns: 10, seed: 11, endOnFailure: true },
  );
}, 300_000);

test.each(['csv', 'parquet'])(
  'of a large file (%s) not every cell is looked at, and yet an odd one is found wherever it stands',
  async (kind) => {
    const rows = 30_000;
    const odd: Record<string, Record<number, string>> = {
      uscc: { 3: '坏', [rows - 1]: ` ${B}` },
      revenue: { [rows - 2]: '1,234.5', [rows - 1]: '约100' },
      filed_on: { 6000: '2026/1/5' },
    };
    const cell = (field: string, usual: string) =>
      `CASE range ${Object.entries(odd[field] ?? {})
        .map(([row, x]) => `WHEN ${row} THEN '${x}'`)
        .join(' ')} ELSE ${usual} END`;
    const extracts = directory();
    const maker = await DuckDb.open();
    await maker.run(
      `COPY (SELECT 'T' || range AS 税务登记号, ${cell('uscc', `'${A}'`)} AS 统一社会信用代码, NULL AS 注册号,
       CASE WHEN range % 7 > 0 THEN '苏州甲有限公司' END AS 纳税人名称, ${cell('revenue', "'1'")} AS 营业收入,
       ${cell('filed_on', "'2026-01-05'")} AS 申报日期, (range % 100)::DECIMAL(18, 4) AS 联系人电话
     FROM range(${rows}) ORDER BY range) TO '${join(extracts, `tax.${kind}`)}' (FORMAT ${kind})`,
    );
    maker.close();
    writeFileSync(join(extracts, 'enterprise.csv'), REGISTRY);
    const { record, rows: of } = await load({}, { inputDir: extracts });
    expect(await of(`SELECT field, raw, row FROM meta.quarantine WHERE field <> 'contact' ORDER BY ALL`)).toEqual([
      { field: 'revenue', raw: '约100', row: rows + (kind === 'csv' ? 1 : 0) },
      { field: 'uscc', raw: '坏', row: kind === 'csv' ? 5 : 4 },
    ]);
    const [sums] = await of(
      `SELECT count(*) AS n, count(uscc) AS codes, count(DISTINCT uscc) AS different, sum(revenue)::VARCHAR AS revenue,
       count(DISTINCT filed_on) AS days, count(name) AS names, count(reg_no) AS numbers FROM src.tax`,
    );
    expect(sums).toEqual({
      n: rows,
      codes: rows - 1,
      different: 2,
      revenue: `${rows - 2 + 1234.5}000`,
      days: 1,
      names: 25714,
      numbers: 0,
    });
    expect(record.sources.tax?.counts.quarantinedFields).toBe(rows + 2);
  },
  60_000,
);

test('a text is found alike among few and among many', async () => {
  const rows = (n: number) =>
    Array.from({ length: n }, (_, i) => [
      `T${i}`,
      i % 3 > 0 ? A : i % 2 > 0 ? ` ${A}` : `${A.slice(0, 16)}O${A.slice(17)}`,
      '',
      i % 5 > 0 ? '蘇州甲有限公司' : ['', '-', '苏州 甲'][i % 3]!,
      i % 7 > 0 ? `${i % 150}元` : ['', '约100', '3'][i % 3]!,
      i % 4 > 0 ? '2026/1/5' : '2026-02-30',
      '',
      '',
    ]);
  const read = async (n: number) => {
    const { rows: of } = await load({ 'enterprise.csv': REGISTRY, 'tax.csv': csv(HEADER, ...rows(n)) });
    return {
      loaded: await of('SELECT * EXCLUDE (_file) FROM src.tax WHERE _row <= 300 ORDER BY _row'),
      refused: await of('SELECT row, field, raw, reason FROM meta.quarantine WHERE row <= 300 ORDER BY ALL'),
      linked: await of('SELECT row, method, raw, _eid FROM meta.linked WHERE row <= 300 ORDER BY ALL'),
    };
  };
  // 150 sums of money times 10,000 rows are too many to be compared each with each.
  const few = await read(300);
  expect([few.loaded.length, few.refused.length > 30, few.linked.length > 30]).toEqual([299, true, true]);
  expect(await read(10_000)).toEqual(few);
}, 60_000);
