import type { Dialect, Sql } from '../engine/dialect.js';
import { relationOfParts } from '../values/address/compare.js';
import { partOf, splitParts } from '../values/address/pack.js';
import type { AddressPart } from '../values/address/parse.js';
import type { AddressDepth } from '../values/index.js';

/** Whether the two of a pair are equal. */
const alikeName = (i: number): string => `_alike${i}`;

interface Pair {
  a: Sql;
  b: Sql;
  depth: AddressDepth;
  name: string;
}

/**
 * Addresses that a frame compares with each other. How two addresses relate is an expression so long that an engine needs
 * more time to prepare it than to work it out for a park; and most pairs are two copies of one text, or the same pair
 * for the tenth time. So the pairs of all comparisons of a frame are gathered, each that differs is looked at once, by one
 * expression for each depth, and the answers are joined to the rows.
 */
export class AddressPairs {
  private readonly pairs = new Map<string, Pair>();

  constructor(private readonly d: Dialect) {}

  get any(): boolean {
    return this.pairs.size > 0;
  }

  /** A name for the relation of two packed addresses, which are columns of the rows. */
  name(a: Sql, b: Sql, depth: AddressDepth): string {
    const key = `${a} ${b} ${depth}`;
    const pair = this.pairs.get(key) ?? { a, b, depth, name: `_p${this.pairs.size}` };
    this.pairs.set(key, pair);
    return pair.name;
  }

  /**
   * The relation `pairs` of all pairs that differ, with a column for each depth. `rows` has the addresses. Each part that is
   * asked for is a column of its own: an engine makes room for what a function gives wherever the function stands, and parts are
   * read hundreds of times.
   */
  relation(rows: string): Sql {
    const { d } = this;
    const sides = this.sides().map(([a, b]) => `SELECT ${a} AS a, ${b} AS b FROM ${rows}`);
    const depths = [...new Set(this.list().map((p) => p.depth))];
    const asked = new Map<string, Sql>();
    const part = (side: 'a' | 'b') => (name: AddressPart) => {
      asked.set(`${side}_${name}`, partOf(`split_${side}`, name, d));
      return `${side}_${name}`;
    };
    const related = depths.map((depth) => `${relationOfParts(part('a'), part('b'), d, depth)} AS ${depth}`);
    return `SELECT a, b, ${related.join(',\n  ')}
FROM (
  SELECT a, b, ${[...asked].map(([name, sql]) => `${sql} AS ${name}`).join(', ')}
  FROM (
    SELECT a, b, ${splitParts('a', d)} AS split_a, ${splitParts('b', d)} AS split_b
    FROM (SELECT DISTINCT a, b FROM (${sides.join(' UNION ALL ')}) AS sides WHERE a <> b) AS different
  ) AS split
) AS taken_apart`;
  }

  /**
   * The rows as they are kept while pairs are looked up: whether the two of a pair are equal, and addresses where they differ, unless
   * `readElsewhere`. Most are copies of one text, and long: without them the rows take little room.
   */
  narrowed(rows: Sql, columns: readonly string[], readElsewhere: ReadonlySet<string>): Sql {
    const partners = new Map<string, string[]>();
    for (const [a, b] of this.sides()) {
      partners.set(a, [...(partners.get(a) ?? []), b]);
      partners.set(b, [...(partners.get(b) ?? []), a]);
    }
    const kept = columns.map((c) => {
      const others = readElsewhere.has(c) ? undefined : partners.get(c);
      return others ? `CASE WHEN ${others.map((o) => `${c} <> ${o}`).join(' OR ')} THEN ${c} END AS ${c}` : c;
    });
    const alike = this.sides().map(([a, b], i) => `${a} = ${b} AS ${alikeName(i)}`);
    return `SELECT ${[...kept, ...alike].join(', ')}\nFROM (\n${rows}\n) AS wide`;
  }

  /** Narrowed rows with the relations beside their columns. */
  joined(rows: string, pairs: string): Sql {
    const sides = this.sides();
    // Packed addresses that are equal are written alike; one that is NULL relates to nothing.
    const columns = this.list().map((p) => {
      const i = sides.findIndex(([a, b]) => a === p.a && b === p.b);
      return `CASE WHEN ${rows}.${alikeName(i)} THEN 'exact' ELSE q${i}.${p.depth} END AS ${p.name}`;
    });
    const joins = sides.map(
      ([a, b], i) => `LEFT JOIN ${pairs} AS q${i} ON q${i}.a = ${rows}.${a} AND q${i}.b = ${rows}.${b}`,
    );
    return `SELECT ${rows}.*,\n  ${columns.join(',\n  ')}\nFROM ${rows}\n${joins.join('\n')}`;
  }

  /** The two of each pair, once for all depths. */
  private sides(): [Sql, Sql][] {
    return [...new Map(this.list().map(({ a, b }) => [`${a} ${b}`, [a, b] as [Sql, Sql]])).values()];
  }

  private list(): Pair[] {
    return [...this.pairs.values()];
  }
}
