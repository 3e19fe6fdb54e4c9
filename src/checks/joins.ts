import type { Contract } from '../config/contract.js';
import { didYouMean } from '../config/nearest.js';
import type { Path } from '../config/yaml.js';
import { BROKEN, conjuncts, type Expr, type Lookup, type LookupMode, type Relation, relationsOf } from './ir.js';
import { SyntaxFault } from './syntax.js';
import type { Join } from './theme.js';
import { fieldType, type Scope, typed } from './typing.js';

/** Tells a fault at a path of the theme; `at` is a character of the text there. */
export type Tell = (path: Path, fault: { what: string; fix?: string; at?: number }) => void;

/** Everything but the relations in view, which grow join by join. */
export type ScopeBase = Omit<Scope, 'relations' | 'values' | 'aggregates'>;

/**
 * Types the joins under `with`. `outer` are the relations their `on` may speak of; it is added to, so that later joins and
 * the check's own expressions see the new names.
 */
export function typeJoins(
  joins: Record<string, Join>,
  outer: Map<string, Relation>,
  base: ScopeBase,
  sources: ReadonlyMap<string, Contract>,
  path: Path,
  tell: Tell,
): Lookup[] {
  const lookups: Lookup[] = [];
  for (const [alias, join] of Object.entries(joins)) {
    const here = [...path, alias];
    if (outer.has(alias) || alias === 'param' || alias === 'as_of') {
      tell(here, { what: `the name '${alias}' is taken already`, fix: 'choose another name for this row' });
      continue;
    }
    if (!sources.has(join.from)) {
      tell([...here, 'from'], {
        what: `no source '${join.from}'`,
        fix: didYouMean(join.from, sources.keys()) ?? 'describe it in checks/sources/ first',
      });
      outer.set(alias, { alias, source: join.from, broken: true });
      continue;
    }
    lookups.push(typeJoin(alias, join, outer, base, sources, here, tell));
  }
  return lookups;
}

function typeJoin(
  alias: string,
  join: Join,
  outer: Map<string, Relation>,
  base: ScopeBase,
  sources: ReadonlyMap<string, Contract>,
  path: Path,
  tell: Tell,
): Lookup {
  const contract = sources.get(join.from)!;
  const relation: Relation = { alias, source: join.from };
  // Until the mode is set, last of all, the name stands for a single row: what `on`, `where` and `group` speak of.
  const lookup: Lookup = { relation, across: join.across, keys: [], nested: [], mode: { kind: 'unique' } };
  relation.lookup = lookup;

  const rows = new Map([[alias, relation]]);
  const owner = join.across ? undefined : ownerOf();
  // What is looked up for each row, its conditions and values may speak of the row's enterprise.
  const inside = new Map([...(owner ? [['enterprise', owner.relation] as const] : []), ...rows]);
  lookup.nested = typeJoins(join.with, inside, base, sources, [...path, 'with'], tell);
  for (const [name, nested] of inside) if (nested !== owner?.relation) rows.set(name, nested);
  for (const nested of lookup.nested.filter((n) => n.mode.kind === 'each')) {
    tell([...path, 'with', nested.relation.alias, 'each'], {
      what: `rows of ${nested.relation.source} are looked up for each row of '${alias}', and are not judged by themselves`,
      fix: 'pick one, group them, or put the join beside the others of the check',
    });
  }

  const read = (at: Path, text: string, scope: Scope): Expr =>
    typed(text, scope, (fault) => tell(at, { what: fault.message, fix: fault.fix, at: fault.at }));
  const scope = (relations: Map<string, Relation>, aggregates = false): Scope => ({
    ...base,
    relations,
    values: new Map(),
    aggregates,
  });

  if (join.on) {
    const on = read([...path, 'on'], join.on, scope(new Map([...outer, ...rows])));
    try {
      if (on.op !== 'broken') lookup.keys = keysOf(on, new Set(rows.values()));
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      tell([...path, 'on'], { what: error.message, fix: error.fix, at: error.at });
    }
  }
  if (join.where) {
    const where = read([...path, 'where'], join.where, scope(inside));
    if (where.op !== 'broken' && where.type.base !== 'bool') {
      tell([...path, 'where'], { what: '`where` is a condition, true or false', at: 0 });
    }
    lookup.where = where;
  }

  const modes = [join.pick && 'pick', join.each && 'each', join.group && 'group'].filter(Boolean);
  if (modes.length > 1) tell(path, { what: `${modes.join(' and ')} exclude each other`, fix: 'keep one of them' });
  if (join.across && !join.on) {
    tell([...path, 'across'], { what: 'across: true needs an `on`', fix: 'say which rows of the source are meant' });
  }
  if (!join.across && !contract.subject) {
    tell([...path, 'from'], {
      what: `rows of ${join.from} are about no enterprise`,
      fix: 'add `across: true` and say in `on` which rows are meant',
    });
  }
  lookup.mode = modeOf(join, relation, inside, contract, path, tell, read, scope) ?? lookup.mode;
  if (modes.length === 0 && !brokenKeys(join, lookup) && (join.across || contract.subject)) {
    const free = freeKey(contract, lookup);
    if (free.length > 0) {
      tell(path, {
        what: `several rows of ${join.from} may match: nothing fixes ${free.map((f) => `'${f}'`).join(', ')} of its key`,
        fix: 'add `pick: latest FIELD`, `each: true` or `group:`, or fix the rest of the key in `on` or `where`',
      });
    }
  }
  if (owner && speaksOf(lookup, owner.relation)) lookup.nested.unshift(owner);
  outer.set(alias, relation);
  if (lookup.mode.kind !== 'group') for (const [name, nested] of rows) outer.set(name, nested);
  return lookup;
}

