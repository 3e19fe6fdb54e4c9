import { conjuncts, lookupsOf, relationsOf } from '../checks/ir.js';
import type { Sql } from '../engine/dialect.js';
import type { RunFacts } from './facts.js';
import type { Frame, LookupNode } from './plan.js';
import { type Place, render } from './render.js';
import { ofEnterprise } from './row-columns.js';

/** A source of so many times the rows of another. */
const MUCH_SMALLER = 0.1;

/** What is longer is asked of all enterprises only where it has to be. */
const SHORT_CONDITION = 400;

/** How the tables of a frame are written. */
export interface Written {
  /** Where the checks' own expressions stand. */
  readonly place: Place;
  /** Where the rows of a lookup are read. */
  rowPlace(node: LookupNode): Place;
  joinCondition(node: LookupNode, outerTable: Sql, outer: Place): Sql;
  /** The derived table of a lookup. */
  derived(node: LookupNode): Sql;
}

/**
 * Which rows of a source a lookup leaves out at once, because nobody asks for them: an engine joins sums and choices to the enterprises,
 * so it would make them of all rows.
 */
export class AskedRows {
  constructor(
    private readonly frame: Frame,
    private readonly facts: RunFacts,
    private readonly schema: string,
    private readonly from: Written,
    /** Whether lookups among the rows of any enterprise are confined to what is looked up for the schema's. */
    private readonly confined: boolean,
    /** Whether it pays to leave out what nobody asks for. */
    private readonly large: boolean,
  ) {}

  /** Conditions upon the rows of a lookup, but for its own. */
  conditions(node: LookupNode): Sql[] {
    return [
      ...(node.lookup.across ? this.askedFor(node) : ['r._eid IS NOT NULL']),
      ...this.askedByAll(node),
      ...this.askedByFew(node),
      ...this.askedByOther(node),
    ];
  }

  /** Of rows of any enterprise those that the schema's enterprises ask for, where few ask and the question is one of theirs alone. */
  private askedFor(node: LookupNode): Sql[] {
    if (!this.confined || node.parent) return [];
    const place = this.from.rowPlace(node);
    return node.lookup.keys
      .map((k) => ({ row: render(k.row, place), asked: render(k.outer, this.from.place) }))
      .filter(({ asked }) => ofEnterprise(asked))
      .map(({ row, asked }) => `${row} IN (SELECT ${asked} FROM ${this.schema}.enterprise e)`);
  }

  /**
   * The rows that have what every enterprise asks for alike, as the latest month of a source: the one that asks is no key of a join
   * to the source, only of one to its sums, so an engine would sum up the rows of all others as well.
   */
  private askedByAll(node: LookupNode): Sql[] {
    if (!this.large || node.parent) return [];
    const place = this.from.rowPlace(node);
    return node.lookup.keys.flatMap((k) => {
      const asked = render(k.outer, this.from.place);
      const from = this.fromNobody(asked);
      return from === undefined ? [] : [`${render(k.row, place)} IN (SELECT ${asked}${from})`];
    });
  }

  /** The rows that few enterprises ask for, where it is known that they are few. */
  private askedByFew(node: LookupNode): Sql[] {
    const condition = this.large ? this.askers(node) : undefined;
    if (condition === undefined || !this.facts.few?.has(condition)) return [];
    const place = this.from.rowPlace(node);
    const asked = node.lookup.across
      ? node.lookup.keys.map((k) => [render(k.row, place), render(k.outer, this.from.place)] as const)
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
    const place = this.from.rowPlace(node);
    const rowsOf = (n: LookupNode) => this.facts.source(n.lookup.relation.source).rows;
    return node.lookup.keys.flatMap((k) => {
      const asked = render(k.outer, this.from.place);
      const [other, ...more] = this.frame.lookups.filter((n) => new RegExp(`\\b${n.id}\\.`).test(asked));
      if (!other || more.length > 0 || /\b(?:e|q_\w+)\./.test(asked)) return [];
      const few = (rowsOf(other) ?? Infinity) <= MUCH_SMALLER * (rowsOf(node) ?? 0);
      if (!few) return [];
      return [`${render(k.row, place)} IN (SELECT ${asked} FROM (${this.from.derived(other)}) ${other.id})`];
    });
  }

  /**
   * The enterprises of which a check that looks something up may say more than 不适用: a condition upon `e`, of what its checks ask of the
   * enterprise alone, and that there is a key to look up by. Undefined if that may be any, or depends on what else is looked up.
   */
  askers(node: LookupNode): Sql | undefined {
    const { across, keys } = node.lookup;
    if (node.parent || node === this.frame.each) return undefined;
    const outer = across ? keys.map((k) => render(k.outer, this.from.place)).filter(ofEnterprise) : [];
    if (across && outer.length === 0) return undefined;
    const checks = this.frame.checks.filter((c) =>
      [...lookupsOf(c.lookups)].some((l) => this.frame.node.get(l.relation) === node),
    );
    const asked = checks.map((c) =>
      (c.def.when ? conjuncts(c.when) : [])
        .filter((x) => relationsOf(x).length > 0 && relationsOf(x).every((r) => !r.lookup))
        .map((x) => `coalesce(${render(x, this.from.place)}, TRUE)`)
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
    const joins = nodes.map((n) => ({ node: n, on: this.from.joinCondition(n, 'e', this.from.place) }));
    if (joins.some(({ on }) => /\b(?:e|q_\w+)\./.test(on) || read(on).length > 1)) return undefined;
    return ` FROM (SELECT 1 AS nobody) AS nobody ${joins.map(({ node, on }) => `LEFT JOIN (${this.from.derived(node)}) ${node.id} ON ${on}`).join(' ')}`;
  }
}
