import type { CheckedCheck } from '../checks/checked.js';
import type { RunFacts } from '../compile/facts.js';
import { askersCounted, conditionsOfAskers, withFew } from '../compile/few.js';
import { emptyCells, fieldsThatMatter, withFullFields } from '../compile/full-fields.js';
import { foundTwice, sourcesToAsk, withFoundOnce } from '../compile/own-key.js';
import type { Frame } from '../compile/plan.js';
import type { Session } from '../engine/engine.js';

/**
 * The facts, and what the rows of a schema say besides: which fields have a value in every row, where no enterprise has two rows of one
 * key, and what few enterprises ask for. Of many enterprises and large sources that is worth asking, for a plan that does no more than it
 * has to.
 */
export async function knowingMore(
  session: Session,
  frames: readonly Frame[],
  checks: readonly CheckedCheck[],
  facts: RunFacts,
  schema: string,
): Promise<RunFacts> {
  const d = session.dialect;
  const full = new Map<string, string[]>();
  for (const [source, fields] of fieldsThatMatter(checks, facts)) {
    const [empty] = await session.rows<Record<string, number>>(emptyCells(source, fields, schema, d));
    full.set(
      source,
      [...fields].filter((f) => Number(empty?.[f]) === 0),
    );
  }
  const once = new Set<string>();
  for (const source of sourcesToAsk(checks, facts)) {
    const twice = await session.rows(foundTwice(source, facts.source(source).ownKey!, schema, d));
    if (twice.length === 0) once.add(source);
  }
  const known = withFoundOnce(withFullFields(facts, full), once);
  const conditions = conditionsOfAskers(frames, d, known);
  const [counted] = await session.rows<Record<string, number>>(askersCounted(conditions, schema, d));
  return withFew(known, conditions, counted ?? {});
}
