import { createHash } from 'node:crypto';
import { canonicalText } from '../checks/canonical.js';
import { type Expr, type Lookup, nodes, type Relation, type Type } from '../checks/ir.js';
import { canBeUnknown } from '../checks/unknown.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import { aggregateSql, countsRows, emptyAggregateSql } from './aggregates.js';
import { AskedRows } from './asked-rows.js';
import { Certainty, isAcross } from './certainty.js';
import { chosenRow, ORDER, UNREAD } from './choosing.js';
import { DifferentValues } from './different.js';
import type { RunFacts } from './facts.js';
import { differIn } from './own-key.js';
import type { Frame, LookupNode } from './plan.js';
import { columnName, type Place, render } from './render.js';
import { AT, COUNTS, type Column, DOUBT, FILE_SHIFT, FOUND, indent, ROWS } from './row-columns.js';
import { grouped, groupedAtOnce } from './summing-up.js';

/** Which enterprises are looked at: those of the schema, or fewer; and, where rows are judged, which rows. */
export interface Few {
  /** A join to the enterprise `e`. */
  join?: Sql;
  /** File and row in one number (see `AT`) of the row to look at. */
  row?: Sql;
  /** Whether lookups among the rows of any enterprise are confined to what is looked up for the schema's, before they are summed up. */
  confined: boolean;
}

type Wanted = { kind: 'column'; name: string } | { kind: 'result'; expr: Expr; type: Type } | { kind: 'exists' };

/**
 * The tables of one frame while its expressions become SQL. Expressions come first and register the columns they need;
 * `from()` then writes the joins, so that a derived table carries what is used and nothing else.
 */
export class FrameTables {
  private readonly outputs = new Map<LookupNode, Map<string, Sql>>();
  private readonly summands = new Map<LookupNode, Map<Sql, string>>();
  private readonly different = new Map<LookupNode, DifferentValues>();
  private readonly used = new Set<LookupNode>();
  /** Columns of its source that a lookup's rows are read for. */
  private readonly columns = new Map<LookupNode, Set<string>>();
  /** Groups of which it matters how often a row is there. */
  private readonly counted = new Set<LookupNode>();
  /** Sources with refused rows, by the lookup inside which they were asked for (undefined: beside the enterprise). */
  private readonly refused = new Map<LookupNode | undefined, Set<string>>();
  private readonly certain: Certainty;
  private confined = false;
  private large = false;
  /** Columns by the source that they are read from, but for the enterprise of a row: complete once `from()` was written. */
  readonly reads = new Map<string, Set<string>>([['enterprise', new Set()]]);

  /** @param schema where rows linked to an enterprise are read from. @param everyone where rows of any enterprise are. */
  constructor(
    private readonly frame: Frame,
    private readonly d: Dialect,
    private readonly facts: RunFacts,
    private readonly schema = 'src',
    private readonly everyone = 'src',
  ) {
    this.certain = new Certainty(frame, facts);
    this.place = this.makePlace(
      (relation, name) => (relation.lookup ? undefined : this.direct('e', 'enterprise', name)),
      (relation) => this.nodeOf(relation),
      undefined,
    );
  }

  /** Where the checks' own expressions stand: `e` is the enterprise, lookups stand beside it. */
  readonly place: Place;

  /** Where the looked-up rows are judged one by one: true where there is such a row. */
  eachAt(): Sql {
    const node = this.frame.each;
    if (!node) throw new Error('this frame judges enterprises, not rows');
    return this.reference([node], { kind: 'column', name: AT }, undefined);
  }

  /**
   * FROM and its joins, for everything that was asked for so far. `enterprise` may put more beside the columns of that table; `few`
   * leaves few enterprises over, before anything is looked up for them. `large` is whether it pays to leave out of a source at once
   * what nobody asks for.
   */
  from(enterprise?: (table: Sql) => Sql, few?: Few, large = false): Sql {
    this.confined = few?.confined ?? false;
    this.large = large;
    const joins = this.joins(this.frame.lookups, 'e', this.place, few);
    const table = `${this.schema}.enterprise`;
    return [
      `FROM ${enterprise ? `(${indent(enterprise(table))})` : table} e`,
      ...(few?.join ? [few.join] : []),
      ...this.refusedJoins(undefined, 'e'),
      ...joins,
    ].join('\n');
  }

