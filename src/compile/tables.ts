import { createHash } from 'node:crypto';
import { canonicalText } from '../checks/canonical.js';
import {
  conjuncts,
  type Expr,
  type Lookup,
  lookupsOf,
  nodes,
  type Relation,
  relationsOf,
  type Type,
} from '../checks/ir.js';
import { canBeUnknown } from '../checks/unknown.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import { aggregateSql, countsRows, emptyAggregateSql } from './aggregates.js';
import { DifferentValues } from './different.js';
import type { RunFacts } from './facts.js';
import { asksForOne, differIn } from './own-key.js';
import type { Frame, LookupNode } from './plan.js';
import { columnName, type Place, render } from './render.js';

/** File and row of a row in one number: the first of several rows is their minimum. */
export const AT = '_at';
/** How many rows a group has. */
export const ROWS = '_rows';
/** Whether a row is in doubt. */
const DOUBT = '_doubt';
/** Whether one of the rows looked at is certain to count. */
const FOUND = '_found';
/** Whether a row is one of those looked for: its `where`. */
const COUNTS = '_counts';
const ORDER = '_order';
const UNREAD = '_unread';
/** The row that was chosen, as a structure, and of how many. */
const CHOSEN = '_chosen';
const CANDIDATES = '_candidates';
/** Names of what is summed up in the rows below a group. */
const SUMMAND = /\b_a\d+\b/g;
/** Before or after every day and every whole number, of 64 bits itself. */
const FAR = '9223372036854775807';
/** Before or after every day, which are of the years 0 to 9999, in days since 1970. */
const FAR_OFF_DAY = 2 ** 22;
/** What `AT` is below, where a day and `AT` have room in 64 bits. */
const SHORT_AT = 2 ** 40;
/** So many values of a row are chosen one by one rather than together. */
const FEW = 3;
/** What is no longer than this may be written twice. */
const SHORT = 60;
export const FILE_SHIFT = 10_000_000_000;

/** A source of so many times the rows of another. */
const MUCH_SMALLER = 0.1;

/** What is longer is asked of all enterprises only where it has to be. */
const SHORT_CONDITION = 400;

