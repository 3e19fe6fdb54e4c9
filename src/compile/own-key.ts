import type { CheckedCheck } from '../checks/checked.js';
import { conjuncts, type Expr, type Lookup, lookupsOf, nodes } from '../checks/ir.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { RunFacts, SourceFacts } from './facts.js';

/**
 * Whether an enterprise has at most one row that a lookup asks for: each field of the source's key is either asked for or part of who the
 * enterprise is. Then there is nothing to choose among. (Provided it is certain which rows meet the lookup's condition.)
 */
export function asksForOne(lookup: Lookup, { ownKey, ...source }: SourceFacts): boolean {
  if (lookup.across || !ownKey || foundTwiceMaybe(source)) return false;
  const asked = askedFields(lookup);
  return ownKey.every((field) => asked.has(field));
}

/**
 * Whether no two rows that a lookup puts together have the same value in a field: with it, all fields of the source's key would be asked
 * for. `across`: whether they are rows of any enterprise.
 */
export function differIn(
  field: string,
  lookup: Lookup,
  across: boolean,
  { key, ownKey, ...source }: SourceFacts,
): boolean {
  const fields = askedFields(lookup).add(field);
  const named = (by: readonly string[]) => by.every((f) => fields.has(f));
  if (key.length > 0 && named(key)) return true;
  return !across && ownKey !== undefined && !foundTwiceMaybe(source) && named(ownKey);
}

const foundTwiceMaybe = ({ linkedOtherwise, foundOnce }: Pick<SourceFacts, 'linkedOtherwise' | 'foundOnce'>): boolean =>
  linkedOtherwise && !foundOnce;

/** Fields of its source that have one value in all rows that a lookup gives for one asker. */
function askedFields({ keys, relation, where }: Lookup): Set<string> {
  const fieldOf = (e: Expr) => (e.op === 'field' && e.relation === relation ? [e.field] : []);
  const fixed = (where ? conjuncts(where) : []).flatMap((e) => {
    if (e.op !== 'call' || e.name !== '==') return [];
    const [a, b] = e.args as [Expr, Expr];
    return [...(sameForAll(b) ? fieldOf(a) : []), ...(sameForAll(a) ? fieldOf(b) : [])];
  });
  return new Set([...keys.flatMap((k) => fieldOf(k.row)), ...fixed]);
}

const sameForAll = (e: Expr): boolean => ![...nodes(e)].some((n) => 'relation' in n);

/** Sources of which single rows are looked up, and of which it has to be asked whether an enterprise was found by one way alone. */
export function sourcesToAsk(checks: readonly CheckedCheck[], facts: RunFacts): string[] {
  const sources = checks
    .flatMap((c) => [...lookupsOf(c.lookups)])
    .filter((l) => !l.across && (l.mode.kind === 'unique' || l.mode.kind === 'pick'))
    .map((l) => l.relation.source);
  return [...new Set(sources)].filter((s) => {
    const { delivered, ownKey, linkedOtherwise } = facts.source(s);
    return delivered && ownKey !== undefined && linkedOtherwise;
  });
}

/** A row where an enterprise has two rows of one key: those that were found otherwise than by code are few, and nobody else can. */
export function foundTwice(source: string, ownKey: readonly string[], schema: string, d: Dialect): Sql {
  const table = `${schema}.${d.ident(source)}`;
  const key = ['_eid', ...ownKey.map((f) => d.ident(f))].join(', ');
  return `SELECT 1 AS twice WHERE EXISTS (SELECT 1 FROM ${table} WHERE _eid IN (SELECT _eid FROM ${table} WHERE _match <> 'uscc') GROUP BY ${key} HAVING count(*) > 1)`;
}

/** The facts, knowing which sources have no such row. */
export const withFoundOnce = (facts: RunFacts, once: ReadonlySet<string>): RunFacts => ({
  ...facts,
  source: (id) => ({ ...facts.source(id), foundOnce: once.has(id) }),
});