  /** Where each row is judged by itself and its `where` can be unknown: true if that is so of the row. */
  eachInDoubt(): Sql | undefined {
    const node = this.frame.each!;
    return this.certain.doubtful(node) ? `${node.id}.${DOUBT}` : undefined;
  }

  /** True where it is certain that there is no row to judge. */
  eachAbsent(): Sql {
    const node = this.frame.each!;
    const refused = node.lookup.across ? undefined : this.refusedRow(node.lookup.relation.source);
    return [
      `${node.id}.${AT} IS NULL`,
      this.absence(node, undefined) ?? 'FALSE',
      ...(refused ? [`NOT ${refused}`] : []),
    ].join(' AND ');
  }

  /** Keys of a lookup may ask an earlier one for a column, so they are written last to first, then turned round. */
  private joins(nodes: readonly LookupNode[], outerTable: Sql, outer: Place, few?: Few): Sql[] {
    const joins: Sql[] = [];
    for (const node of [...nodes].reverse()) {
      if (!this.used.has(node) && node !== this.frame.each) continue;
      const on = this.joinCondition(node, outerTable, outer);
      const row = few?.row && node === this.frame.each ? ` AND ${node.id}.${AT} = ${few.row}` : '';
      joins.push(`LEFT JOIN (${indent(this.derived(node))}) ${node.id}\n  ON ${on}${row}`);
    }
    return joins.reverse();
  }

  /** True where a row of the source was refused that is known to be this enterprise's. Undefined where there is none at all. */
  refusedRow(source: string, inside?: LookupNode): Sql | undefined {
    if (!this.facts.source(source).refused) return undefined;
    this.refused.set(inside, (this.refused.get(inside) ?? new Set()).add(source));
    return `(${refusedTable(source)}._eid IS NOT NULL)`;
  }

  private refusedJoins(inside: LookupNode | undefined, outerTable: Sql): Sql[] {
    return [...(this.refused.get(inside) ?? [])].map(
      (source) =>
        `LEFT JOIN (SELECT DISTINCT _eid FROM meta.quarantine WHERE source = ${this.d.text(source)} AND scope = 'row' AND _eid IS NOT NULL) ${refusedTable(source)}\n  ON ${refusedTable(source)}._eid = ${outerTable}._eid`,
    );
  }

  private nodeOf(relation: Relation): LookupNode {
    const node = this.frame.node.get(relation);
    if (!node) throw new Error(`no lookup stands for '${relation.alias}'`);
    return node;
  }

  /** A column of a source's own table. */
  private direct(table: Sql, source: string, name: string): Sql {
    const read = this.reads.get(source) ?? new Set();
    this.reads.set(source, read);
    for (const column of name === AT ? ['_file', '_row'] : [name]) read.add(column);
    return name === AT ? `(${table}._file * ${FILE_SHIFT} + ${table}._row)` : `${table}.${this.d.ident(name)}`;
  }