interface Column {
  name: string;
  sql: Sql;
}

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
    return this.doubtful(node) ? `${node.id}.${DOUBT}` : undefined;
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
        if (this.readThroughout(relation.source, field)) {
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
      const found = this.doubtful(node) ? `${node.id}.${FOUND}` : `${node.id}.${AT} IS NOT NULL`;
      const nobody = this.doubtful(node) && absent ? `${node.id}.${DOUBT} IS NULL AND ${absent}` : absent;
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
          (arg) => !canBeUnknown(arg, this.hasValue(node)),
          (arg, value) => this.differentOf(node).of(arg, value),
          this.doubtful(node) ? COUNTS : undefined,
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
    const linked = [
      ...(lookup.across ? this.askedFor(node) : ['r._eid IS NOT NULL']),
      ...this.askedByAll(node),
      ...this.askedByFew(node),
      ...this.askedByOther(node),
    ];
    const doubt = this.doubtful(node);
    if (lookup.mode.kind === 'group') {
      const summands = [...(this.summands.get(node) ?? [])].map(([sql, name]) => ({ name, sql }));
      const from = once?.rows;
      // Which of several alike stands first, nobody asks.
      const first = once === undefined ? at : { name: AT, sql: '0' };
      if (!doubt) {
        return this.groupedAtOnce(node, keys, first, summands, outputs, [...linked, ...(where ? [where] : [])], from);
      }
      const rows = this.rows(node, [...keys, first, ...summands, { name: COUNTS, sql: where! }], linked, from);
      return this.grouped(names, outputs, rows, COUNTS);
    }
    if (!doubt && !this.ranked(node))
      return this.rows(node, [...keys, at, ...outputs], [...linked, ...(where ? [where] : [])]);
    // Of a row that is picked, only evidence asks where it stands.
    const told = lookup.mode.kind !== 'pick' || this.counted.has(node) || outputs.length === 0;
    const values = told ? [at, ...outputs] : outputs;
    const columns = [...keys, at, ...outputs, ...this.order(node)];
    const named = values.map((v) => v.name);
    // Where every row that meets the condition counts for certain, columns may be written more than once.
    const certain = lookup.where === undefined || !canBeUnknown(lookup.where, this.hasValue(node));
    if (certain && lookup.mode.kind !== 'each') {
      const conditions = [...linked, ...(where ? [where] : [])];
      const written = new Map(columns.map((c) => [c.name, c.sql]));
      return this.chosen(
        node,
        names,
        named,
        (x) => this.rows(node, x, conditions),
        (name) => written.get(name) as Sql,
      );
    }
    const rows = this.rows(node, [...columns, { name: COUNTS, sql: where ?? 'TRUE' }], linked);
    const candidates = (x: readonly Column[]) =>
      `SELECT ${x.map((c) => `${c.sql} AS ${this.d.ident(c.name)}`).join(',\n  ')}\nFROM (${indent(rows)}) r\nWHERE coalesce(${COUNTS}, TRUE)`;
    return this.chosen(node, names, named, candidates, (name) => this.d.ident(name));
  }

  /** Of rows of any enterprise those that the schema's enterprises ask for, where few ask and the question is one of theirs alone. */
  private askedFor(node: LookupNode): Sql[] {
    if (!this.confined || node.parent) return [];
    const place = this.rowPlace(node);
    return node.lookup.keys
      .map((k) => ({ row: render(k.row, place), asked: render(k.outer, this.place) }))
      .filter(({ asked }) => ofEnterprise(asked))
      .map(({ row, asked }) => `${row} IN (SELECT ${asked} FROM ${this.schema}.enterprise e)`);
  }

  /**
   * The rows that have what every enterprise asks for alike, as the latest month of a source: the one that asks is no key of a join
   * to the source, only of one to its sums, so an engine would sum up the rows of all others as well.
   */
  private askedByAll(node: LookupNode): Sql[] {
    if (!this.large || node.parent) return [];
    const place = this.rowPlace(node);
    return node.lookup.keys.flatMap((k) => {
      const asked = render(k.outer, this.place);
      const from = this.fromNobody(asked);
      return from === undefined ? [] : [`${render(k.row, place)} IN (SELECT ${asked}${from})`];
    });
  }

  /** The rows that few enterprises ask for, where it is known that they are few. */
  private askedByFew(node: LookupNode): Sql[] {
    const condition = this.large ? this.askers(node) : undefined;
    if (condition === undefined || !this.facts.few?.has(condition)) return [];
    const place = this.rowPlace(node);
    const asked = node.lookup.across
      ? node.lookup.keys.map((k) => [render(k.row, place), render(k.outer, this.place)] as const)
      : [['r._eid', 'e._eid'] as const];
    return asked
      .filter(([, of]) => ofEnterprise(of))
      .map(([row, of]) => `${row} IN (SELECT ${of} FROM ${this.schema}.enterprise e WHERE ${condition})`);
  }

  /**
   * The rows that are looked up by what was found in another, much smaller source, as an address by the few that go by another name: an
   * engine would sum up all, since it joins the sums.
   */
  private askedByOther(node: LookupNode): Sql[] {
    if (!this.large || node.parent) return [];
    const place = this.rowPlace(node);
    const rowsOf = (n: LookupNode) => this.facts.source(n.lookup.relation.source).rows;
    return node.lookup.keys.flatMap((k) => {
      const asked = render(k.outer, this.place);
      const [other, ...more] = this.frame.lookups.filter((n) => new RegExp(`\\b${n.id}\\.`).test(asked));
      if (!other || more.length > 0 || /\b(?:e|q_\w+)\./.test(asked)) return [];
      const few = (rowsOf(other) ?? Infinity) <= MUCH_SMALLER * (rowsOf(node) ?? 0);
      if (!few) return [];
      return [`${render(k.row, place)} IN (SELECT ${asked} FROM (${this.derived(other)}) ${other.id})`];
    });
  }

  /**
   * The enterprises of which a check that looks something up may say more than 不适用: a condition upon `e`, of what its checks ask of the
   * enterprise alone, and that there is a key to look up by. Undefined if that may be any, or depends on what else is looked up.
   */
  askers(node: LookupNode): Sql | undefined {
    const { across, keys } = node.lookup;
    if (node.parent || node === this.frame.each) return undefined;
    const outer = across ? keys.map((k) => render(k.outer, this.place)).filter(ofEnterprise) : [];
    if (across && outer.length === 0) return undefined;
    const checks = this.frame.checks.filter((c) =>
      [...lookupsOf(c.lookups)].some((l) => this.frame.node.get(l.relation) === node),
    );
    const asked = checks.map((c) =>
      (c.def.when ? conjuncts(c.when) : [])
        .filter((x) => relationsOf(x).length > 0 && relationsOf(x).every((r) => !r.lookup))
        .map((x) => `coalesce(${render(x, this.place)}, TRUE)`)
        .filter((x) => x.length <= SHORT_CONDITION),
    );
    const any = asked.some((a) => a.length === 0) ? [] : [...new Set(asked.map((a) => a.join(' AND ')))];
    const conditions = [...(any.length > 0 ? [`(${any.join(' OR ')})`] : []), ...outer.map((x) => `${x} IS NOT NULL`)];
    return conditions.length > 0 ? conditions.join(' AND ') : undefined;
  }

  /** The lookups that `asked` reads, joined to no enterprise. Undefined where there are none, or one of them asks the enterprise. */
  private fromNobody(asked: Sql): Sql | undefined {
    const read = (sql: Sql) => this.frame.lookups.filter((n) => new RegExp(`\\b${n.id}\\.`).test(sql));
    if (/\b(?:e|q_\w+)\./.test(asked)) return undefined;
    const nodes = read(asked);
    if (nodes.length === 0) return undefined;
    const joins = nodes.map((n) => ({ node: n, on: this.joinCondition(n, 'e', this.place) }));
    if (joins.some(({ on }) => /\b(?:e|q_\w+)\./.test(on) || read(on).length > 1)) return undefined;
    return ` FROM (SELECT 1 AS nobody) AS nobody ${joins.map(({ node, on }) => `LEFT JOIN (${this.derived(node)}) ${node.id} ON ${on}`).join(' ')}`;
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

  /** Rows that are certain to count, summed up. What is summed up has a column of its own only where it is long. */
  private groupedAtOnce(
    node: LookupNode,
    keys: readonly Column[],
    at: Column,
    summands: readonly Column[],
    outputs: readonly Column[],
    conditions: readonly Sql[],
    from?: Sql,
  ): Sql {
    if (summands.some((s) => s.sql.length > SHORT)) {
      const names = keys.map((k) => k.name);
      return this.grouped(names, outputs, this.rows(node, [...keys, at, ...summands], conditions, from));
    }
    const written = new Map(summands.map((s) => [s.name, s.sql]));
    const columns = [
      ...keys,
      { name: AT, sql: `min(${at.sql})` },
      { name: ROWS, sql: 'count(*)' },
      ...outputs.map((o) => ({ ...o, sql: o.sql.replace(SUMMAND, (name) => written.get(name) ?? name) })),
    ];
    return `${this.rows(node, columns, conditions, from)}\nGROUP BY ${keys.map((k) => k.sql).join(', ')}`;
  }

  private grouped(keys: readonly string[], outputs: readonly Column[], rows: Sql, counts?: string): Sql {
    const { d } = this;
    const columns = [
      ...keys.map((k) => d.ident(k)),
      `min(${counts ? `CASE WHEN ${counts} THEN ${AT} END` : AT}) AS ${AT}`,
      `${counts ? d.countIf(counts) : 'count(*)'} AS ${ROWS}`,
      ...outputs.map((o) => `${o.sql} AS ${d.ident(o.name)}`),
    ];
    const where = counts ? `\nWHERE coalesce(${counts}, TRUE)` : '';
    return `SELECT ${columns.join(',\n  ')}\nFROM (${indent(rows)}) r${where}\nGROUP BY ${keys.map((k) => d.ident(k)).join(', ')}`;
  }

  /** What puts the rows in order: the field, and whether it could be read, where some could not. */
  private order({ lookup: { mode, relation } }: LookupNode): Column[] {
    if (mode.kind !== 'pick') return [];
    const field = { name: ORDER, sql: this.direct('r', relation.source, mode.field) };
    if (this.readThroughout(relation.source, mode.field)) return [field];
    const bad = this.direct('r', relation.source, '_bad');
    const unread = `coalesce(${this.d.listContains(bad, this.d.text(mode.field))}, FALSE)`;
    return [field, { name: UNREAD, sql: unread }];
  }

  private readThroughout(source: string, field: string): boolean {
    const { unreadFields, absentFields } = this.facts.source(source);
    return unreadFields !== undefined && !unreadFields.has(field) && !absentFields.has(field);
  }

  /**
   * One row each. Where it is in doubt whether it is the one, its values are unknown. Of `each`, all rows, as they are. `select` gives
   * columns of the rows that may count; `column` is what a name stands for there.
   */
  private chosen(
    node: LookupNode,
    keys: readonly string[],
    values: readonly string[],
    select: (columns: readonly Column[]) => Sql,
    column: (name: string) => Sql,
  ): Sql {
    const { d } = this;
    const { mode, where, relation } = node.lookup;
    const kept = (name: string): Column => ({ name, sql: column(name) });
    if (mode.kind === 'each') {
      return select([...[...keys, ...values].map(kept), { name: DOUBT, sql: `${COUNTS} IS NULL` }]);
    }
    const sometimesUnread = mode.kind === 'pick' && !this.readThroughout(relation.source, mode.field);
    const sometimesUnknown = where !== undefined && canBeUnknown(where, this.hasValue(node));
    const choice = (x: Sql): Sql => {
      if (mode.kind !== 'pick') return d.firstBy(x, column(AT));
      const order = this.inOrder(mode, column(ORDER), sometimesUnread ? column(UNREAD) : undefined, column(AT));
      return mode.latest ? d.lastBy(x, order) : d.firstBy(x, order);
    };
    // Aggregated, not ranked: a window sorts all candidates with all their values to keep one of each.
    const ofCandidate = (v: Sql) => (sometimesUnknown ? `CASE WHEN ${COUNTS} THEN ${v} END` : v);
    const candidate: Record<string, Sql> = Object.fromEntries(values.map((v, i) => [`v${i}`, ofCandidate(column(v))]));
    if (sometimesUnknown) candidate.doubt = `${COUNTS} IS NULL`;
    if (sometimesUnread) candidate.unread = column(UNREAD);
    // An engine keeps the structure of each row that is the one so far: of many rows with few values it pays to choose each for itself.
    const apart = this.large && values.length > 0 && Object.keys(candidate).length <= FEW;
    const choices = Object.fromEntries(Object.entries(candidate).map(([name, x]) => [name, choice(x)]));
    const candidates = select([
      ...keys.map(kept),
      { name: CHOSEN, sql: apart ? d.struct(choices) : choice(d.struct(candidate)) },
      ...(sometimesUnread ? [{ name: CANDIDATES, sql: 'count(*)' }] : []),
      ...(sometimesUnknown ? [{ name: FOUND, sql: d.anyTrue(COUNTS) }] : []),
    ]);
    const chosen = (name: string) => d.field(CHOSEN, name);
    // One candidate needs no choice; of several, one that cannot be put in order may be the one.
    const undecided = sometimesUnread ? `(${chosen('unread')} AND ${CANDIDATES} > 1)` : undefined;
    const doubt = [...(sometimesUnknown ? [chosen('doubt')] : []), ...(undecided ? [undecided] : [])].join(' OR ');
    const known = values.map((v, i) => {
      const value = chosen(`v${i}`);
      return `${undecided ? `CASE WHEN NOT ${undecided} THEN ${value} END` : value} AS ${d.ident(v)}`;
    });
    const columns = [
      ...keys.map((k) => d.ident(k)),
      ...known,
      `${doubt || 'FALSE'} AS ${DOUBT}`,
      `${sometimesUnknown ? FOUND : `TRUE AS ${FOUND}`}`,
    ];
    return `SELECT ${columns.join(',\n  ')}\nFROM (${indent(`${candidates}\nGROUP BY ${keys.map(column).join(', ')}`)}) r`;
  }

  /**
   * What puts rows in order: what cannot be put in order comes first of all, what has no day to be put in order by last; of equals, the
   * row that stands first. One number, where it can be: structures are compared by making a text of each.
   */
  private inOrder(
    mode: Extract<LookupNode['lookup']['mode'], { kind: 'pick' }>,
    day: Sql,
    unread: Sql | undefined,
    at: Sql,
  ): Sql {
    const { d } = this;
    const { latest, base } = mode;
    if (base === 'date' || base === 'int') {
      // So it is with up to 109 files.
      const short = base === 'date' && (this.facts.files ?? Infinity) * FILE_SHIFT <= SHORT_AT;
      const far = short ? FAR_OFF_DAY : FAR;
      const [first, last] = latest ? [far, `-${far}`] : [`-${far}`, far];
      const number = `coalesce(${base === 'date' ? d.daysBetween(d.date('1970-01-01'), day) : day}, ${last})`;
      const place = unread ? `CASE WHEN ${unread} THEN ${first} ELSE ${number} END` : number;
      return (short ? d.inShortOrder : d.inOrder)(place, latest ? `- ${at}` : at);
    }
    return latest
      ? d.struct({ ...(unread ? { unread } : {}), dated: `${day} IS NOT NULL`, day, at: `- ${at}` })
      : d.struct({ ...(unread ? { read: `NOT ${unread}` } : {}), undated: `${day} IS NULL`, day, at });
  }

  /** Whether the rows of a lookup can be in doubt: their `where`, or their place among several, can be unknown. */
  private doubtful(node: LookupNode): boolean {
    const { where, mode } = node.lookup;
    if (where !== undefined && canBeUnknown(where, this.hasValue(node))) return true;
    return mode.kind === 'pick' && !this.alone(node);
  }

  /** Whether there is at most one row to choose from. */
  private alone(node: LookupNode): boolean {
    return !isAcross(node) && asksForOne(node.lookup, this.facts.source(node.lookup.relation.source));
  }

  /** Of what it is certain, among the rows of a lookup, that it has a value. */
  private hasValue(node: LookupNode): (e: Expr) => boolean {
    const { key, fullFields, absentFields } = this.facts.source(node.lookup.relation.source);
    const full = new Set([...key, ...(fullFields ?? [])].filter((field) => !absentFields.has(field)));
    return (e) => e.op === 'field' && this.frame.node.get(e.relation) === node && full.has(e.field);
  }

  private ranked(node: LookupNode): boolean {
    const { mode, relation } = node.lookup;
    if (mode.kind === 'pick') return !this.alone(node);
    return mode.kind === 'unique' && this.facts.source(relation.source).linkedOtherwise && !this.alone(node);
  }
}

/** Whether SQL reads the columns of the enterprise, and nothing that is looked up for it. */
export const ofEnterprise = (sql: Sql): boolean => /\be\./.test(sql) && !/\b(?:[ln]\d+|q_\w+)\./.test(sql);

/** The last case of several: a condition that always holds needs no words. */
const whenAbsent = (absent: Sql, value: Sql): Sql =>
  absent === 'TRUE' ? `ELSE ${value}` : `WHEN ${absent} THEN ${value}`;

const isAcross = (node: LookupNode): boolean =>
  node.lookup.across || (node.parent !== undefined && isAcross(node.parent));
const refusedTable = (source: string) => `q_${source}`;
const indent = (sql: Sql) => `\n${sql.replace(/^/gm, '    ')}\n  `;

/** From the outermost lookup in view down to `node`. */
function chain(node: LookupNode, inside: LookupNode | undefined): LookupNode[] {
  const path: LookupNode[] = [];
  for (let n: LookupNode | undefined = node; n && n !== inside; n = n.parent) path.unshift(n);
  return path;
}

/** A short name for a long text, the same on every machine. */
const shortName = (text: string): string => `g_${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