/** The enterprise that a row belongs to, as a row looked up for it. */
function ownerOf(): Lookup {
  const relation: Relation = { alias: 'enterprise', source: 'enterprise' };
  relation.lookup = { relation, across: false, keys: [], nested: [], mode: { kind: 'unique' } };
  return relation.lookup;
}

function speaksOf(lookup: Lookup, relation: Relation): boolean {
  const { where, mode, nested } = lookup;
  const expressions = [
    ...(where ? [where] : []),
    ...(mode.kind === 'group' ? Object.values(mode.results) : []),
    ...nested.flatMap((n) => n.keys.map((k) => k.outer)),
  ];
  return expressions.some((e) => relationsOf(e).includes(relation));
}

function modeOf(
  join: Join,
  relation: Relation,
  rows: Map<string, Relation>,
  contract: Contract,
  path: Path,
  tell: Tell,
  read: (at: Path, text: string, scope: Scope) => Expr,
  scope: (relations: Map<string, Relation>, aggregates?: boolean) => Scope,
): LookupMode | undefined {
  if (join.pick) {
    const [order, field] = join.pick.split(' ') as [string, string];
    const definition = contract.fields[field];
    if (!definition) {
      tell([...path, 'pick'], {
        what: `no field '${field}' in ${relation.source}`,
        at: order.length + 1,
        fix: didYouMean(field, Object.keys(contract.fields)),
      });
      return undefined;
    }
    return { kind: 'pick', latest: order === 'latest', field, base: fieldType(definition).base };
  }
  if (join.each) return { kind: 'each' };
  if (!join.group) return undefined;
  const results: Record<string, Expr> = {};
  for (const [name, text] of Object.entries(join.group)) {
    const at = [...path, 'group', name];
    const result = read(at, text, scope(rows, true));
    const summed = result.op === 'broken' || hasAggregate(result);
    if (!summed) {
      tell(at, {
        what: 'a group value sums up rows',
        fix: 'wrap it in count, sum, min, max, any, all or collect',
        at: 0,
      });
    }
    results[name] = summed ? result : BROKEN;
  }
  return { kind: 'group', results };
}

const hasAggregate = (e: Expr): boolean =>
  e.op === 'call' && (/^(count|count_distinct|sum|min|max|any|all|collect)$/.test(e.name) || e.args.some(hasAggregate));

/** `on` says equalities: one side is about the row, the other about what is known already. */
function keysOf(on: Expr, rows: ReadonlySet<Relation>): Lookup['keys'] {
  return conjuncts(on).map((part) => {
    if (part.op !== 'call' || part.name !== '==') {
      throw new SyntaxFault(
        '`on` is made of equalities joined by &&',
        0,
        'move other conditions to `where`, or to `when` of the check',
      );
    }
    const [a, b] = part.args as [Expr, Expr];
    const inside = (e: Expr) => relationsOf(e).map((r) => rows.has(r));
    const row = inside(a).length > 0 && inside(a).every(Boolean) ? a : b;
    const outer = row === a ? b : a;
    if (!(inside(row).length > 0 && inside(row).every(Boolean)) || inside(outer).some(Boolean)) {
      throw new SyntaxFault('each equality in `on` has the row on one side and what is known already on the other', 0);
    }
    return { row, outer };
  });
}

/** What fixes the key could not be read: then it may well fix it. */
const brokenKeys = (join: Join, lookup: Lookup): boolean =>
  lookup.where?.op === 'broken' || (join.on !== undefined && lookup.keys.length === 0);

/** Key fields of the source that neither the enterprise, nor `on`, nor an equality in `where` fixes. */
function freeKey(contract: Contract, lookup: Lookup): string[] {
  const fixed = new Set<string>();
  const own = (e: Expr) => e.op === 'field' && e.relation === lookup.relation && fixed.add(e.field);
  // Rows that share a credit code are one enterprise's; those found by another name are put in order, and the first is taken.
  const { uscc, ...others } = contract.subject ?? {};
  if (!lookup.across) for (const field of uscc ? [uscc] : Object.values(others)) if (field) fixed.add(field);
  for (const { row } of lookup.keys) own(row);
  for (const part of lookup.where ? conjuncts(lookup.where) : []) {
    if (part.op !== 'call' || part.name !== '==') continue;
    const [a, b] = part.args as [Expr, Expr];
    if (relationsOf(b).length === 0) own(a);
    if (relationsOf(a).length === 0) own(b);
  }
  return contract.key.filter((f) => !fixed.has(f));
}
