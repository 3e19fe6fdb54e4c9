import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statfsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dirMode, fileMode } from '../../access.js';
import { ownName } from '../../own-dirs.js';
import type { RawTable } from '../raw-table.js';
import { digestFile } from '../source-bytes.js';
import { CACHE_FORMAT } from './key.js';

/** What a source became: the part that is not in tables. */
export interface Facts {
  /** Oldest first; `_file` of the kept rows counts from 0. */
  files: Omit<RawTable, 'table' | 'live' | 'different'>[];
  conflictingKeys: number;
  faults: boolean;
}

export const TABLES = ['typed', 'repeated'] as const;
export type TableName = (typeof TABLES)[number];

interface Manifest extends Facts {
  format: number;
  key: string;
  /** SHA-256 of the tables there are. */
  tables: Partial<Record<TableName, string>>;
}

export interface Entry extends Facts {
  /** Where its tables lie. */
  tables: Partial<Record<TableName, string>>;
}

const MANIFEST = 'entry.json';
const tableFile = (name: TableName) => `${name}.parquet`;
/** Where a table of an entry lies. */
export const tablePath = (dir: string, key: string, name: TableName): string => join(dir, key, tableFile(name));
/** An entry is made under such a name, which tells whose it is should he be killed. */
export const NEW = 'new-';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** An entry that is whole and the one meant; undefined for any other, and where there is none. */
export async function readEntry(dir: string, key: string): Promise<Entry | undefined> {
  const at = join(dir, key);
  try {
    const [text = '', digest] = readFileSync(join(at, MANIFEST), 'utf8').split('\n');
    if (sha256(text) !== digest) return undefined;
    const found = JSON.parse(text) as Manifest;
    if (found.format !== CACHE_FORMAT || found.key !== key) return undefined;
    const tables: Entry['tables'] = {};
    for (const name of TABLES) {
      const wanted = found.tables[name];
      if (wanted === undefined) continue;
      const path = join(at, tableFile(name));
      if ((await digestFile({ path })).sha256 !== wanted) return undefined;
      tables[name] = path;
    }
    if (!tables.typed) return undefined;
    // Who tidies up sees by it that somebody may be reading.
    const now = new Date();
    utimesSync(join(at, MANIFEST), now, now);
    return { files: found.files, conflictingKeys: found.conflictingKeys, faults: found.faults, tables };
  } catch {
    return undefined;
  }
}

/**
 * Writes an entry whole or not at all. `write` puts a table into a file. One that stands there already stays if it is whole:
 * somebody else, working at the same time, may be reading it.
 */
export async function writeEntry(
  dir: string,
  key: string,
  facts: Facts,
  names: readonly TableName[],
  write: (name: TableName, path: string) => Promise<void>,
): Promise<void> {
  const made = join(dir, `${ownName(NEW)}-${randomUUID()}`);
  try {
    mkdirSync(made, { mode: dirMode() });
    const tables: Manifest['tables'] = {};
    for (const name of names) {
      const path = join(made, tableFile(name));
      await write(name, path);
      tables[name] = (await digestFile({ path })).sha256;
    }
    const manifest: Manifest = { format: CACHE_FORMAT, key, ...facts, tables };
    const text = JSON.stringify(manifest);
    writeFileSync(join(made, MANIFEST), `${text}\n${sha256(text)}\n`, { mode: fileMode() });
    await put(dir, key, made);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

async function put(dir: string, key: string, made: string): Promise<void> {
  const place = join(dir, key);
  try {
    renameSync(made, place);
    return;
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  if (await readEntry(dir, key)) return;
  // Nobody trusts what lies there.
  rmSync(place, { recursive: true, force: true });
  renameSync(made, place);
}

/** Whether so many bytes would leave at least as much free again: the ledger must not starve for the sake of a cache. */
export function hasRoom(dir: string, bytes: number): boolean {
  const { bavail, bsize } = statfsSync(dir);
  return bavail * bsize > 2 * bytes;
}
