import type { LimitFunction } from 'p-limit';
import type { Contract } from '../../config/contract.js';
import type { Session } from '../../engine/engine.js';
import type { Problem } from '../../errors.js';
import type { ValueOptions } from '../../values/index.js';
import type { IngestCache } from '../cache/ingest-cache.js';
import type { RawTable } from '../raw-table.js';
import type { Progress } from '../record.js';

/** A file to be loaded. `index` is its place among all files of the run: `_file` of its rows. */
export interface InputFile {
  index: number;
  source: string;
  path: string;
  name: string;
  date?: string;
}

export interface LoadOptions {
  contracts: readonly Contract[];
  /** By source, oldest first, with `index` counting from 0. */
  inputs: readonly InputFile[];
  passedOver?: (source: string) => { name: string; reason: string }[];
  /** Brings the text of a file into the engine. */
  read: (session: Session, input: InputFile, contract: Contract) => Promise<RawTable>;
  limit: LimitFunction;
  /** By source, the columns that somebody will read of the rows of an extract; where not given, all will be. */
  columns?: ReadonlyMap<string, ReadonlySet<string>>;
  /** Bytes that the engine may use; where not given, more than it wants. */
  memory?: number;
  /** What earlier runs made of the same files. */
  cache?: IngestCache;
  /** Names for reading addresses; where not given, the reference table `address_alias` has them, if it is loaded. */
  aliases?: ValueOptions['aliases'];
  progress?: (p: Progress) => void;
  /** Already found out while the files were looked for. */
  notes?: string[];
  problems?: Problem[];
}
