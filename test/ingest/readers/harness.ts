import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TextDecoder } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { DuckDb } from '../../../src/engine/duckdb/database.js';
import { BiduiError, formatProblem } from '../../../src/errors.js';
import type { Expectation, RawTable } from '../../../src/ingest/raw-table.js';
import { readFile } from '../../../src/ingest/read-file.js';

/** What most tests look for. */
export const ENTERPRISES: Expectation = {
  fields: [
    { names: ['统一社会信用代码', '信用代码'], required: true },
    { names: ['企业名称'], required: true },
    { names: ['注册资本'], required: false },
    { names: ['住所'], required: false },
  ],
};

export interface ReadBack {
  raw: RawTable;
  /** Each row as [row number, cells…]. */
  rows: (string | number | null)[][];
}

/** A directory of input files and a database. Every read gets a directory for its spools, and must leave it empty. */
export class Readers {
  private constructor(
    readonly db: DuckDb,
    private readonly root: string,
  ) {}

  private tables = 0;

  static async open(): Promise<Readers> {
    const root = mkdtempSync(join(tmpdir(), 'bidui-readers-'));
    const db = await DuckDb.open({ threads: 2 });
    await db.run('CREATE SCHEMA raw');
    return new Readers(db, root);
  }

  close(): void {
    this.db.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  path(name: string): string {
    return join(this.root, name);
  }

  /** Reads a file of these bytes, and checks what holds for every file. */
  async read(name: string, content: string | Uint8Array, expectation: Expectation = ENTERPRISES): Promise<ReadBack> {
    writeFileSync(this.path(name), content);
    return this.readPath(name, expectation);
  }

  async readPath(name: string, expectation: Expectation = ENTERPRISES): Promise<ReadBack> {
    const table = `raw.f${++this.tables}`;
    const tempDir = mkdtempSync(join(this.root, 'temp-'));
    const session = await this.db.session();
    try {
      const raw = await readFile(session, { path: this.path(name), name }, expectation, {
        table,
        tempDir,
      });
      const columns = raw.headers.map((_, i) => `c${i}`);
      const found = await session.rows<Record<string, string | number | null>>(`SELECT * FROM ${table} ORDER BY _row`);
      const rows = found.map((r) => [r._row ?? null, ...columns.map((c) => r[c] ?? null)]);
      expect(raw.counts.data).toBe(rows.length + raw.malformed.length);
      expect(Object.keys(found[0] ?? { _row: 0 }).filter((k) => k !== '_row').length).toBe(
        found[0] ? columns.length : 0,
      );
      return { raw, rows };
    } finally {
      expect(readdirSync(tempDir)).toEqual([]);
      session.close();
    }
  }

  /** The message of a refusal, as the user reads it; nothing may be left behind. */
  async refusal(name: string, content?: string | Uint8Array, expectation: Expectation = ENTERPRISES): Promise<string> {
    const before = await this.tableCount();
    try {
      if (content === undefined) await this.readPath(name, expectation);
      else await this.read(name, content, expectation);
    } catch (error) {
      if (!(error instanceof BiduiError)) throw error;
      expect(error.exit).toBe(3);
      expect(await this.tableCount()).toBe(before);
      return error.problems.map(formatProblem).join('\n');
    }
    throw new Error('it was read, not refused');
  }

  private async tableCount(): Promise<number> {
    const [row] = await this.db.rows<{ n: number }>(
      'SELECT (SELECT count(*) FROM duckdb_tables()) + (SELECT count(*) FROM duckdb_views()) AS n',
    );
    return row?.n ?? 0;
  }
}

/** All rows of the file, of whatever kind. */
export const total = ({ counts: c }: RawTable) => c.data + c.title + c.header + c.blank + c.footer;

export const gzip = (content: string | Uint8Array) => gzipSync(content);

const doubleBytes = new Map<string, number>();

/** Node only decodes GB18030, so encoding asks its decoder the other way round. */
export function gb18030(text: string): Buffer {
  const decoder = new TextDecoder('gb18030');
  if (doubleBytes.size === 0) {
    for (let lead = 0x81; lead <= 0xfe; lead++) {
      for (let trail = 0x40; trail <= 0xfe; trail++) {
        const char = decoder.decode(Uint8Array.of(lead, trail));
        if ([...char].length === 1 && char !== '\ufffd' && !doubleBytes.has(char))
          doubleBytes.set(char, (lead << 8) | trail);
      }
    }
  }
  const bytes: number[] = [];
  for (const char of text) {
    const point = char.codePointAt(0)!;
    const pair = doubleBytes.get(char);
    if (point < 0x80) bytes.push(point);
    else if (pair !== undefined) bytes.push(pair >> 8, pair & 0xff);
    else bytes.push(...fourBytes(char, point, decoder));
  }
  return Buffer.from(bytes);
}

function fourBytes(char: string, point: number, decoder: TextDecoder): number[] {
  const at = (linear: number) => [
    0x81 + Math.floor(linear / 12600),
    0x30 + (Math.floor(linear / 1260) % 10),
    0x81 + (Math.floor(linear / 10) % 126),
    0x30 + (linear % 10),
  ];
  // Above the basic plane the two are parallel; within it they are in the same order, so halving finds the place.
  if (point >= 0x10000) return at(189000 + point - 0x10000);
  let low = 0;
  let high = 39419;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = decoder.decode(Uint8Array.from(at(middle))).codePointAt(0)!;
    if (found === point) return at(middle);
    if (found < point) low = middle + 1;
    else high = middle - 1;
  }
  throw new Error(`${char} is not in GB18030`);
}

export function utf16(text: string, order: 'le' | 'be', bom: boolean): Buffer {
  const bytes = Buffer.from((bom ? '\ufeff' : '') + text, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}
