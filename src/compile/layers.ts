import type { Dialect, Sql } from '../engine/dialect.js';
import { AddressPairs } from './address-pairs.js';
import type { Place } from './render.js';
import { ofEnterprise } from './row-columns.js';

/** A piece of SQL longer than this is worth a name of its own. */
const LONG = 160;
/** One that is longer is work. */
const TOIL = 1000;

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
      ...d.letting((x, fn) => (insideLambda > 0 ? d.let(x, fn) : fn(this.name(x)))),
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

  /**
   * Whether texts of the enterprise are worked on at length though the joined rows are laid out, as they are to compare addresses: a
   * text that many enterprises have is worked on once where the engine reads it, and for each of them where rows are laid out.
   */
  get toilsLate(): boolean {
    return this.pairs.any && this.ofEnterprise().some((layer) => [...layer.keys()].some((sql) => sql.length > TOIL));
  }

  /** How many columns of the joined tables are laid out, as they are to compare addresses. */
  get columnsLaidOut(): number {
    return this.pairs.any ? this.leaves.size : 0;
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
    const depth = 1 + Math.max(0, ...namesIn(sql).map((n) => this.depthOf.get(n) ?? 0));
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

  /**
   * SELECT of `outputs`, expressions over the names, from the joined tables. Where those multiply the enterprise, or
   * `toilsLate` (`hoist`), what is asked of the enterprise alone is worked out before they are joined to it.
   */
  select(outputs: readonly Sql[], tables: { from(enterprise?: Wrap): Sql }, where?: Sql, hoist = false): Sql {
    const hoisted = hoist ? this.ofEnterprise() : [];
    const early = new Set(hoisted.flatMap((layer) => [...layer.values()]));
    const leaves = new Map([...this.leaves, ...[...early].map((name): [Sql, string] => [`e.${name}`, name])]);
    const from = early.size > 0 ? tables.from((table) => stacked(`SELECT * FROM ${table} e`, hoisted)) : tables.from();
    let sql = `SELECT e._eid AS _eid${leaves.size > 0 ? `,\n  ${list(leaves)}` : ''}\n${from}`;
    const late = this.parts.map((layer) => new Map([...layer].filter(([, name]) => !early.has(name))));
    let before = '';
    if (this.pairs.any) {
      const read = [...late.flatMap((layer) => [...layer.keys()]), ...outputs, where ?? ''].flatMap(namesIn);
      const narrowed = this.pairs.narrowed(sql, ['_eid', ...leaves.values()], new Set(read));
      before = `WITH joined AS (\n${narrowed}\n), pairs AS (\n${this.pairs.relation('joined')}\n)\n`;
      sql = this.pairs.joined('joined', 'pairs');
    }
    return `${before}SELECT ${outputs.join(',\n  ')}\nFROM (\n${stacked(sql, late)}\n) AS layer${where ? `\nWHERE ${where}` : ''}`;
  }

  /** Of each layer the part that is of the enterprise alone, over its columns and each other. */
  private ofEnterprise(): ReadonlyMap<Sql, string>[] {
    const said = new Map<string, Sql>();
    for (const [sql, name] of this.leaves) {
      if (ofEnterprise(sql)) said.set(name, `(${sql})`);
    }
    return this.parts.map((layer) => {
      const own = [...layer].filter(([sql]) => namesIn(sql).length > 0 && namesIn(sql).every((n) => said.has(n)));
      const over = own.map(([sql, name]): [Sql, string] => [sql.replace(NAMES, (n) => said.get(n) as Sql), name]);
      for (const [, name] of own) said.set(name, name);
      return new Map(over);
    });
  }
}

type Wrap = (table: Sql) => Sql;

const NAMES = /\b_[chp]\d+\b/g;
const namesIn = (sql: Sql): string[] => sql.match(NAMES) ?? [];

const list = (columns: ReadonlyMap<Sql, string>): Sql =>
  [...columns].map(([sql, name]) => `${sql} AS ${name}`).join(',\n  ');

/** Layers of names, each over those before. */
const stacked = (sql: Sql, layers: readonly ReadonlyMap<Sql, string>[]): Sql =>
  layers
    .filter((layer) => layer.size > 0)
    .reduce((below, layer) => `SELECT *,\n  ${list(layer)}\nFROM (\n${below}\n) AS e`, sql);
