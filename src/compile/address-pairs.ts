import type { Dialect, Sql } from '../engine/dialect.js';
import { relationOfParts } from '../values/address/compare.js';
import { partOf, splitParts } from '../values/address/pack.js';
import type { AddressPart } from '../values/address/parse.js';
import type { AddressDepth } from '../values/index.js';

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
    const sides = [...new Set(this.list().map((p) => `SELECT ${p.a} AS a, ${p.b} AS b FROM ${rows}`))];
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

  /** Rows with the relations beside their columns. */
  joined(rows: string, pairs: string): Sql {
    // Packed addresses that are equal are written alike; one that is NULL relates to nothing.
    const columns = this.list().map(
      (p, i) => `CASE WHEN ${rows}.${p.a} = ${rows}.${p.b} THEN 'exact' ELSE q${i}.${p.depth} END AS ${p.name}`,
    );
    const joins = this.list().map(
      (p, i) => `LEFT JOIN ${pairs} AS q${i} ON q${i}.a = ${rows}.${p.a} AND q${i}.b = ${rows}.${p.b}`,
    );
    return `SELECT ${rows}.*,\n  ${columns.join(',\n  ')}\nFROM ${rows}\n${joins.join('\n')}`;
  }

  private list(): Pair[] {
    return [...this.pairs.values()];
  }
}
