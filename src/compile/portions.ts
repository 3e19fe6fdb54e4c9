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

/** As few portions as it takes, about alike: `last` is the last `_eid`, and those from 1 are given without gaps. */
export function portionsOf(last: number, atMost: number): Portion[] {
  const n = Math.ceil(last / atMost);
  const bound = (i: number) => Math.floor((last * i) / n);
  return Array.from({ length: n }, (_, i) => ({ schema: `portion_${i}`, after: bound(i), upTo: bound(i + 1) }));
}

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
