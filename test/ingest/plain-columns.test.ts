import fc from 'fast-check';
import { expect, test } from 'vitest';
import { A, B, csv, load, REGISTRY } from './load-harness.js';

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
