import type { Dialect, Sql } from '../engine/dialect.js';
import type { RunFacts } from './facts.js';
import type { Frame } from './plan.js';
import { FrameTables } from './tables.js';

/** Every so manieth enterprise is asked how many meet a condition. */
const EVERY = 16;
/** Few is at most this share of them. */
const FEW = 0.2;

/** Conditions upon enterprises of which it matters to the plan whether few meet them: only of those lookups are needed. */
export const conditionsOfAskers = (frames: readonly Frame[], d: Dialect, facts: RunFacts): Sql[] => [
  ...new Set(
    frames.flatMap((frame) => {
      const tables = new FrameTables(frame, d, facts);
      return frame.lookups.map((node) => tables.askers(node)).filter((condition) => condition !== undefined);
    }),
  ),
];

/** One row: of the enterprises of a schema every so manieth: how many meet each condition, as `c0`, `c1` …, and how many there are, as `n`. */
export const askersCounted = (conditions: readonly Sql[], schema: string, d: Dialect): Sql =>
  `SELECT count(*) AS n${conditions.map((c, i) => `, ${d.countIf(c)} AS c${i}`).join('')} FROM ${schema}.enterprise e WHERE e._eid % ${EVERY} = 0`;

/** The facts, knowing the conditions that few meet. */
export const withFew = (facts: RunFacts, conditions: readonly Sql[], counted: Record<string, number>): RunFacts => ({
  ...facts,
  few: new Set(conditions.filter((_, i) => Number(counted[`c${i}`]) <= FEW * Number(counted.n))),
});
