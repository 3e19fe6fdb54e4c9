import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressRelation } from '../../src/values/address/compare.js';
import { cleanUscc, nameKey, repairUscc, validUscc, valueTypes } from '../../src/values/index.js';
import { readPairs } from './address-quality.js';
import { addressParts, d, db, evaluate, readCells, relation } from './harness.js';

/** Cells as hostile as people make them: pieces of dates, numbers, names, dashes, guards and invisible characters. */
const PIECES = [
  ...[
    '91320594MA1TEXT06F',
    '2024',
    '-',
    '/',
    '.',
    '年',
    '1',
    '月',
    '5',
    '日',
    '至',
    '长期',
    '〇',
    '十',
    '45292',
    ':00',
    'T',
    'Z',
  ],
  ...[
    '1,234',
    '.5',
    '万',
    '元',
    '亿',
    '(',
    ')',
    '（',
    '）',
    '%',
    '约',
    'E',
    '+',
    '−',
    '—',
    '～',
    '＝',
    '＂',
    '="',
    '"',
    "'",
    '’',
  ],
  ...[
    ' ',
    '　',
    '\t',
    '\n',
    '\u00A0',
    '\u200B',
    '\uFEFF',
    '０',
    'Ａ',
    'ｚ',
    '；',
    '、',
    ',',
    '|',
    '无',
    'NULL',
    '是',
    '𠮷',
    '華',
    '有限公司',
    '[',
    '〕',
  ],
];
const cell = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((p) => p.join(''));
const anything = fc.oneof(
  { weight: 3, arbitrary: cell },
  fc.string({ unit: 'grapheme-composite', maxLength: 20 }).map((s) => s.replaceAll('\u0000', '')),
);
/** Many cells in one statement: a query costs more than a thousand cells do. */
const cells = (n: number) => fc.array(anything, { minLength: n, maxLength: n });

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORG_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];
const ORG_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** A credit code whose both checks are right, worked out here a second time, independently of the SQL. */
function usccOf(area: number, body: string): string {
  const sum = [...body].reduce((s, c, i) => s + ORG_ALPHABET.indexOf(c) * ORG_WEIGHTS[i]!, 0);
  const check = (11 - (sum % 11)) % 11;
  const org = body + (check === 10 ? 'X' : String(check));
  const first = `91${area}${org}`;
  const total = [...first].reduce((s, c, i) => s + ALPHABET.indexOf(c) * WEIGHTS[i]!, 0);
  return first + ALPHABET[(31 - (total % 31)) % 31];
}
const uscc = fc
  .tuple(
    fc.integer({ min: 100000, max: 659999 }),
    fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: 8, maxLength: 8 }),
  )
  .map(([area, body]) => usccOf(area, body));

