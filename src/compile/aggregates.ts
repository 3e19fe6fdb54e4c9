import type { Expr } from '../checks/ir.js';
import type { Sql } from '../engine/dialect.js';
import { type Place, render, unknown } from './render.js';

type Call = Extract<Expr, { op: 'call' }>;

/** The different values of rows, as an aggregate. */
export interface Different {
  list(): Sql;
  count(): Sql;
}

const NAMES = new Set(['count', 'count_distinct', 'sum', 'min', 'max', 'any', 'all', 'collect']);
const isAggregate = (e: Call) => NAMES.has(e.name);

/**
 * Aggregates over the rows of a group. An unknown among the rows makes the result unknown unless it is decided without
 * it: one true decides any(), one false decides all(). collect() gathers what is there. `summand`
 * names what is summed up in the rows below; `known` is whether that has a value in every row; `different` gives the different values of
 * it, and how many they are. `counts` is whether a row is one of the group; where that is unknown, the row is as an unknown among the others.
 */
export function aggregateSql(
  e: Call,
  p: Place,
  summand: (x: Sql) => Sql,
  known: (x: Expr) => boolean,
  different: (x: Expr, value: Sql) => Different,
  counts?: Sql,
): Sql | undefined {
  if (!isAggregate(e)) return undefined;
  const { d } = p;
  const x = e.args[0] ? summand(render(e.args[0], { ...p, aggregate: undefined })) : '';
  const value = counts ? `CASE WHEN ${counts} THEN ${x} END` : x;
  const meets = counts ? `(${counts} AND ${x})` : x;
  const certain = !counts && e.args.every(known);
  const ifAllKnown = (each: Sql, result: Sql) =>
    certain ? result : `CASE WHEN count(${each}) = count(*) THEN ${result} END`;
  switch (e.name) {
    case 'count':
      if (x) return ifAllKnown(meets, d.countIf(meets));
      return counts ? ifAllKnown(counts, 'count(*)') : 'count(*)';
    case 'count_distinct':
      return ifAllKnown(value, different(e.args[0]!, value).count());
    case 'sum':
      return ifAllKnown(value, e.type.base === 'int' ? d.cast(`sum(${value})`, 'int') : d.sum(value));
    case 'min':
    case 'max':
      return ifAllKnown(value, `${e.name}(${value})`);
    case 'any':
      if (certain) return d.anyTrue(meets);
      return `CASE WHEN ${d.anyTrue(meets)} THEN TRUE WHEN count(${meets}) < count(*) THEN NULL ELSE FALSE END`;
    case 'all': {
      if (certain) return `NOT ${d.anyTrue(`(NOT ${x})`)}`;
      const fails = counts ? `(${counts} AND NOT ${x})` : `(NOT ${x})`;
      return `CASE WHEN ${d.anyTrue(fails)} THEN FALSE WHEN count(${fails}) < count(*) THEN NULL ELSE TRUE END`;
    }
    default:
      return different(e.args[0]!, value).list();
  }
}

/** Whether an aggregate comes out otherwise if a row is there twice. */
export const countsRows = (name: string): boolean => name === 'count' || name === 'sum';

/** The same expression over no rows at all. */
export function emptyAggregateSql(e: Call, p: Place): Sql | undefined {
  if (!isAggregate(e)) return undefined;
  if (e.name === 'count' || e.name === 'count_distinct' || e.name === 'sum') return '0';
  if (e.name === 'any') return 'FALSE';
  if (e.name === 'all') return 'TRUE';
  return e.name === 'collect' ? p.d.textList([]) : unknown(p.d, e.type);
}
