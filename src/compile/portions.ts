import type { Dialect, Sql } from '../engine/dialect.js';
import type { RunFacts } from './facts.js';

/**
 * Enterprises that are judged at once where there are too many for one statement: those with an `_eid` above `after`, up to `upTo`.
 * What a statement has to keep at a time grows with the enterprises it judges.
 */
export interface Portion {
  /** Where their rows are read from: views, so that every scan is confined before anything is joined or summed up. */
  schema: string;
  after: number;
  upTo: number;
}

/** So many portions of those with an `_eid` above `after`, up to `upTo`, which are given without gaps: about alike. */
export function portionsOf(after: number, upTo: number, n: number): Portion[] {
  const bound = (i: number) => after + Math.floor(((upTo - after) * i) / n);
  return Array.from({ length: n }, (_, i) => portion(bound(i), bound(i + 1)));
}

const portion = (after: number, upTo: number): Portion => ({ schema: `portion_${after}_${upTo}`, after, upTo });

export const inPortion = ({ after, upTo }: Portion): Sql => `_eid > ${after} AND _eid <= ${upTo}`;

/** Statements that leave the schema of a portion, of the rows in `schema`. */
export function portionViews(
  portion: Portion,
  sources: Iterable<string>,
  facts: RunFacts,
  schema: string,
  d: Dialect,
): Sql[] {
  const views = [...sources].map((source) => {
    const where = facts.source(source).linked ? ` WHERE ${inPortion(portion)}` : '';
    return `CREATE VIEW ${portion.schema}.${d.ident(source)} AS SELECT * FROM ${schema}.${d.ident(source)}${where}`;
  });
  return [`CREATE SCHEMA ${portion.schema}`, ...views];
}

/** Makes a table of what is selected of all; of portions the first makes it, and the others add to it. */
export const fill = (table: string, select: Sql, portion?: Portion): Sql =>
  portion && portion.after > 0 ? `INSERT INTO ${table}\n${select}` : `CREATE TABLE ${table} AS\n${select}`;
