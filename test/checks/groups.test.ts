import { describe, expect, test } from 'vitest';
import { outcomes } from './harness.js';

const SAID = { consistent: true, anomaly: false, not_comparable: undefined } as Record<string, boolean | undefined>;
const ND = 'not delivered';

/** Whether a value over all rows of a source is what is claimed, in each of some worlds. */
const values = async (value: string, claim: string, worlds: unknown[][] | unknown[], join: object = {}) => {
  const rows = worlds.map((w) => ({
    permit: w === ND ? ND : (w as object[]).map((r, i) => ({ permit_no: `P${i}`, ...r })),
  }));
  const part = { with: { all: { from: 'permit', group: { value }, ...join } }, expect: `all.value ${claim}` };
  return (await outcomes(part, rows)).map((o) => (o in SAID ? SAID[o] : o));
};

describe('values over all rows', () => {
  const worlds = [[{ n: 1 }, { n: 3 }], [{ n: 3 }, {}], [{}], [], ND];

  test.each([
    ['count()', '== 2', [true, true, false, false, undefined]],
    ['count(all.n > 2)', '== 1', [true, undefined, undefined, false, undefined]],
    ['count_distinct(all.n)', '== 2', [true, undefined, undefined, false, undefined]],
    ['sum(all.n)', '== 4', [true, undefined, undefined, false, undefined]],
    ['sum(all.n)', '== 0', [false, undefined, undefined, true, undefined]],
    ['min(all.n)', '== 1', [true, undefined, undefined, undefined, undefined]],
    ['max(all.n)', '== 3', [true, undefined, undefined, undefined, undefined]],
    ['any(all.n > 2)', '== true', [true, true, undefined, false, undefined]],
    ['any(all.n > 5)', '== true', [false, undefined, undefined, false, undefined]],
    ['all(all.n > 2)', '== true', [false, undefined, undefined, true, undefined]],
    ['all(all.n > 5)', '== true', [false, false, undefined, true, undefined]],
    ['size(collect(all.permit_no))', '== 2', [true, true, false, false, undefined]],
    ['sum(all.n) > 3 && count() == 2', '== true', [true, undefined, false, false, undefined]],
  ])('%s %s', async (value, claim, said) => {
    expect(await values(value, claim, worlds)).toEqual(said);
  });

  test('a row that may be of the group is an unknown among the others', async () => {
    const some = [
      [{ status: '存续', n: 1 }],
      [
        { status: '存续', n: 1 },
        { status: '注销', n: 9 },
      ],
      [{ status: '存续', n: 1 }, { n: 1 }],
      [{ status: '存续', n: 1 }, { n: 0 }],
      [{ n: 1 }],
    ];
    const where = { where: "all.status == 'active'" };
    const U = undefined;
    expect(await values('count()', '== 1', some, where)).toEqual([true, true, U, U, U]);
    expect(await values('sum(all.n)', '== 1', some, where)).toEqual([true, true, U, U, U]);
    expect(await values('any(all.n == 1)', '== true', some, where)).toEqual([true, true, true, true, U]);
    expect(await values('any(all.n == 9)', '== true', some, where)).toEqual([false, false, false, false, false]);
    expect(await values('all(all.n == 1)', '== true', some, where)).toEqual([true, true, true, U, true]);
    expect(await values('count(all.n == 1)', '== 1', some, where)).toEqual([true, true, U, true, U]);
    expect(await values('size(collect(all.permit_no))', '== 1', some, where)).toEqual([true, true, true, true, U]);
  });

  test('of an incomplete source no row is no answer', async () => {
    const check = { with: { all: { from: 'survey', group: { n: 'count()' } } }, expect: 'all.n == 1' };
    expect(await outcomes(check, [{ survey: { n: 1 } }, {}])).toEqual(['consistent', 'not_comparable']);
  });

  test('a refused row leaves nothing certain', async () => {
    expect(await values('count()', '== 1', [[{ n: 1 }, { permit_no: '' }]])).toEqual([undefined]);
  });

  test('sums are exact', async () => {
    const tenths = Array.from({ length: 10 }, () => ({ amount: '0.1' }));
    expect(await values('sum(all.amount)', '== 1.0', [tenths])).toEqual([true]);
  });
});

