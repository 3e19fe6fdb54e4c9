import { BiduiError, EXIT, type Problem } from '../errors.js';
import type { Dialect, Sql } from './dialect.js';

export type Cell = string | number | boolean | null;
export type Row = Record<string, Cell>;

/** One connection to where SQL runs. Sessions of one engine see the same tables and may work side by side. */
export interface Session {
  readonly dialect: Dialect;
  /** Runs one statement; answers the number of rows it changed. */
  run(sql: string): Promise<number>;
  /** Small results only, as plain values: integers beyond 2^53 and decimals come as text, dates as YYYY-MM-DD. */
  rows<T extends object = Row>(sql: string): Promise<T[]>;
  /** Results of any size, some rows at a time, each the values of its columns. One at a time in a session. */
  stream(sql: string): AsyncIterable<Cell[][]>;
  /**
   * Writes the single text column of a query to a file, a line each, as it stands, in the query's order. What a part of the
   * query sorts stays in that order where nothing but projections and UNION ALL stand above it.
   */
  writeLines(select: string, path: string): Promise<void>;
  /** Writes a query to a Parquet file, with what it says of itself: `small` to be sent, `fast` for ourselves. */
  writeParquet(
    select: string,
    path: string,
    metadata?: Readonly<Record<string, string>>,
    packing?: 'small' | 'fast',
  ): Promise<void>;
  /** All statements of `work`, or none of them. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  close(): void;
}

export interface Engine extends Session {
  /** Another session, to be closed before the engine is. */
  session(): Promise<Session>;
  /**
   * The qualified name of a schema, which must be there, for a table that is read a few times and dropped soon: where tables are not
   * packed, which is dearer than all reading of it, if the table, of so many bytes, is small against the memory there is.
   */
  passing(schema: string, bytes: number): Sql;
  /**
   * Makes the tables of a lasting store visible as `<name>.<table>`. Throws StoreBusy where another process is writing to
   * it, StoreUnusable where it is no such store.
   */
  attach(name: string, path: string, mode: 'read' | 'write'): Promise<void>;
  detach(name: string): Promise<void>;
  /**
   * From now on one thread works on a statement, that of the session that asked for it. Where there is little data the others only
   * wait for it, and waiting costs as much as work. A setting: not once sealed.
   */
  oneThreadEach(): Promise<void>;
  /**
   * From now on SQL reaches no file but those below `dirs`, what is attached, and what the engine spills; and no setting
   * can be changed, this one included. For when the last extract has been read: whatever an extract, a check or a code
   * list might still smuggle into a statement finds nothing to read and nowhere to send it.
   */
  seal(dirs: readonly string[]): Promise<void>;
}

/** Another process has the store; `holder` says which, if the engine knows. */
export class StoreBusy extends Error {
  constructor(readonly holder?: string) {
    super('the store is in use');
  }
}

export class StoreUnusable extends Error {}

/** A statement did not get the memory it wants, not even alone. */
export class MemoryLacking extends BiduiError {
  constructor(problem: Problem) {
    super(EXIT.machine, problem);
  }
}
