import type { LinkMethod } from './link.js';
import type { RawTable } from './raw-table.js';

/** What one file turned out to be and what became of its rows. Always: data = loaded + quarantinedRows + duplicates. */
export interface FileRecord {
  source: string;
  /** Below the input directory (or, for a reference table, below checks/reference). */
  name: string;
  bytes: number;
  sha256: string;
  format: RawTable['format'];
  sheet?: string;
  encoding?: { name: string; reason: string };
  delimiter?: string;
  /** Day or month the extract was made, by its name: YYYY-MM-DD or YYYY-MM. */
  extractDate?: string;
  /** Columns that were read, in the order of the file. */
  headers: { column: number; header: string; field: string; unit?: string }[];
  unknownHeaders: string[];
  absentFields: string[];
  counts: FileCounts;
  notes: string[];
}

export interface FileCounts {
  data: number;
  loaded: number;
  quarantinedRows: number;
  quarantinedFields: number;
  duplicates: number;
  title: number;
  header: number;
  blank: number;
  footer: number;
}

export interface SourceRecord {
  kind: 'extract' | 'reference';
  /** False: no file, or (where it is optional) files without a row. Its table is empty and means nothing. */
  delivered: boolean;
  /** Indexes into `files`. */
  files: number[];
  /** Older extracts that were left unread. */
  passedOver: { name: string; reason: string }[];
  /** Fields that none of its files has a column for: unknown in every row, not blank. */
  absentFields: string[];
  counts: { data: number; loaded: number; quarantinedRows: number; quarantinedFields: number; duplicates: number };
  /** Keys that stood there with different contents. */
  conflictingKeys: number;
  /** Absent where the rows are about no enterprise. */
  links?: Record<LinkMethod, number> & {
    /** Rows that found no enterprise; of these, `unknownCode` have a credit code that the library does not know. */
    unmatched: number;
    unknownCode: number;
  };
  notes: string[];
}

/** All that ingest did: plain data, the same for the same input but for `seconds`. */
export interface IngestRecord {
  /** `_file` of a row is an index into this. */
  files: FileRecord[];
  sources: Record<string, SourceRecord>;
  notes: string[];
  /** A part that differs from run to run. */
  seconds: { total: number; sources: Record<string, number> };
  /** So does this: files whose rows were taken from the cache, where there is one. */
  fromCache?: string[];
}

export type Progress =
  | { stage: 'found'; files: number }
  | { stage: 'read'; source: string; file: string; rows: number }
  /** What was made could not be kept for later runs, or not be looked for. */
  | { stage: 'uncached'; why: string }
  | { stage: 'typed'; source: string; rows: number }
  /** One of so many sources: its rows know their enterprises. */
  | { stage: 'stored'; source: string; sources: number }
  | { stage: 'linked'; source: string; rows: number };
