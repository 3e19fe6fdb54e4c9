import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { dirMode } from '../../access.js';
import type { Contract } from '../../config/contract.js';
import type { Session } from '../../engine/engine.js';
import { sweepForgotten } from '../../own-dirs.js';
import type { ValueOptions } from '../../values/index.js';
import { parquetRows } from '../formats/parquet.js';
import { isUnchanged } from '../live-file.js';
import type { RawTable } from '../raw-table.js';
import { type Digest, digestFile } from '../source-bytes.js';
import { derivedColumns, type TypedField, tables } from '../sources.js';
import type { TypedRows } from '../type-rows.js';
import { type Entry, hasRoom, NEW, readEntry, TABLES, type TableName, tablePath, writeEntry } from './entry.js';
import { keyOf } from './key.js';
import { tidy } from './tidy.js';

export interface CacheOptions {
  dir: string;
  /** Versions of bidui and engine. */
  by: string;
}

interface InputFile {
  path: string;
  name: string;
}

/** A source's key, with the digests it was made of. */
export interface Key {
  key: string;
  digests: readonly Digest[];
}

/** What a source became, with what is needed to see whether it is still the same. */
export interface Made {
  contract: Contract;
  fields: readonly TypedField[];
  /** `_file` of its first file. */
  base: number;
  files: readonly RawTable[];
  typed: TypedRows;
  conflictingKeys: number;
  repeats: boolean;
  faults: boolean;
}

/** The columns of each table that are not the fields'. */
const OWN: Record<TableName, readonly string[]> = {
  typed: ['_file', '_row', '_bad', '_why', '_repaired'],
  repeated: ['_file', '_row', '_fate', '_versions', '_kept_file', '_kept_row', '_key'],
};
const FILE_COLUMNS = ['_file', '_kept_file'];

/**
 * Sources as they stand typed, before they are linked: that much depends on a source's own files alone, and is nearly all
 * of the work. Linking depends on the enterprise library, which changes every night. Files are known by their content. A
 * fault of the cache is never a fault of the run: the source is read from its files.
 */
export class IngestCache {
  private readonly used: string[] = [];
  /** By path, so that a file is read once for it, whoever asks. */
  private readonly digests = new Map<string, Promise<Digest>>();

  private constructor(
    private readonly o: CacheOptions,
    private readonly warn: (why: string) => void,
  ) {}

  static open(o: CacheOptions, warn: (why: string) => void): IngestCache | undefined {
    try {
      mkdirSync(o.dir, { recursive: true, mode: dirMode() });
      // A directory that may not be read is told of now, not after the work.
      readdirSync(o.dir);
      sweepForgotten(o.dir, NEW);
      return new IngestCache(o, warn);
    } catch (error) {
      warn((error as Error).message);
      return undefined;
    }
  }

  /** Undefined where a source has no files, or one cannot be read: its reader will say why. */
  async key(
    contract: Contract,
    fields: readonly TypedField[],
    files: readonly InputFile[],
    names: { given?: ValueOptions['aliases']; files: readonly InputFile[]; fields: readonly TypedField[] },
  ): Promise<Key | undefined> {
    if (files.length === 0) return undefined;
    try {
      const of = async (all: readonly InputFile[]) => Promise.all(all.map((f) => this.digest(f.path)));
      const digests = await of(files);
      const hasAddress = fields.some((f) => f.field.type === 'address');
      const said = hasAddress ? namesDigest(names, await of(names.files)) : undefined;
      const parts = files.map((f, i) => ({ name: f.name, digest: digests[i]! }));
      return { key: keyOf({ by: this.o.by, contract, fields, files: parts, names: said }), digests };
    } catch {
      return undefined;
    }
  }

  async take({ key }: Key): Promise<Entry | undefined> {
    const entry = await readEntry(this.o.dir, key);
    if (entry) this.used.push(key);
    return entry;
  }

  /** Makes the source's tables of an entry. They are views: rows are read where they are linked. */
  async show(session: Session, entry: Entry, contract: Contract, fields: readonly TypedField[], base: number) {
    const d = session.dialect;
    for (const name of TABLES) {
      const path = entry.tables[name];
      if (!path) continue;
      const columns = columnsOf(name, fields).map((c) =>
        FILE_COLUMNS.includes(c) ? `CAST(${c} + ${base} AS INTEGER) AS ${c}` : d.ident(c),
      );
      await session.run(
        `CREATE VIEW ${tables[name](d, contract.source)} AS SELECT ${columns.join(', ')} FROM ${parquetRows(path, d)} AS kept`,
      );
    }
  }

  /**
   * Keeps what was just made; answers with the rows as they lie there now, undefined where they were not kept. A file that
   * changed between being known and being read is another one.
   */
  async keep(session: Session, { key, digests }: Key, m: Made): Promise<Entry | undefined> {
    if (m.files.some((f, i) => f.sha256 !== digests[i]?.sha256)) return undefined;
    const d = session.dialect;
    try {
      const bytes = m.files.reduce((sum, f) => sum + f.bytes, 0);
      if (!hasRoom(this.o.dir, bytes)) return undefined;
      const files = m.files.map(({ table: _, live: _live, different: _cells, ...facts }) => facts);
      const facts = { files, conflictingKeys: m.conflictingKeys, faults: m.faults };
      const names = TABLES.filter((name) => name === 'typed' || m.repeats);
      await writeEntry(this.o.dir, key, facts, names, async (name, path) => {
        const own = columnsOf(name, m.fields);
        const columns = own.map((c) => (FILE_COLUMNS.includes(c) ? `${c} - ${m.base} AS ${c}` : d.ident(c)));
        const rows = name === 'typed' ? `(${m.typed.select(own)}) AS t` : tables[name](d, m.contract.source);
        await session.writeParquet(`SELECT ${columns.join(', ')} FROM ${rows}`, path, {}, 'fast');
        // Rows were read from the files until now.
        for (const f of m.files)
          if (!(await isUnchanged(f))) throw new Error(`${f.live?.name} was changed while it was read`);
      });
      this.used.push(key);
      return { ...facts, tables: { typed: tablePath(this.o.dir, key, 'typed') } };
    } catch (error) {
      this.warn((error as Error).message);
      return undefined;
    }
  }

  /** When all is read. */
  close(): void {
    try {
      tidy(this.o.dir, this.used);
    } catch (error) {
      this.warn((error as Error).message);
    }
  }

  private digest(path: string): Promise<Digest> {
    const known = this.digests.get(path) ?? digestFile({ path });
    this.digests.set(path, known);
    return known;
  }
}

const columnsOf = (name: TableName, fields: readonly TypedField[]): string[] => [
  ...(name === 'typed' ? fields.flatMap((f) => [f.id, ...derivedColumns(f).map((x) => x.name)]) : []),
  ...OWN[name],
];

/** Addresses are read with the place's own names: those given, or those that the table of names holds. */
function namesDigest(
  names: { given?: ValueOptions['aliases']; fields: readonly TypedField[] },
  digests: readonly Digest[],
): string {
  const { given } = names;
  const said = given
    ? Object.entries(given).map(([kind, map]) => [kind, [...map]])
    : [digests.map((x) => x.sha256), names.fields.map((f) => [f.id, f.field, f.options.codes && [...f.options.codes]])];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}