describe('looked up for each row of a join', () => {
  test('a row beside it', async () => {
    const part = {
      with: {
        hazard: {
          from: 'permit',
          with: { limit: { from: 'limit', across: true, on: 'limit.kind == hazard.kind' } },
          where: 'is_known(limit.tonnes)',
          group: { share: 'sum(hazard.amount / limit.tonnes)' },
        },
      },
      expect: 'hazard.share < 1',
    };
    const limit = [
      { kind: 'x', tonnes: '2' },
      { kind: 'y', tonnes: '4' },
    ];
    const rows = (...amounts: [string, string][]) =>
      amounts.map(([kind, amount], i) => ({ permit_no: `P${i}`, kind, amount }));
    expect(
      await outcomes(part, [
        { limit, permit: rows(['x', '1'], ['y', '1']) },
        { limit, permit: rows(['x', '1'], ['y', '2']) },
        { limit, permit: rows(['x', '1'], ['z', '9']) },
        { limit, permit: [{ permit_no: 'P', kind: 'x' }] },
      ]),
    ).toEqual(['consistent', 'anomaly', 'consistent', 'not_comparable']);
  });

  test('a group beside each row that is judged', async () => {
    const part = {
      with: {
        permit: {
          from: 'permit',
          each: true,
          with: {
            history: { from: 'permit', on: 'history.kind == permit.kind', group: { newest: 'max(history.issued_on)' } },
          },
          where: 'permit.issued_on == history.newest',
        },
      },
      expect: 'permit.n > 0',
      about: ['permit.permit_no'],
    };
    const row = (permit_no: string, kind: string, issued_on: string, n: number) => ({ permit_no, kind, issued_on, n });
    const worlds = [
      [row('P1', 'x', '2024-01-01', 0), row('P2', 'x', '2025-01-01', 1), row('P3', 'y', '2020-01-01', 1)],
      [row('P1', 'x', '2024-01-01', 1), row('P2', 'x', '2025-01-01', 0)],
      // Which of the two is the newest cannot be told: neither is passed over.
      [row('P1', 'x', '2024-01-01', 1), row('P2', 'x', '不详', 1)],
    ];
    expect(
      await outcomes(
        part,
        worlds.map((permit) => ({ permit })),
      ),
    ).toEqual(['consistent', 'anomaly', 'not_comparable']);
  });

  test('a source with a refused row is no answer for the rows beside it either', async () => {
    const part = {
      with: {
        report: {
          from: 'report',
          with: { held: { from: 'permit', on: 'held.permit_no == report.permit_no', group: { n: 'count()' } } },
          group: { without: 'count(held.n == 0)' },
        },
      },
      expect: 'report.without == 0',
    };
    const report = { year: 2025, permit_no: 'P9' };
    expect(
      await outcomes(part, [
        { report, permit: { permit_no: 'P1' } },
        { report, permit: { permit_no: '' } },
      ]),
    ).toEqual(['anomaly', 'not_comparable']);
  });
});

describe('across', () => {
  const part = {
    with: {
      children: {
        from: 'enterprise',
        across: true,
        on: 'children.parent_uscc == enterprise.uscc',
        group: { n: 'count()' },
      },
    },
    expect: 'children.n == 1',
  };
  test('rows of other enterprises, seen by their own example alone', async () => {
    const me = { uscc: '91320594MA1TEXT06F' };
    const child = { uscc: '91320594MA2000019B', parent_uscc: '91320594MA1TEXT06F' };
    expect(await outcomes(part, [{ enterprise: [me, child] }, { enterprise: [me] }, { enterprise: me }])).toEqual([
      'consistent',
      'anomaly',
      'anomaly',
    ]);
  });
});
