import { createHash } from 'node:crypto';
import { canonicalText } from '../checks/canonical.js';
import type { Expr, Lookup, Relation, Type } from '../checks/ir.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import { aggregateSql, emptyAggregateSql } from './aggregates.js';
import type { RunFacts } from './facts.js';
import type { Frame, LookupNode } from './plan.js';
import { type Place, render } from './render.js';

/** File and row of a row in one number: the first of several rows is their minimum. */
export const AT = '_at';
/** How many rows a group has. */
export const ROWS = '_rows';
export const FILE_SHIFT = 10_000_000_000;

/** Name of a field's column; what ingest derived from it stands beside it. */
const columnName = (field: string, derived?: string) => (derived ? `${field}__${derived}` : field);

type Wanted = { kind: 'column'; name: string } | { kind: 'result'; expr: Expr; type: Type } | { kind: 'exists' };

/**
 * The tables of one frame while its expressions become SQL. Expressions come first and register the columns they need;
 * `from()` then writes the joins, so that a derived table carries what is used and nothing else.
 */
export class FrameTables {
  private readonly outputs = new Map<LookupNode, Map<string, Sql>>();
  private readonly used = new Set<LookupNode>();
  private readonly refused = new Set<string>();

  /** @param schema where rows linked to an enterprise are read from. @param everyone where rows of any enterprise are. */
  constructor(
    private readonly frame: Frame,
    private readonly d: Dialect,
    private readonly facts: RunFacts,
    private readonly schema = 'src',
    private readonly everyone = 'src',
  ) {
    this.place = this.makePlace(
      (relation, name) => (relation.lookup ? undefined : this.direct('e', name)),
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

  /** FROM and its joins, for everything that was asked for so far. */
  from(): Sql {
    const joins = this.joins(this.frame.lookups, 'e', this.place);
    const refused = [...this.refused].map(
      (source) =>
        `LEFT JOIN (SELECT DISTINCT _eid FROM meta.quarantine WHERE source = ${this.d.text(source)} AND scope = 'row' AND _eid IS NOT NULL) ${refusedTable(source)}\n  ON ${refusedTable(source)}._eid = e._eid`,
    );
    return [`FROM ${this.schema}.enterprise e`, ...refused, ...joins].join('\n');
  }

  /** Keys of a lookup may ask an earlier one for a column, so they are written last to first, then turned round. */
  private joins(nodes: readonly LookupNode[], outerTable: Sql, outer: Place): Sql[] {
    const joins: Sql[] = [];
    for (const node of [...nodes].reverse()) {
      if (!this.used.has(node) && node !== this.frame.each) continue;
      const on = this.joinCondition(node, outerTable, outer);
      joins.push(`LEFT JOIN (${indent(this.derived(node))}) ${node.id}\n  ON ${on}`);
    }
    return joins.reverse();
  }

  /** True where a row of the source was refused that is known to be this enterprise's. Undefined where there is none at all. */
  refusedRow(source: string): Sql | undefined {
    if (!this.facts.source(source).refused) return undefined;
    this.refused.add(source);
    return `${refusedTable(source)}._eid IS NOT NULL`;
  }

  private nodeOf(relation: Relation): LookupNode {
    const node = this.frame.node.get(relation);
    if (!node) throw new Error(`no lookup stands for '${relation.alias}'`);
    return node;
  }

  /** A column of a source's own table. */
  private direct(table: Sql, name: string): Sql {
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
        const unreadable = d.listContains(column(relation, '_bad'), d.text(field));
        return `CASE WHEN ${column(relation, field)} IS NOT NULL THEN TRUE WHEN ${column(relation, AT)} IS NULL OR coalesce(${unreadable}, FALSE) THEN NULL ELSE FALSE END`;
      },
    };
  }

