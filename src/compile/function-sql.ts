import type { Expr } from '../checks/ir.js';
import type { Sql } from '../engine/dialect.js';
import { languageFunctions } from './language-functions.js';
import type { Place } from './render.js';

/** A call of a function. Addresses are passed as the parts that ingest stored; what must be written out, as it is written. */
export function functionSql(e: Extract<Expr, { op: 'call' }>, p: Place, render: (e: Expr, p: Place) => Sql): Sql {
  const fn = languageFunctions[e.name];
  if (!fn) throw new Error(`no function '${e.name}'`);
  const args = e.args.map((arg, i) => {
    const param = fn.params[Math.min(i, fn.params.length - 1)];
    if (param?.type === 'address' && arg.op === 'field') return p.field(arg.relation, arg.field, 'parts');
    if (param?.literal && arg.op === 'literal') return String(arg.value);
    return render(arg, p);
  });
  if (e.name === 'mentions') return mentionsAny(e, p, args, fn.sql);
  const sql = fn.sql(p.d, ...args);
  // `number` functions answer what their arguments are made of; a ratio must not be summed as double.
  return sql;
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
