import type { Expr } from '../checks/ir.js';
import type { Sql } from '../engine/dialect.js';
import { type Place, render, unknown } from './render.js';

type Call = Extract<Expr, { op: 'call' }>;

const NAMES = new Set(['count', 'count_distinct', 'sum', 'min', 'max', 'any', 'all', 'collect']);
const isAggregate = (e: Call) => NAMES.has(e.name);

/**
 * Aggregates over the rows of a group. An unknown among the rows makes the result unknown unless it is decided without
 * it: one true decides any(), one false decides all(). collect() gathers what is there.
 */
export function aggregateSql(e: Call, p: Place): Sql | undefined {
  if (!isAggregate(e)) return undefined;
  const { d } = p;
  const x = e.args[0] ? render(e.args[0], { ...p, aggregate: undefined }) : '';
  const ifAllKnown = (value: Sql) => `CASE WHEN count(${x}) = count(*) THEN ${value} END`;
  switch (e.name) {
    case 'count':
      return x ? ifAllKnown(d.countIf(x)) : 'count(*)';
    case 'count_distinct':
      return ifAllKnown(`count(DISTINCT ${x})`);
    case 'sum':
      return ifAllKnown(e.type.base === 'int' ? d.cast(`sum(${x})`, 'int') : d.sum(x));
    case 'min':
    case 'max':
      return ifAllKnown(`${e.name}(${x})`);
    case 'any':
      return `CASE WHEN ${d.anyTrue(x)} THEN TRUE WHEN count(${x}) < count(*) THEN NULL ELSE FALSE END`;
    case 'all':
      return `CASE WHEN ${d.anyTrue(`NOT ${x}`)} THEN FALSE WHEN count(${x}) < count(*) THEN NULL ELSE TRUE END`;
    default:
      return d.collect(x);
  }
}

/** The same expression over no rows at all. */
export function emptyAggregateSql(e: Call, p: Place): Sql | undefined {
  if (!isAggregate(e)) return undefined;
  if (e.name === 'count' || e.name === 'count_distinct' || e.name === 'sum') return '0';
  if (e.name === 'any') return 'FALSE';
  if (e.name === 'all') return 'TRUE';
  return e.name === 'collect' ? p.d.textList([]) : unknown(p.d, e.type);
}