  private makePlace(
    own: (relation: Relation, name: string) => Sql | undefined,
    nodeOf: (relation: Relation) => LookupNode,
    inside: LookupNode | undefined,
  ): Place {
    const { d, facts } = this;
    const wanted = (relation: Relation, w: Wanted): Sql => this.reference(chain(nodeOf(relation), inside), w, inside);
    const column = (relation: Relation, name: string) =>
      own(relation, name) ?? wanted(relation, { kind: 'column', name });
    return {
      d,
      facts,
      field: (relation, field, derived) => column(relation, columnName(field, derived)),
      at: (relation) => column(relation, AT),
      rows: (relation) => (relation.lookup?.mode.kind === 'group' ? column(relation, ROWS) : undefined),
      result: (relation, name, type) => {
        const { mode } = relation.lookup as Lookup;
        if (mode.kind !== 'group') throw new Error(`'${relation.alias}' is not a group`);
        return wanted(relation, { kind: 'result', expr: mode.results[name]!, type });
      },
      exists: (relation) => (own(relation, AT) ? 'TRUE' : wanted(relation, { kind: 'exists' })),
      has: (relation, field) => {
        if (facts.source(relation.source).absentFields.has(field)) return d.cast('NULL', 'bool');
        if (this.certain.readThroughout(relation.source, field)) {
          if (own(relation, field)) return `(${column(relation, field)} IS NOT NULL)`;
          return `CASE WHEN ${column(relation, AT)} IS NOT NULL THEN ${column(relation, field)} IS NOT NULL END`;
        }
        const unreadable = d.listContains(column(relation, '_bad'), d.text(field));
        return `CASE WHEN ${column(relation, field)} IS NOT NULL THEN TRUE WHEN ${column(relation, AT)} IS NULL OR coalesce(${unreadable}, FALSE) THEN NULL ELSE FALSE END`;
      },
    };
  }

  /** Where the rows of a lookup are read: `r` is the row, `n0`, `n1` … are the rows looked up for it. */
  private rowPlace(node: LookupNode): Place {
    return this.makePlace(
      (relation, name) => {
        if (this.nodeOf(relation) !== node) return undefined;
        this.columns.set(node, (this.columns.get(node) ?? new Set()).add(name));
        return this.direct('r', relation.source, name);
      },
      (relation) => this.nodeOf(relation),
      node,
    );
  }

  /**
   * SQL for a value of a lookup, seen from the frame (`inside` undefined) or from the rows of another lookup. `path` leads
   * to it; what lies deeper than one step is handed up as a column of the first.
   */
  private reference(path: LookupNode[], wanted: Wanted, inside: LookupNode | undefined): Sql {
    const [first, ...rest] = path as [LookupNode, ...LookupNode[]];
    this.used.add(first);
    if (rest.length > 0) {
      const name = `${rest.map((n) => n.id).join('$')}$${this.outputName(wanted)}`;
      const outputs = this.outputsOf(first);
      if (!outputs.has(name)) outputs.set(name, this.reference(rest, wanted, first));
      return this.unlessRefused(first, `${first.id}.${this.d.ident(name)}`, inside);
    }
    return this.unlessRefused(first, this.firstHand(first, wanted, inside), inside);
  }

  private firstHand(node: LookupNode, wanted: Wanted, inside: LookupNode | undefined): Sql {
    const { d } = this;
    const outputs = this.outputsOf(node);
    if (wanted.kind === 'column') {
      if (wanted.name === AT || wanted.name === ROWS) this.counted.add(node);
      else outputs.set(wanted.name, this.direct('r', node.lookup.relation.source, wanted.name));
      return `${node.id}.${d.ident(wanted.name)}`;
    }
    const absent = this.absence(node, inside);
    if (wanted.kind === 'exists') {
      const found = this.certain.doubtful(node) ? `${node.id}.${FOUND}` : `${node.id}.${AT} IS NOT NULL`;
      const nobody = this.certain.doubtful(node) && absent ? `${node.id}.${DOUBT} IS NULL AND ${absent}` : absent;
      return `CASE WHEN ${found} THEN TRUE ${nobody ? whenAbsent(nobody, 'FALSE') : ''} END`;
    }
    const name = this.outputName(wanted);
    if ([...nodes(wanted.expr)].some((e) => e.op === 'call' && countsRows(e.name))) this.counted.add(node);
    const rows: Place = {
      ...this.rowPlace(node),
      aggregate: (e) =>
        aggregateSql(
          e,
          rows,
          (arg) => this.summand(node, arg),
          (arg) => !canBeUnknown(arg, this.certain.hasValue(node)),
          (arg, value) => this.differentOf(node).of(arg, value),
          this.certain.doubtful(node) ? COUNTS : undefined,
        ),
    };
    outputs.set(name, render(wanted.expr, rows));
    const value = `${node.id}.${d.ident(name)}`;
    if (!absent) return value;
    const empty: Place = {
      ...(inside ? this.rowPlace(inside) : this.place),
      aggregate: (e) => emptyAggregateSql(e, empty),
    };
    return `CASE WHEN ${node.id}.${ROWS} IS NOT NULL THEN ${value} ${whenAbsent(absent, render(wanted.expr, empty))} END`;
  }

