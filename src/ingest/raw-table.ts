import type { Sql } from '../engine/dialect.js';
import type { Engine, Session } from '../engine/engine.js';
import type { LiveFile } from './live-file.js';

/** What reading one file gave: its rows as text in the engine, and everything that was decided on the way. */
export interface RawTable {
  /**
   * Qualified name of a table or view with columns `_row` (BIGINT, row number as a spreadsheet program shows it, from 1) and
   * c0…cN (VARCHAR, the cell's text as it stands; NULL where empty). Data rows only: titles, headers, blank rows and
   * footers are not in it.
   */
  table: string;
  /** Set where `table` is a view of the file itself. */
  live?: LiveFile;
  /**
   * By the name of a column in `table`: a SELECT of its different cells. Only where they are few against the rows, and found
   * without looking at each row.
   */
  different?: Readonly<Record<string, Sql>>;
  /** Header of each column c0…cN; a two-row header is joined with '/'. Empty where the column has none. */
  headers: string[];
  /** Set when the table was read from a workbook. */
  sheet?: string;
  format: 'csv' | 'xlsx' | 'json' | 'ndjson' | 'parquet' | 'arrow';
  /** What was found and why, for the run record. */
  encoding?: { name: string; reason: string };
  delimiter?: string;
  bytes: number;
  sha256: string;
  counts: {
    /** Rows of data: those in `table` plus those in `malformed`. */
    data: number;
    title: number;
    header: number;
    blank: number;
    /** Totals, "制表人:", remarks below the data. */
    footer: number;
  };
  /** Records that could not be split into cells. They count as quarantined rows. */
  malformed: { row: number; text: string; reason: string }[];
  /** Anything an operator should know: a file name that claims another encoding, hidden sheets passed over … */
  notes: string[];
}

/** The schemas that raw tables stand in: those of small files may have one of their own. */
export const rawSchemas = (engine: Engine): Set<Sql> =>
  new Set([engine.passing('raw', 0), engine.passing('raw', Infinity)]);

/** Takes a raw table, or the view of a file, out of the engine. */
export async function dropRaw(session: Session, raw: Pick<RawTable, 'table' | 'live'>): Promise<void> {
  await session.run(`DROP ${raw.live ? 'VIEW' : 'TABLE'} IF EXISTS ${raw.table}`);
}

/** What the reader may know of the file beforehand: which headers to look for when a title stands above them. */
export interface Expectation {
  /** Accepted names of each field, as the contract gives them. */
  fields: { names: string[]; required: boolean }[];
  /** Name of the sheet, where the contract names one. */
  sheet?: string;
}
