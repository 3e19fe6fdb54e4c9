import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ValueOptions, valueTypes } from '../../src/values/index.js';
import { plainReading } from '../../src/values/plain.js';
import { lifted, projected } from '../../src/values/stages.js';
import { NULL_WORDS } from '../../src/values/tidy.js';
import { d, db, relation } from './harness.js';

/** Cells as clean as a system writes them, and one careless stroke away from it. */
const CLEAN = [
  ...[
    '91320594MA1TEXT06F',
    '91320594MA2000019B',
    'MA1TEXT06',
    '320594000000013',
    '3205940000001',
    '320500199105114585',
  ],
  ...[
    '2024-01-05',
    '2024-02-30',
    '1900-01-01',
    '9999-12-31',
    '2899-12-31',
    '2900-01-01',
    '0000-00-00',
    '2024-01',
    '2024-13',
  ],
  ...['2021-06-13至2024-06-12', '2021-06-13至长期', '2024-01-05 12:30:00', '2024-01-05 25:00:00', '20240105', '45292'],
  ...['0', '1', '-1', '007', '12.5', '1234567.8901', '0.00001', '99999999999999', '999999999999999999', '9'.repeat(19)],
  ...['是', '否', '有', '无', 'Y', 'N', '存续', '在业', '注销', 'live', '企业选择不公示', ...NULL_WORDS],
  ...[
    '苏州甲有限公司',
    '苏州ABC(中国)有限公司',
    '蘇州甲有限公司',
    '苏州 甲',
    'A B',
    '张三',
    '阿不都·热合曼',
    '张3',
    '3张',
  ],
  ...[
    '13812345678',
    '0512-67611234',
    '051267611234',
    'office0@example.com',
    'A@b.cn',
    '一般项目：软件开发；信息系统集成服务',
  ],
  ...[
    '67-56-1',
    'C3360',
    '3360',
    'C33',
    'A',
    'Z99',
    '320500',
    '320594001',
    '91320594MA1TEXT06F001P',
    '苏(苏)危化经字00123',
  ],
  ...[
    '9E5',
    '1.2E5',
    '甲醇',
    '1,2-二氯乙烷',
    '甲醇；乙醇',
    '苏州工业园区星湖街1号',
    "'0012",
    '="0012"',
    '-',
    '—',
    '/',
    '%',
    '12%',
  ],
];
const STROKES = [
  '',
  ' ',
  '　',
  '\t',
  '\u200B',
  '０',
  'Ａ',
  'a',
  '（',
  ')',
  "'",
  '"',
  '=',
  '-',
  '—',
  '.',
  ',',
  '；',
  '无',
  '華',
  '·',
  'E',
  '5',
];
const clean = fc.constantFrom(...CLEAN);
const stroke = fc.constantFrom(...STROKES);
const cell = fc.oneof(
  { weight: 2, arbitrary: clean },
  { weight: 2, arbitrary: fc.tuple(stroke, clean, stroke).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.tuple(clean, stroke, clean).map((parts) => parts.join('')) },
  {
    weight: 2,
    arbitrary: fc
      .array(
        fc.oneof(
          stroke,
          clean.map((c) => c.slice(0, 3)),
        ),
        { maxLength: 5 },
      )
      .map((p) => p.join('')),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(clean, fc.nat(20), stroke)
      .map(([c, i, s]) => c.slice(0, i % (c.length + 1)) + s + c.slice((i % (c.length + 1)) + 1)),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }).map((s) => s.replaceAll('\u0000', '')) },
);
const cells = fc.array(cell, { minLength: 400, maxLength: 400 }).map((some) => [...CLEAN, ...some]);

const CODES = new Map([
  ['存续', 'active'],
  ['在业（正常）', 'active'],
  ['注销', 'cancelled'],
  ['live', 'active'],
  ['无', 'none'],
  ['ABC', 'abc'],
  ['1', 'active'],
]);
const options = (type: string): ValueOptions[] => {
  switch (type) {
    case 'code':
      return [{ codes: CODES }, {}];
    case 'date':
      return [{}, { part: 'from' }, { part: 'to' }];
    case 'money':
      return [{}, { unit: '万元' }, { unit: '亿元' }];
    case 'quantity':
      return [{}, { unit: 'kg' }, { unit: 'mg/L' }, { unit: '万吨' }];
    case 'percent':
      return [{}, { unit: '%' }];
    default:
      return [{}];
  }
};

interface Read {
  raw: string | null;
  /** The test said in one expression, and in projections. */
  plain: boolean;
  lifted: boolean;
  short: string | null;
  long: string | null;
}

/** Both readings of cells, side by side, as text; derived columns with them. */
async function readBothWays(type: string, o: ValueOptions, raws: readonly string[]) {
  const t = valueTypes[type]!;
  const plain = plainReading(type, o)!;
  const text = (x: string) => (t.sqlType === 'text[]' ? `to_json(${x})` : `CAST(${x} AS VARCHAR)`);
  const derived = Object.entries(t.derived?.columns ?? {});
  const staged = t.derived?.stages('v', 'f_', d, o);
  const valued = `(SELECT *, ${d.cast(t.value('p', d, o), t.sqlType)} AS v
    FROM (SELECT *, ${t.prepare('c0', d, o)} AS p FROM ${relation([...raws, null].map((r) => [r]))})) AS valued`;
  const long = `SELECT *${staged ? `, ${staged.result} AS f` : ''} FROM ${projected(valued, staged ? [staged] : [], d)}`;
  const tested = lifted('c0', plain.test, 'lifted_', d);
  return (await db()).rows<Read>(
    `SELECT c0 AS raw, coalesce(${plain.test('c0', d)}, FALSE) AS plain, coalesce(${tested.result}, FALSE) AS lifted,
      concat_ws('~', ${text(d.cast(plain.value('c0', d), t.sqlType))}${derived.map(([n]) => `, ${plain.derived![n]!('c0', d)}`).join('')}) AS short,
      concat_ws('~', ${text('v')}${derived.map(([, x]) => `, ${x.sql('f', d)}`).join('')}) AS long, v IS NOT NULL AS read,
      ${d.cast(plain.value('c0', d), t.sqlType)} IS NOT NULL AS valued
      FROM ${projected(`(${long}) AS long`, [tested], d)} ORDER BY i`,
  );
}

describe('cells written the plain way are read as the long way reads them', () => {
  for (const type of Object.keys(valueTypes)) {
    for (const o of options(type)) {
      if (!plainReading(type, o)) continue;
      it(`${type} ${JSON.stringify({ ...o, codes: o.codes && '…' })}`, async () => {
        let met = 0;
        await fc.assert(
          fc.asyncProperty(cells, async (raws) => {
            for (const r of await readBothWays(type, o, raws)) {
              if (r.raw === null) expect(r).toMatchObject({ plain: false, valued: false });
              expect(r).toMatchObject({ raw: r.raw, lifted: r.plain });
              if (!r.plain) continue;
              met++;
              expect(r).toMatchObject({ raw: r.raw, short: r.long, read: true, valued: true });
            }
          }),
          { numRuns: 12, seed: 7, endOnFailure: true },
        );
        // Where nothing is plain, nothing was compared.
        expect(met).toBeGreaterThan(10);
      });
    }
  }

  it('there is one for every kind but addresses', () => {
    const without = Object.keys(valueTypes).filter((t) => !plainReading(t, t === 'code' ? { codes: CODES } : {}));
    expect(without).toEqual(['address']);
  });
});