  /**
   * When a row that was not found is known not to be: the source is complete and was delivered with the columns that rows are
   * looked up by, and what they are looked up by is known. Undefined: never.
   */
  private absence(node: LookupNode, inside: LookupNode | undefined): Sql | undefined {
    const { keys, relation } = node.lookup;
    const { delivered, complete } = this.facts.source(relation.source);
    const blind = keys.some((k) =>
      [...nodes(k.row)].some((n) => n.op === 'field' && this.facts.source(n.relation.source).absentFields.has(n.field)),
    );
    if (!delivered || !complete || blind) return undefined;
    const outer = inside ? this.rowPlace(inside) : this.place;
    return keys.map((k) => `${render(k.outer, outer)} IS NOT NULL`).join(' AND ') || 'TRUE';
  }

  /** What is summed up gets a name of its own in the rows below the group. */
  private summand(node: LookupNode, sql: Sql): Sql {
    const summands = this.summands.get(node) ?? new Map<Sql, string>();
    this.summands.set(node, summands);
    const name = summands.get(sql) ?? `_a${summands.size}`;
    summands.set(sql, name);
    return name;
  }

  private outputName(wanted: Wanted): string {
    if (wanted.kind === 'column') return wanted.name;
    if (wanted.kind === 'exists') return '_exists';
    return shortName(this.outputKey(wanted.expr));
  }

  /** Equal aggregates of different checks are one column: their text with names replaced by nodes says so. */
  private outputKey(e: Expr): string {
    return canonicalText(e, (relation) => {
      const node = this.frame.node.get(relation);
      return node ? `${node.id}<${node.parent?.id ?? ''}` : relation.alias;
    });
  }

  /** Where a row of the source was refused that belongs to this enterprise, nothing can be said from the rows that were not. */
  private unlessRefused(node: LookupNode, value: Sql, inside: LookupNode | undefined): Sql {
    if (node.lookup.across || node === this.frame.each) return value;
    const refused = this.refusedRow(node.lookup.relation.source, inside);
    return refused ? `CASE WHEN NOT ${refused} THEN ${value} END` : value;
  }

  private outputsOf(node: LookupNode): Map<string, Sql> {
    let outputs = this.outputs.get(node);
    if (!outputs) {
      outputs = new Map();
      this.outputs.set(node, outputs);
    }
    return outputs;
  }

  private joinCondition(node: LookupNode, outerTable: Sql, outer: Place): Sql {
    const parts = node.lookup.across ? [] : [`${node.id}._eid = ${outerTable}._eid`];
    node.lookup.keys.forEach((k, i) => {
      parts.push(`${node.id}._k${i} = ${render(k.outer, outer)}`);
    });
    return parts.join(' AND ');
  }

