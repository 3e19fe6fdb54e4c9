import { realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type Cell, type Engine, type Row, type Session, StoreBusy, StoreUnusable } from '../engine.js';
import { bytesOf } from '../size.js';
import { giveBackFreed } from './allocator.js';
import { duckdb } from './dialect.js';
import { explained, explainedWriting, lacksMemory } from './faults.js';
import { Turns } from './turns.js';

const library = () => import('./library.js');

export const engineVersion = async (): Promise<string> => `DuckDB ${(await library()).version()}`;

export interface DatabaseOptions {
  /** A file, or ':memory:'. */
  path?: string;
  /**
   * Rows that stand together in the file's tables; where not given, the engine's own 122,880. A group is what one thread reads or
   * writes at a time, and what it holds in memory while it writes.
   */
  rowsPerGroup?: number;
  /** Where the engine spills what does not fit in memory. */
  tempDirectory?: string;
  /** For example '2GB'. */
  memoryLimit?: string;
  /** Freed memory goes back to the system at once, at the cost of time. The first engine of a process decides. */
  frugal?: boolean;
  threads?: number;
}

/** The name of a file that is attached to be worked in. */
const HOME = 'home';
/** What stands in memory beside it, unpacked; it spills as anything does. */
const MEMORY = 'memory';
/** Of one file. All extracts together have some times as much as the largest, and unpacked tables twice the bytes of their file. */
const SMALL_AGAINST_MEMORY = 0.002;

class DuckDbSession implements Session {
  readonly dialect = duckdb;

  private inTransaction = false;

  constructor(
    protected readonly connection: DuckDBConnection,
    private readonly turns: Turns,
    private readonly release: (connection: DuckDBConnection) => void,
  ) {}

  async run(sql: string): Promise<number> {
    const result = await this.inTurn(() => this.connection.run(sql)).catch((error: unknown) => {
      throw explained(error);
    });
    return Number(result.rowsChanged);
  }

  /** A statement that failed in a transaction has ended it, and is nothing to try again. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.turns.run(work, (error) => !this.inTransaction && lacksMemory(error));
  }

  async rows<T extends object = Row>(sql: string): Promise<T[]> {
    const result = await this.inTurn(() => this.connection.run(sql)).catch((error: unknown) => {
      throw explained(error);
    });
    const { JSDuckDBValueConverter } = await library();
    const names = result.deduplicatedColumnNames();
    const rows: T[] = [];
    // It is all there: to have it fetched would take two ways to another thread and back.
    for (let i = 0; i < result.chunkCount; i++) {
      for (const values of result.getChunk(i).convertRows(JSDuckDBValueConverter)) {
        rows.push(Object.fromEntries(names.map((name, c) => [name, toPlain(values[c])])) as T);
      }
    }
    return rows;
  }

  async *stream(sql: string): AsyncIterable<Cell[][]> {
    try {
      const result = await this.connection.stream(sql);
      for await (const rows of result.yieldRowsJs()) yield rows.map((row) => row.map((x) => toPlain(x) as Cell));
    } catch (error) {
      throw explained(error);
    }
  }

  async writeLines(select: string, path: string): Promise<void> {
    // With neither quote nor a delimiter that could occur, COPY writes each text as it is.
    await this.write(select, path, `FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER e'\x01'`);
  }

  async writeParquet(
    select: string,
    path: string,
    metadata: Readonly<Record<string, string>> = {},
    packing: 'small' | 'fast' = 'small',
  ): Promise<void> {
    const { text } = this.dialect;
    const pairs = Object.entries(metadata).map(([key, value]) => `${text(key)}: ${text(value)}`);
    const said = pairs.length > 0 ? `, KV_METADATA {${pairs.join(', ')}}` : '';
    await this.write(select, path, `FORMAT parquet, COMPRESSION ${packing === 'small' ? 'zstd' : 'snappy'}${said}`);
  }

  private async write(select: string, path: string, format: string): Promise<void> {
    try {
      await this.inTurn(() => this.connection.run(`COPY (${select}) TO ${this.dialect.text(path)} (${format})`));
    } catch (error) {
      throw explainedWriting(error);
    }
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.connection.run('BEGIN TRANSACTION');
    this.inTransaction = true;
    try {
      const result = await work();
      await this.connection.run('COMMIT');
      return result;
    } catch (error) {
      // A failed COMMIT has ended the transaction already.
      await this.connection.run('ROLLBACK').catch(() => {});
      throw error;
    } finally {
      this.inTransaction = false;
    }
  }

  close(): void {
    this.release(this.connection);
  }
}

/** An embedded DuckDB. Loads no extension and reads no network: everything bidui uses is built in. */
export class DuckDb extends DuckDbSession implements Engine {
  /** Of closed sessions, for the next ones: to open one takes as much as a small statement. None has a setting of its own. */
  private readonly idle: DuckDBConnection[] = [];

