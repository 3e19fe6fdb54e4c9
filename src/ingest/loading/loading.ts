import type { Contract } from '../../config/contract.js';
import type { Session } from '../../engine/engine.js';
import type { Entry } from '../cache/entry.js';
import type { Key } from '../cache/ingest-cache.js';
import type { FileColumn } from '../columns.js';
import type { LinkMethod } from '../link.js';
import type { HeaderMap } from '../map-headers.js';
import { dropRaw, type RawTable } from '../raw-table.js';
import { derivedColumns, type TypedField } from '../sources.js';
import type { TypedRows } from '../type-rows.js';
import type { InputFile } from './options.js';

/** A source on its way from text to `src.<source>`. */
export interface Loading {
  contract: Contract;
  fields: TypedField[];
  files: { input: InputFile; raw: RawTable; headers: HeaderMap; columns: FileColumn[] }[];
  /** Of fields and what is derived from them, the columns that somebody will read; undefined where all may be. */
  asked?: ReadonlySet<string>;
  /** There as soon as the texts of all sources are read. */
  typed?: TypedRows;
  conflictingKeys: number;
  /** Rows of keys that stand there more than once, and do not stay. */
  repeats: number;
  /** Whether any cell may not be readable or any key blank. */
  faults: boolean;
  /** What is stored. */
  loaded: LoadedRows[];
  notes: string[];
  seconds: number;
  /** What it is known by in the cache, and what lay there. */
  key?: Key;
  kept?: Entry;
}

/** How many rows of a file found their enterprise in which way, how many of them have a credit code, and a field in `_bad`. */
export interface LoadedRows {
  file: number;
  method: LinkMethod | null;
  n: number;
  coded: number;
  faulty: number;
}

/** Files of a source stand together in the order of the run's files. */
export const baseOf = (l: Loading): number => l.files[0]?.input.index ?? 0;

export const dataRows = (l: Loading): number => l.files.reduce((sum, f) => sum + f.raw.counts.data, 0);

/** The columns of typed rows but for those that tell what is wrong with them. */
export const typedColumns = (l: Loading): string[] => [
  ...l.fields.flatMap((f) => [f.id, ...derivedColumns(f).map((x) => x.name)]),
  '_file',
  '_row',
  '_bad',
];

/** The columns of `src.<source>` but for those of the link: to write one takes longer than all else that is done with it. */
export function storedColumns(l: Loading): string[] {
  const { asked, contract } = l;
  if (!asked) return typedColumns(l);
  const always = ['_file', '_row', '_bad', ...(isCodeStored(l) ? [contract.subject!.uscc!] : [])];
  // The enterprise is known by its number, so that its code is no part of a row's key any more.
  const key = contract.key.filter((f) => f !== contract.subject?.uscc);
  const stored = new Set([...always, ...key, ...asked]);
  return typedColumns(l).filter((c) => stored.has(c));
}

/** Whether `src.<source>` has the credit code; if it has not, each of its rows is known to have had one. */
export const isCodeStored = ({ asked, contract, typed }: Loading): boolean => {
  const code = contract.subject?.uscc;
  return code !== undefined && (!asked || asked.has(code) || !typed!.full.has(code));
};

/** Tables of so few rows stay until all go at once: each DROP is a statement. */
export const FEW_ROWS = 2048;

export async function dropLarge(session: Session, l: Loading): Promise<void> {
  for (const { raw } of l.files) if (raw.table && raw.counts.data > FEW_ROWS) await dropRaw(session, raw);
}

export async function timed<R>(l: Loading, work: () => Promise<R>): Promise<R> {
  const start = performance.now();
  try {
    return await work();
  } finally {
    l.seconds += performance.now() - start;
  }
}