  /**
   * The derived table of a lookup. A row whose `where` is unknown may be one of those that count: it stays, marked, so that
   * it neither is taken for one of them nor lets anybody say that there is none.
   */
  private derived(node: LookupNode): Sql {
    const { lookup } = node;
    const place = this.rowPlace(node);
    const keys: Column[] = [
      ...(lookup.across ? [] : [{ name: '_eid', sql: 'r._eid' }]),
      ...lookup.keys.map((k, i) => ({ name: `_k${i}`, sql: render(k.row, place) })),
    ];
    const where = lookup.where && render(lookup.where, place);
    const once = lookup.mode.kind === 'group' ? this.onceEach(node) : undefined;
    const apart = (x: Expr) => this.differ(node, x, keys, once?.columns);
    const outputs = [...this.outputsOf(node)].map(([name, sql]) => ({
      name,
      sql: this.differentOf(node).said(sql, apart, this.d),
    }));
    const at = { name: AT, sql: this.direct('r', lookup.relation.source, AT) };
    const names = keys.map((k) => k.name);
    const linked = this.askedRows().conditions(node);
    const doubt = this.certain.doubtful(node);
    if (lookup.mode.kind === 'group') {
      const summands = [...(this.summands.get(node) ?? [])].map(([sql, name]) => ({ name, sql }));
      const from = once?.rows;
      // Which of several alike stands first, nobody asks.
      const first = once === undefined ? at : { name: AT, sql: '0' };
      if (!doubt) {
        const conditions = [...linked, ...(where ? [where] : [])];
        const rows = (columns: readonly Column[]) => this.rows(node, columns, conditions, from);
        return groupedAtOnce(keys, first, summands, outputs, rows, this.d);
      }
      const rows = this.rows(node, [...keys, first, ...summands, { name: COUNTS, sql: where! }], linked, from);
      return grouped(names, outputs, rows, COUNTS, this.d);
    }
    if (!doubt && !this.certain.ranked(node))
      return this.rows(node, [...keys, at, ...outputs], [...linked, ...(where ? [where] : [])]);
    const { mode } = lookup;
    // Of a row that is picked, only evidence asks where it stands.
    const told = mode.kind !== 'pick' || this.counted.has(node) || outputs.length === 0;
    const values = told ? [at, ...outputs] : outputs;
    const columns = [...keys, at, ...outputs, ...this.order(node)];
    const named = values.map((v) => v.name);
    const choice = {
      sometimesUnread: mode.kind === 'pick' && !this.certain.readThroughout(lookup.relation.source, mode.field),
      sometimesUnknown: this.certain.sometimesUnknown(node),
      ...{ files: this.facts.files, large: this.large, d: this.d },
    };
    // Where every row that meets the condition counts for certain, columns may be written more than once.
    if (!choice.sometimesUnknown && mode.kind !== 'each') {
      const conditions = [...linked, ...(where ? [where] : [])];
      const written = new Map(columns.map((c) => [c.name, c.sql]));
      return chosenRow(
        mode,
        names,
        named,
        (x) => this.rows(node, x, conditions),
        (name) => written.get(name) as Sql,
        choice,
      );
    }
    const rows = this.rows(node, [...columns, { name: COUNTS, sql: where ?? 'TRUE' }], linked);
    const candidates = (x: readonly Column[]) =>
      `SELECT ${x.map((c) => `${c.sql} AS ${this.d.ident(c.name)}`).join(',\n  ')}\nFROM (${indent(rows)}) r\nWHERE coalesce(${COUNTS}, TRUE)`;
    return chosenRow(mode, names, named, candidates, (name) => this.d.ident(name), choice);
  }

  private askedRows(): AskedRows {
    const written = {
      place: this.place,
      rowPlace: (n: LookupNode) => this.rowPlace(n),
      joinCondition: (n: LookupNode, table: Sql, outer: Place) => this.joinCondition(n, table, outer),
      derived: (n: LookupNode) => this.derived(n),
    };
    return new AskedRows(this.frame, this.facts, this.schema, written, this.confined, this.large);
  }

  /** See `AskedRows`. */
  askers(node: LookupNode): Sql | undefined {
    return this.askedRows().askers(node);
  }