describe('cleaning', () => {
  for (const id of Object.keys(valueTypes)) {
    const o = id === 'code' ? { codes: new Map([['存续（在营）', 'live']]) } : {};
    it(`${id}: cleaned text stays as it is when cleaned again, and every cell has a value or a reason`, async () => {
      await fc.assert(
        fc.asyncProperty(cells(200), async (raws) => {
          const once = await readCells(id, raws, o);
          const twice = await readCells(
            id,
            once.map((r) => r.prepared),
            o,
          );
          expect(twice.map((r) => r.prepared)).toEqual(once.map((r) => r.prepared));
          for (const r of once)
            if (r.prepared !== null) expect([r.raw, r.value ?? r.reason]).not.toEqual([r.raw, null]);
        }),
        { numRuns: 5, endOnFailure: true },
      );
    });
  }

  it('a code that is valid stays so, however it was dressed up', async () => {
    const dress = [
      (x: string) => x.toLowerCase(),
      (x: string) => ` ${x}\t`,
      (x: string) => `'${x}`,
      (x: string) => `="${x}"`,
      (x: string) => x.replace(/(.{4})/g, '$1 '),
      (x: string) => [...x].map((c) => String.fromCodePoint(c.codePointAt(0)! + 0xfee0)).join(''),
      (x: string) => [...x].join('\u200B'),
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(uscc, { minLength: 30, maxLength: 30 }), async (codes) => {
        const rows = codes.flatMap((c) => dress.map((f) => [f(c), c]));
        const found = await evaluate(rows, (raw) => cleanUscc(raw, d));
        expect(found).toEqual(rows.map(([, c]) => c));
        expect(new Set(await evaluate(rows, (raw) => validUscc(cleanUscc(raw, d), d)))).toEqual(new Set(['true']));
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });

  it('a repair, where there is one, is valid and differs in one confusable character', async () => {
    const confuse: Record<string, string> = { '0': 'O', '1': 'I', '2': 'Z', '5': 'S', '8': 'B', B: '8' };
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(uscc, fc.nat(17)), { minLength: 50, maxLength: 50 }), async (cases) => {
        const rows = cases
          .filter(([c, i]) => c[i]! in confuse)
          .map(([c, i]) => [c.slice(0, i) + confuse[c[i]!]! + c.slice(i + 1), c]);
        if (rows.length === 0) return;
        const found = await evaluate(rows, (x) => repairUscc(x, d));
        for (const [i, r] of rows.entries()) if (found[i] !== null) expect(found[i]).toBe(r[1]);
        // O, I, Z and S can stand for one digit only, so these are always put right.
        for (const [i, r] of rows.entries()) if (/[OIZS]/.test(r[0]!)) expect(found[i]).toBe(r[1]);
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });
});

describe('names', () => {
  it('notation does not change a key', async () => {
    const name = fc
      .array(fc.constantFrom(...'苏州工业园区星湖化工集团（）有限责任公司ABC甲乙'), { minLength: 2, maxLength: 15 })
      .map((x) => x.join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 100, maxLength: 100 }), async (names) => {
        const rows = names.map((n) => [
          n,
          [...n.replaceAll('（', '(').replaceAll('）', ')').replaceAll('A', 'ａ').replaceAll('业', '業')].join(' '),
        ]);
        const keys = await evaluate(rows, (a) => nameKey(a, d));
        expect(await evaluate(rows, (_a, b) => nameKey(b, d))).toEqual(keys);
        expect(
          await evaluate(
            keys.map((k) => [k]),
            (a) => nameKey(a, d),
          ),
        ).toEqual(keys);
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });
});

describe('addresses', () => {
  const known = [...new Set(readPairs().flatMap((p) => [p.a, p.b]))];
  const address = fc.constantFrom(...known);
  const relationsOf = async (pairs: readonly (readonly [string, string])[]): Promise<string[]> => {
    const sql = `SELECT ${addressRelation('a', 'b', d)} AS r FROM (SELECT i, ${addressParts('c0', d)} AS a, ${addressParts('c1', d)} AS b FROM ${relation(pairs)}) ORDER BY i`;
    return (await (await db()).rows<{ r: string }>(sql)).map((r) => r.r);
  };
  const mirror = (r: string) => (r === 'coarser_a' ? 'coarser_b' : r === 'coarser_b' ? 'coarser_a' : r);

  it('is itself', async () => {
    expect(new Set(await relationsOf(known.map((x) => [x, x])))).toEqual(new Set(['exact']));
  });

  it('relates both ways alike', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(address, address), { minLength: 300, maxLength: 300 }), async (pairs) => {
        const there = await relationsOf(pairs);
        const back = await relationsOf(pairs.map(([a, b]) => [b, a]));
        expect(back).toEqual(there.map(mirror));
      }),
      { numRuns: 3, endOnFailure: true },
    );
  });

  it('notation never makes the same place a different one', async () => {
    const full = (x: string) => x.replace(/[0-9A-Z]/g, (c) => String.fromCodePoint(c.codePointAt(0)! + 0xfee0));
    const changes: ((x: string) => string)[] = [
      full,
      (x) => [...x].join(' '),
      (x) => x.replaceAll('(', '（').replaceAll(')', '）'),
      (x) => x.replace(/([0-9])幢/g, '$1号楼').replace(/([0-9])栋/g, '$1幢'),
      (x) => x.replace(/([0-9])层/g, '$1楼'),
      (x) => x.replace(/([0-9])室(?![0-9A-Z])/g, '$1'),
      (x) => `${x}（集群登记）`,
      (x) => x.toLowerCase(),
      (x) => x.replaceAll('区', '區').replaceAll('号', '號').replaceAll('楼', '樓').replaceAll('层', '層'),
      (x) => `\u200B${x}\u00A0`,
    ];
    // There are few enough to try them all.
    const cases = known.flatMap((a) => changes.map((change): [string, string] => [a, change(a)]));
    const found = await relationsOf(cases);
    expect(cases.filter((_, i) => found[i] !== 'same' && found[i] !== 'exact')).toEqual([]);
  });

  it('reads anything without an error', async () => {
    const pieces = fc.constantFrom(
      ...'苏州市区路街号幢栋楼层室-,#()（）之甲村组弄里0123456789AB',
      '单元',
      '大道',
      '工业园区',
      '自贸区',
      '二',
      '十',
      '至',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.array(pieces, { maxLength: 15 }), fc.array(pieces, { maxLength: 15 })), {
          minLength: 200,
          maxLength: 200,
        }),
        async (pairs) => {
          const texts = pairs.map(([a, b]): [string, string] => [a.join(''), b.join('')]);
          const there = await relationsOf(texts);
          const back = await relationsOf(texts.map(([a, b]): [string, string] => [b, a]));
          expect(back).toEqual(there.map((r) => (r === null ? null : mirror(r))));
        },
      ),
      { numRuns: 5, endOnFailure: true },
    );
  });
});