  /** Where the rows of a lookup are read: `r` is the row, `n0`, `n1` … are the rows looked up for it. */
  private rowPlace(node: LookupNode): Place {
    return this.makePlace(
      (relation, name) => (this.nodeOf(relation) === node ? this.direct('r', name) : undefined),
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
    const { delivered, complete } = this.facts.source(node.lookup.relation.source);
    const outputs = this.outputsOf(node);
    const found = `${node.id}.${AT} IS NOT NULL`;
    if (wanted.kind === 'column') {
      if (wanted.name !== AT && wanted.name !== ROWS) outputs.set(wanted.name, this.direct('r', wanted.name));
      return `${node.id}.${d.ident(wanted.name)}`;
    }
    // An absent row says something only if the source is complete and what it was looked up by is known.
    const outer = inside ? this.rowPlace(inside) : this.place;
    const keysKnown = node.lookup.keys.map((k) => `${render(k.outer, outer)} IS NOT NULL`);
    const absent = delivered && complete ? (keysKnown.length > 0 ? keysKnown.join(' AND ') : 'TRUE') : undefined;
    if (wanted.kind === 'exists') {
      return absent ? `CASE WHEN ${found} THEN TRUE WHEN ${absent} THEN FALSE END` : `CASE WHEN ${found} THEN TRUE END`;
    }
    const name = this.outputName(wanted);
    const rows: Place = { ...this.rowPlace(node), aggregate: (e) => aggregateSql(e, rows) };
    outputs.set(name, render(wanted.expr, rows));
    const value = `${node.id}.${d.ident(name)}`;
    if (!absent) return value;
    const empty: Place = { ...outer, aggregate: (e) => emptyAggregateSql(e, empty) };
    return `CASE WHEN ${found} THEN ${value} WHEN ${absent} THEN ${render(wanted.expr, empty)} END`;
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
    if (inside || node.lookup.across || node === this.frame.each) return value;
    const refused = this.refusedRow(node.lookup.relation.source);
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

  /** The derived table of a lookup. */
  private derived(node: LookupNode): Sql {
    const { d } = this;
    const { lookup } = node;
    const place = this.rowPlace(node);
    const keys = [
      ...(lookup.across ? [] : ['r._eid AS _eid']),
      ...lookup.keys.map((k, i) => `${render(k.row, place)} AS _k${i}`),
    ];
    const conditions = [
      ...(lookup.across ? [] : ['r._eid IS NOT NULL']),
      ...(lookup.where ? [render(lookup.where, place)] : []),
    ];
    const at = this.direct('r', AT);
    const outputs = [...this.outputsOf(node)].map(([name, sql]) => `${sql} AS ${d.ident(name)}`);
    const { mode } = lookup;
    const grouped = mode.kind === 'group';
    const ranked =
      mode.kind === 'pick' || (mode.kind === 'unique' && this.facts.source(lookup.relation.source).linkedOtherwise);
    const order =
      mode.kind === 'pick' ? `r.${d.ident(mode.field)} ${mode.latest ? 'DESC' : 'ASC'} NULLS LAST, ${at}` : at;
    const keyNames = keys.map((k) => k.replace(/ AS _(eid|k\d+)$/, ''));
    const columns = [
      ...keys,
      grouped ? `min(${at}) AS ${AT}, count(*) AS ${ROWS}` : `${at} AS ${AT}`,
      ...outputs,
      ...(ranked ? [`row_number() OVER (PARTITION BY ${keyNames.join(', ')} ORDER BY ${order}) AS _rank`] : []),
    ];
    // Nested tables come after the outputs that ask for their columns have been written.
    const nested = this.joins(node.nested, 'r', place);
    const schema = lookup.across || (node.parent && isAcross(node.parent)) ? this.everyone : this.schema;
    const sql = [
      `SELECT ${columns.join(',\n  ')}`,
      `FROM ${schema}.${d.ident(lookup.relation.source)} r`,
      ...nested,
      ...(conditions.length > 0 ? [`WHERE ${conditions.join(' AND ')}`] : []),
      ...(grouped ? [`GROUP BY ${keyNames.join(', ')}`] : []),
    ].join('\n');
    return ranked ? `SELECT * FROM (${indent(sql)}) WHERE _rank = 1` : sql;
  }
}

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