  private constructor(
    private readonly instance: DuckDBInstance,
    connection: DuckDBConnection,
    private readonly attached: boolean,
    /** Tables of fewer bytes than this may pass through memory. */
    private readonly lightBytes: number,
    private readonly everyone = new Turns(),
  ) {
    super(connection, everyone, (own) => own.closeSync());
  }

  static async open(options: DatabaseOptions = {}): Promise<DuckDb> {
    const config: Record<string, string> = {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    };
    if (options.frugal) {
      giveBackFreed();
      // Even while nobody asks for memory.
      config.allocator_background_threads = 'true';
    }
    if (options.memoryLimit) config.memory_limit = options.memoryLimit;
    if (options.threads) config.threads = String(options.threads);
    if (options.tempDirectory) config.temp_directory = options.tempDirectory;
    // The size of groups is a matter of attaching.
    const { path, rowsPerGroup } = options;
    const attached = path !== undefined && rowsPerGroup !== undefined;
    try {
      const { DuckDBInstance } = await library();
      const instance = await DuckDBInstance.create(attached ? ':memory:' : (path ?? ':memory:'), config);
      const connection = await instance.connect();
      if (attached) {
        // Nobody else will read the file. The way of writing that old engines read packs texts by each of several methods to see which
        // is best, which takes a fifth of all that is stored here; the newest knows one for all.
        await connection.run(
          `ATTACH ${duckdb.text(path)} AS ${HOME} (ROW_GROUP_SIZE ${rowsPerGroup}, STORAGE_VERSION 'latest')`,
        );
        await connection.run(`USE ${HOME}`);
      }
      // Results must not depend on where the machine stands.
      // For every session: once sealed, none could set it for itself.
      await connection.run(`SET GLOBAL TimeZone = 'UTC'`);
      // Without a limit nobody knows what would be small against it.
      const light = attached && options.memoryLimit ? bytesOf(options.memoryLimit) * SMALL_AGAINST_MEMORY : 0;
      return new DuckDb(instance, connection, attached, light);
    } catch (error) {
      throw explained(error);
    }
  }

  async session(): Promise<Session> {
    return new DuckDbSession(this.idle.pop() ?? (await this.connect()), this.everyone, (c) => this.idle.push(c));
  }

  private async connect(): Promise<DuckDBConnection> {
    const connection = await this.instance.connect();
    if (this.attached) await connection.run(`USE ${HOME}`);
    return connection;
  }

  async oneThreadEach(): Promise<void> {
    await this.run('SET threads = 1');
  }

  passing(schema: string, bytes: number): string {
    return `${bytes < this.lightBytes ? `${MEMORY}.` : ''}${this.dialect.ident(schema)}`;
  }

  async seal(dirs: readonly string[]): Promise<void> {
    // As they are given, and as they are without links and dots: the engine compares paths by their text.
    const allowed = new Set(dirs.flatMap((dir) => [resolve(dir), realOf(dir)].map((d) => `${d}${sep}`)));
    const list = [...allowed].map((d) => this.dialect.text(d)).join(', ');
    await this.run(`SET allowed_directories = [${list}]`);
    await this.run('SET enable_external_access = false');
    await this.run('SET lock_configuration = true');
  }

  async attach(name: string, path: string, mode: 'read' | 'write'): Promise<void> {
    const options = mode === 'read' ? ' (READ_ONLY)' : '';
    try {
      await this.connection.run(`ATTACH ${this.dialect.text(path)} AS ${this.dialect.ident(name)}${options}`);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (/conflicting lock|could not set lock|being used by another process|already attached/i.test(text)) {
        throw new StoreBusy(/PID (\d+)/.exec(text)?.[0]);
      }
      throw new StoreUnusable(text.split('\n')[0]);
    }
  }

  async detach(name: string): Promise<void> {
    await this.run(`DETACH ${this.dialect.ident(name)}`);
  }

  override close(): void {
    super.close();
    for (const connection of this.idle.splice(0)) connection.closeSync();
    this.instance.closeSync();
  }

  /** Closes a database whose file is deleted next: what is still in memory need not be written down for that. */
  async discard(): Promise<void> {
    // An aborted transaction refuses it, and then it only takes longer.
    await this.connection.run('PRAGMA disable_checkpoint_on_shutdown').catch(() => {});
    this.close();
  }
}

function realOf(dir: string): string {
  try {
    return realpathSync.native(dir);
  } catch {
    return resolve(dir);
  }
}

function toPlain(value: unknown): Cell | Cell[] {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') {
    return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER ? Number(value) : value.toString();
  }
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, '');
  if (Array.isArray(value)) return value.map((x) => toPlain(x) as Cell);
  return String(value);
}
