import type { Expr } from '../checks/ir.js';
import type { Sql } from '../engine/dialect.js';
import { depthOf, levelOf, sameness } from '../values/address/compare.js';
import { unpackParts } from '../values/address/pack.js';
import { nameKey } from '../values/names.js';
import { languageFunctions } from './language-functions.js';
import type { Place } from './render.js';

/** A call of a function. Addresses are passed as the parts that ingest stored; what must be written out, as it is written. */
export function functionSql(e: Extract<Expr, { op: 'call' }>, p: Place, render: (e: Expr, p: Place) => Sql): Sql {
  const fn = languageFunctions[e.name];
  if (!fn) throw new Error(`no function '${e.name}'`);
  const related = relatedSql(e, p);
  if (related !== undefined) return related;
  const args = e.args.map((arg, i) => {
    const param = fn.params[Math.min(i, fn.params.length - 1)];
    const stored = storedFor(e, i);
    if (stored && arg.op === 'field') return storedSql(arg, stored, p);
    if (param?.type === 'name') return nameSql(arg, p, render);
    if (param?.literal && arg.op === 'literal') return String(arg.value);
    return render(arg, p);
  });
  if (e.name === 'mentions') return mentionsAny(e, p, args, fn.sql);
  return fn.sql(p.d, ...args);
}

/** What ingest has worked out for a call's argument, where that is a field: it is read in place of the field. */
export function storedFor(e: Extract<Expr, { op: 'call' }>, i: number): string | undefined {
  const params = languageFunctions[e.name]?.params ?? [];
  const param = params[Math.min(i, params.length - 1)];
  const arg = e.args[i];
  if (arg?.op !== 'field') return undefined;
  if (param?.type === 'address') return param.stored ?? PARTS;
  return param?.type === 'name' && arg.type.as === 'name' ? 'key' : undefined;
}

const PARTS = 'parts';

function storedSql(arg: Extract<Expr, { op: 'field' }>, stored: string, p: Place): Sql {
  const column = p.field(arg.relation, arg.field, stored);
  if (stored !== PARTS) return column;
  const parts = unpackParts(column, p.d);
  return p.part?.(parts) ?? parts;
}

/** What is read from the relation of two addresses, which is pages of SQL to find. */
const OF_RELATION: Readonly<Record<string, (related: Sql, d: Place['d']) => Sql>> = {
  same_address: sameness,
  address_level: levelOf,
  address_relation: (related) => related,
};

function relatedSql(e: Extract<Expr, { op: 'call' }>, p: Place): Sql | undefined {
  const [a, b, to] = e.args;
  const read = OF_RELATION[e.name];
  if (!read || !p.related || a?.op !== 'field' || b?.op !== 'field') return undefined;
  const depth = depthOf(to?.op === 'literal' ? String(to.value) : undefined);
  return read(p.related(p.field(a.relation, a.field, PARTS), p.field(b.relation, b.field, PARTS), depth), p.d);
}

/** A name as it is compared. */
function nameSql(arg: Expr, p: Place, render: (e: Expr, p: Place) => Sql): Sql {
  const key = nameKey(render(arg, p), p.d);
  return p.part?.(key) ?? key;
}

/** The words of mentions() may be a list: of a parameter, or written out. */
function mentionsAny(
  e: Extract<Expr, { op: 'call' }>,
  p: Place,
  args: Sql[],
  sql: (d: Place['d'], ...args: Sql[]) => Sql,
): Sql {
  const words = e.args.slice(1).flatMap((arg, i) => {
    const value = arg.op === 'param' ? p.facts.params.get(arg.name) : arg.op === 'literal' ? arg.value : undefined;
    return Array.isArray(value) ? value.map((v) => p.d.text(v)) : [args[i + 1] as Sql];
  });
  return words.length === 0 ? 'FALSE' : sql(p.d, args[0] as Sql, ...words);
}
