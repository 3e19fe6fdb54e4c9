import { expect, test } from 'vitest';
import { OUTCOME } from '../../src/compile/facts.js';
import { ingest } from '../../src/ingest/ingest.js';
import { type CompareOptions, compare } from '../../src/run/compare.js';
import { factsOf, wordingOf } from '../../src/run/facts.js';
import { type CheckInput, check, checksOf, directory, engine } from '../checks/harness.js';

const EXTRACTS = {
  'enterprise.csv': [
    'uscc,name,status,n,capital',
    '91320594MA1TEXT06F,苏州甲有限公司,存续,1,5',
    '91320594MA2000019B,苏州乙有限公司,存续,2,5',
    '91320594MA7ABCDE97,苏州丙有限公司,存续,,5',
    '',
  ].join('\n'),
};

const id = (i: number) => `AA-${String(i).padStart(2, '0')}`;
/** More checks than one whole number has room for: each n is an anomaly of every third; every seventh says 不适用. */
const MANY: CheckInput[] = Array.from({ length: 70 }, (_, i) =>
  check({
    id: id(i + 1),
    when: `enterprise.capital ${i % 7 === 6 ? '>' : '=='} 5`,
    expect: `enterprise.n != ${(i % 3) + 1}`,
    // Across whole numbers, both ways.
    ...(i + 1 === 67 ? { supersedes: [id(1), id(34)] } : {}),
    ...(i + 1 === 2 ? { supersedes: [id(65)] } : {}),
  }),
);

async function judged(options: CompareOptions = {}) {
  const { pack, checks } = checksOf(MANY);
  const db = await engine();
  const record = await ingest(db, pack, { inputDir: directory(EXTRACTS), tempDir: directory({}) });
  const facts = await factsOf(db, pack, record, { asOf: '2026-07-31', lang: 'zh', unmasked: false });
  const counts = await compare(db, checks, facts, wordingOf(pack), options);
  const rows = await db.rows<Record<string, number>>('SELECT * FROM run.outcomes ORDER BY _eid');
  const anomalies = await db.rows<{ _eid: number; check_id: string }>('SELECT _eid, check_id FROM run.anomalies');
  const held = options.doubtful ? await db.rows<{ check_id: string }>('SELECT check_id FROM run.held') : [];
  return { counts, anomalies, held, rows: rows.map((r) => checks.map((c) => Number(r[c.id]))) };
}

/** What counts say, from the outcomes themselves. */
const counted = (rows: readonly number[][], i: number) =>
  Object.fromEntries(Object.entries(OUTCOME).map(([name, n]) => [name, rows.filter((r) => r[i] === n).length]));

const { not_applicable, consistent, not_comparable, anomaly } = OUTCOME;
/** By enterprise, in the order of codes. */
const NS = [1, 2, undefined] as const;
const outcomeOf = (n: (typeof NS)[number], i: number) => {
  if (i % 7 === 6) return not_applicable;
  if (n === undefined) return not_comparable;
  return n === (i % 3) + 1 ? anomaly : consistent;
};

test('outcomes of more checks than a number has room for, told once where one explains another', async () => {
  const { rows, counts, anomalies } = await judged();
  const superseded = new Set([1, 34, 65].map((n) => n - 1));
  const expected = NS.map((n) =>
    MANY.map((_, i) => {
      const outcome = outcomeOf(n, i);
      return outcome === anomaly && superseded.has(i) ? not_applicable : outcome;
    }),
  );
  expect(rows).toEqual(expected);
  MANY.forEach((_, i) => {
    expect(counts.get(id(i + 1)), id(i + 1)).toEqual(counted(expected, i));
  });
  expect(anomalies).toHaveLength(expected.flat().filter((o) => o === anomaly).length);
});

test('a check that is not believed leaves nobody judged by it, and the others as they were', async () => {
  const held = [2, 33, 68];
  const before = await judged();
  const { rows, counts, ...told } = await judged({ doubtful: async () => held.map(id) });
  const expected = before.rows.map((outcomes) =>
    outcomes.map((o, i) => {
      if (held.includes(i + 1) && (o === consistent || o === anomaly)) return not_comparable;
      return o;
    }),
  );
  // What the check explained is told again.
  const explained = id(2);
  const again = before.rows.map((_, e) => outcomeOf(NS[e], 64) === anomaly);
  expect(MANY[1]!.supersedes, explained).toEqual([id(65)]);
  again.forEach((was, e) => {
    if (was) expected[e]![64] = anomaly;
  });
  expect(rows).toEqual(expected);
  MANY.forEach((_, i) => {
    expect(counts.get(id(i + 1)), id(i + 1)).toEqual(counted(expected, i));
  });
  expect(new Set(told.held.map((h) => h.check_id))).toEqual(new Set(held.map(id).filter((c) => c !== id(33))));
});

test('only who is asked for has outcomes, is counted and told of', async () => {
  const all = await judged();
  const { rows, counts, anomalies } = await judged({ scope: '_eid IN (SELECT _eid FROM src.enterprise WHERE n = 2)' });
  expect(rows).toEqual([all.rows[1]]);
  MANY.forEach((_, i) => {
    expect(counts.get(id(i + 1)), id(i + 1)).toEqual(counted(rows, i));
  });
  expect(new Set(anomalies.map((a) => Number(a._eid)))).toEqual(new Set([2]));
});
