import type { Dialect, Sql } from '../engine/dialect.js';
import { AddressPairs } from './address-pairs.js';
import type { Place } from './render.js';

/** A piece of SQL longer than this is worth a name of its own. */
const LONG = 160;

/**
 * Gives names to what expressions read from the joined tables, and to their larger parts, and writes them as projections
 * one above the other. So every part is written, planned and computed once, however many checks, conditions and messages
 * use it: the comparison of two addresses alone is pages of SQL.
 */
export class Layers {
  private readonly leaves = new Map<Sql, string>();
  private readonly parts: Map<Sql, string>[] = [];
  private readonly depthOf = new Map<string, number>();
  private readonly pairs: AddressPairs;

  /** Where expressions stand that are to be layered; `base` is where the joined tables are in view. */
  readonly place: Place;

  constructor(base: Place) {
    this.pairs = new AddressPairs(base.d);
    this.place = {
      ...base,
      d: this.withLayeredLet(base.d),
      field: (...args) => this.leaf(base.field(...args)),
      result: (...args) => this.leaf(base.result(...args)),
      exists: (...args) => this.leaf(base.exists(...args)),
      has: (...args) => this.leaf(base.has(...args)),
      at: (...args) => this.leaf(base.at(...args)),
      rows: (relation) => {
        const rows = base.rows(relation);
        return rows === undefined ? undefined : this.leaf(rows);
      },
      related: (a, b, depth) => {
        const name = this.pairs.name(a, b, depth);
        this.depthOf.set(name, 0);
        return name;
      },
      part: (sql) => (sql.length > LONG ? this.name(sql) : sql),
    };
  }

  /**
   * Where an engine has to make a lambda of a `let`, evaluated by an executor of its own, here is a better place for the value:
   * a column of the layer below. Inside the engine's own lambdas, whose variable no layer knows, it stays as it was.
   */
  private withLayeredLet(d: Dialect): Dialect {
    let insideLambda = 0;
    return {
      ...d,
      let: (x, fn) => (insideLambda > 0 ? d.let(x, fn) : fn(this.name(x))),
      listMap: (list, fn) =>
        d.listMap(list, (item) => {
          insideLambda += 1;
          try {
            return fn(item);
          } finally {
            insideLambda -= 1;
          }
        }),
    };
  }

  /** A name for an expression over the joined tables. */
  leaf(sql: Sql): Sql {
    let name = this.leaves.get(sql);
    if (!name) {
      name = `_c${this.leaves.size}`;
      this.leaves.set(sql, name);
      this.depthOf.set(name, 0);
    }
    return name;
  }

  /** A name for an expression over names given before. */
  name(sql: Sql): Sql {
    if (this.depthOf.has(sql)) return sql;
    const depth = 1 + Math.max(0, ...(sql.match(/\b_[chp]\d+\b/g) ?? []).map((n) => this.depthOf.get(n) ?? 0));
    const layer = this.parts[depth - 1] ?? new Map<Sql, string>();
    this.parts[depth - 1] = layer;
    let name = layer.get(sql);
    if (!name) {
      name = `_h${this.parts.reduce((n, l) => n + (l?.size ?? 0), 0)}`;
      layer.set(sql, name);
      this.depthOf.set(name, depth);
    }
    return name;
  }

  /** SELECT of `outputs`, expressions over the names, from the joined tables. */
  select(outputs: readonly Sql[], from: Sql, where?: Sql): Sql {
    const list = (columns: ReadonlyMap<Sql, string>) =>
      [...columns].map(([sql, name]) => `${sql} AS ${name}`).join(',\n  ');
    let sql = `SELECT e._eid AS _eid${this.leaves.size > 0 ? `,\n  ${list(this.leaves)}` : ''}\n${from}`;
    let before = '';
    if (this.pairs.any) {
      before = `WITH joined AS (\n${sql}\n), pairs AS (\n${this.pairs.relation('joined')}\n)\n`;
      sql = this.pairs.joined('joined', 'pairs');
    }
    for (const layer of this.parts) sql = `SELECT *,\n  ${list(layer)}\nFROM (\n${sql}\n) AS layer`;
    return `${before}SELECT ${outputs.join(',\n  ')}\nFROM (\n${sql}\n) AS layer${where ? `\nWHERE ${where}` : ''}`;
  }
}
