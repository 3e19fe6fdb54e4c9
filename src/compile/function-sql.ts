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
    if (param?.type === 'address' && arg.op === 'field') return addressSql(arg, param.stored, p);
    if (param?.type === 'name') return nameSql(arg, p, render);
    if (param?.literal && arg.op === 'literal') return String(arg.value);
    return render(arg, p);
  });
  if (e.name === 'mentions') return mentionsAny(e, p, args, fn.sql);
  return fn.sql(p.d, ...args);
}

function addressSql(arg: Extract<Expr, { op: 'field' }>, stored: string | undefined, p: Place): Sql {
  if (stored) return p.field(arg.relation, arg.field, stored);
  const parts = unpackParts(p.field(arg.relation, arg.field, 'parts'), p.d);
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
  return read(p.related(p.field(a.relation, a.field, 'parts'), p.field(b.relation, b.field, 'parts'), depth), p.d);
}

/** A name as it is compared: ingest has worked it out for a field that is one. */
function nameSql(arg: Expr, p: Place, render: (e: Expr, p: Place) => Sql): Sql {
  if (arg.op === 'field' && arg.type.as === 'name') return p.field(arg.relation, arg.field, 'key');
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
