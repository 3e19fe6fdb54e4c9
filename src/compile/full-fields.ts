import type { CheckedCheck } from '../checks/checked.js';
import { type Expr, lookupsOf, nodes } from '../checks/ir.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { RunFacts } from './facts.js';

/**
 * The fields, by source, of which it matters to the plan whether they have a value in every row: by which rows are chosen, and which are
 * summed up. But for those of which it is known.
 */
export function fieldsThatMatter(checks: readonly CheckedCheck[], facts: RunFacts): Map<string, Set<string>> {
  const fields = new Map<string, Set<string>>();
  for (const { relation, where, mode } of checks.flatMap((c) => [...lookupsOf(c.lookups)])) {
    const { delivered, absentFields, key } = facts.source(relation.source);
    if (!delivered) continue;
    const read: Expr[] = [...(where ? [where] : []), ...(mode.kind === 'group' ? Object.values(mode.results) : [])];
    const asked = read.flatMap((e) =>
      [...nodes(e)].flatMap((n) => (n.op === 'field' && n.relation === relation ? [n.field] : [])),
    );
    const unknown = asked.filter((f) => !key.includes(f) && !absentFields.has(f));
    if (unknown.length > 0) fields.set(relation.source, new Set([...(fields.get(relation.source) ?? []), ...unknown]));
  }
  return fields;
}

/** One row: of each field, how many rows have no value. Where none of a column is empty, an engine knows without reading it. */
export const emptyCells = (source: string, fields: Iterable<string>, schema: string, d: Dialect): Sql =>
  `SELECT ${[...fields].map((f) => `count(*) - count(${d.ident(f)}) AS ${d.ident(f)}`).join(', ')} FROM ${schema}.${d.ident(source)}`;

/** The facts, knowing of more fields that they have a value in every row. */
export const withFullFields = (facts: RunFacts, full: ReadonlyMap<string, readonly string[]>): RunFacts => ({
  ...facts,
  source: (id) => ({ ...facts.source(id), fullFields: new Set(full.get(id)) }),
});
