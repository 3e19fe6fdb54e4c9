import { describe, expect, test } from 'vitest';
import { outcomes } from './harness.js';

/** Three-valued truth: what an expectation says of 1 true, 2 false, 3 unknown. */
const SAID = { consistent: true, anomaly: false, not_comparable: undefined } as Record<string, boolean | undefined>;
const truth = async (expect_: string, rows: Record<string, unknown>[]) =>
  (
    await outcomes(
      { expect: expect_ },
      rows.map((enterprise) => ({ enterprise })),
    )
  ).map((o) => (o in SAID ? SAID[o] : o));

const YES = '是';
const NO = '否';
const ALL = [YES, NO, undefined].flatMap((a) => [YES, NO, undefined].map((b) => ({ a, b })));

describe('truth of three values', () => {
  test('and, or, not, choice', async () => {
    const [and, or, not, choice, equal] = await Promise.all([
      truth('enterprise.a && enterprise.b', ALL),
      truth('enterprise.a || enterprise.b', ALL),
      truth('!enterprise.a', ALL),
      truth('enterprise.a ? enterprise.b : !enterprise.b', ALL),
      truth('enterprise.a == enterprise.b', ALL),
    ]);
    const [T, F, U] = [true, false, undefined];
    expect(and).toEqual([T, F, U, F, F, F, U, F, U]);
    expect(or).toEqual([T, T, T, T, F, U, T, U, U]);
    expect(not).toEqual([F, F, F, T, T, T, U, U, U]);
    expect(choice).toEqual([T, F, U, F, T, U, U, U, U]);
    expect(equal).toEqual([T, F, U, F, T, U, U, U, U]);
  });

  test('when and expect make the four outcomes', async () => {
    const got = await outcomes(
      { when: 'enterprise.a', expect: 'enterprise.b' },
      ALL.map((enterprise) => ({ enterprise })),
    );
    const [ok, bad, none, na] = ['consistent', 'anomaly', 'not_comparable', 'not_applicable'];
    expect(got).toEqual([ok, bad, none, na, na, na, none, none, none]);
  });

  test('what is blank and what cannot be read', async () => {
    const cells = [{ n: 1 }, {}, { n: 'viele' }];
    expect(await truth('has(enterprise.n)', cells)).toEqual([true, false, undefined]);
    expect(await truth('is_known(enterprise.n)', cells)).toEqual([true, false, false]);
    expect(await truth('first_of(enterprise.n, 7) == 7', cells)).toEqual([false, true, true]);
    expect(await truth('only_if(enterprise.n == 1, true)', cells)).toEqual([true, undefined, undefined]);
    expect(await truth('is_known(only_if(has(enterprise.n), 1))', cells)).toEqual([true, false, false]);
  });

  test('comparison with what is not there is unknown, in lists and extremes too', async () => {
    const cells = [{ n: 1, m: 2 }, { n: 1 }];
    for (const e of ['enterprise.m > 1', 'enterprise.m in [2, 3]', 'greatest(enterprise.n, enterprise.m) == 2']) {
      expect(await truth(e, cells), e).toEqual([true, undefined]);
    }
    expect(
      await truth('enterprise.n / enterprise.m > 0', [
        { n: 1, m: 2 },
        { n: 1, m: 0 },
      ]),
    ).toEqual([true, undefined]);
  });
});