  /** The rows of a source with what is wanted of them. Nested tables come last, after the columns that ask for them. */
  private rows(
    node: LookupNode,
    columns: readonly Column[],
    conditions: readonly Sql[],
    from = this.sourceTable(node),
  ): Sql {
    const nested = this.joins(node.nested, 'r', this.rowPlace(node));
    return [
      `SELECT ${columns.map((c) => `${c.sql} AS ${this.d.ident(c.name)}`).join(',\n  ')}`,
      `FROM ${from} r`,
      ...this.refusedJoins(node, 'r'),
      ...nested,
      ...(conditions.length > 0 ? [`WHERE ${conditions.join(' AND ')}`] : []),
    ].join('\n');
  }

  private sourceTable(node: LookupNode): Sql {
    return `${isAcross(node) ? this.everyone : this.schema}.${this.d.ident(node.lookup.relation.source)}`;
  }

  /**
   * The rows of a group for which more has to be looked up, each kind once: where many rows say the same, as those of every month do of
   * a name and a code, they are made one before anything is joined to them. Undefined where that is no gain, or where it matters how
   * many they are.
   */
  private onceEach(node: LookupNode): { rows: Sql; columns: ReadonlySet<string> } | undefined {
    const nested = node.nested.filter((n) => this.used.has(n));
    if (!this.large || nested.length === 0 || this.counted.has(node) || this.refused.has(node)) return undefined;
    const place = this.rowPlace(node);
    for (const n of nested) for (const k of n.lookup.keys) render(k.outer, place);
    const columns = new Set([...(node.lookup.across ? [] : ['_eid']), ...(this.columns.get(node) ?? [])]);
    const { key } = this.facts.source(node.lookup.relation.source);
    // A row is one of its kind if all of its key is read.
    if (columns.has(AT) || key.every((field) => columns.has(field))) return undefined;
    const rows = `(SELECT DISTINCT ${[...columns].map((c) => this.d.ident(c)).join(', ')} FROM ${this.sourceTable(node)})`;
    return { rows, columns };
  }

  /** Whether no two rows of a group have the same value of `x`: `keys` are what rows are grouped by, `once` the columns by which each row is there once. */
  private differ(node: LookupNode, x: Expr, keys: readonly Column[], once?: ReadonlySet<string>): boolean {
    if (x.op !== 'field' || this.frame.node.get(x.relation) !== node) return false;
    const { lookup } = node;
    if (differIn(x.field, lookup, isAcross(node), this.facts.source(lookup.relation.source))) return true;
    const grouped = new Set(keys.map((k) => k.sql));
    const others = [...(once ?? [])].filter((c) => c !== x.field);
    const sql = (c: string) => (c === '_eid' ? 'r._eid' : this.direct('r', lookup.relation.source, c));
    return once !== undefined && others.every((c) => grouped.has(sql(c)));
  }

  private differentOf(node: LookupNode): DifferentValues {
    const different = this.different.get(node) ?? new DifferentValues();
    this.different.set(node, different);
    return different;
  }

  /** What puts the rows in order: the field, and whether it could be read, where some could not. */
  private order({ lookup: { mode, relation } }: LookupNode): Column[] {
    if (mode.kind !== 'pick') return [];
    const field = { name: ORDER, sql: this.direct('r', relation.source, mode.field) };
    if (this.certain.readThroughout(relation.source, mode.field)) return [field];
    const bad = this.direct('r', relation.source, '_bad');
    const unread = `coalesce(${this.d.listContains(bad, this.d.text(mode.field))}, FALSE)`;
    return [field, { name: UNREAD, sql: unread }];
  }
}

/** The last case of several: a condition that always holds needs no words. */
const whenAbsent = (absent: Sql, value: Sql): Sql =>
  absent === 'TRUE' ? `ELSE ${value}` : `WHEN ${absent} THEN ${value}`;

const refusedTable = (source: string) => `q_${source}`;

/** From the outermost lookup in view down to `node`. */
function chain(node: LookupNode, inside: LookupNode | undefined): LookupNode[] {
  const path: LookupNode[] = [];
  for (let n: LookupNode | undefined = node; n && n !== inside; n = n.parent) path.unshift(n);
  return path;
}

/** A short name for a long text, the same on every machine. */
const shortName = (text: string): string => `g_${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
