import type { Expr } from '../checks/ir.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { Different } from './aggregates.js';

interface Asked {
  x: Expr;
  value: Sql;
  listed: boolean;
}

/** Stands for such an aggregate in the outputs of a group. */
const NAMES = /\b_(list|count)_different(\d+)\b/g;

/**
 * The different values that a group is asked for. An engine tells values apart in a table of its own for every group, which is most of
 * what such a group costs; how it is said best is known when all is asked for and it is clear which rows are read. Until then
 * expressions have names for them.
 */
export class DifferentValues {
  private readonly asked: Asked[] = [];

  /** The different values of `x`, whose SQL is `value`. */
  of(x: Expr, value: Sql): Different {
    let i = this.asked.findIndex((a) => a.value === value);
    if (i < 0) i = this.asked.push({ x, value, listed: false }) - 1;
    const asked = this.asked[i] as Asked;
    return {
      list: () => {
        asked.listed = true;
        return `_list_different${i}`;
      },
      count: () => `_count_different${i}`,
    };
  }

  /** An output with the aggregates themselves. `apart` is whether no two rows of a group have the same value of an expression. */
  said(output: Sql, apart: (x: Expr) => boolean, d: Dialect): Sql {
    return output.replace(NAMES, (_, what, i) => {
      const { x, value, listed } = this.asked[Number(i)] as Asked;
      const once = apart(x);
      const list = once ? d.collectAll(value) : d.collect(value);
      if (what === 'list') return list;
      if (once) return `count(${value})`;
      // What is collected need not be told apart once more to be counted.
      return listed ? `coalesce(${d.listLength(list)}, 0)` : `count(DISTINCT ${value})`;
    });
  }
}
