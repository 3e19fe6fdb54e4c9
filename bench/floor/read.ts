import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TextDecoderStream } from 'node:stream/web';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { filesOf } from '../job/extracts.js';
import { forgetPeak, peakRss } from '../job/rss.mjs';
import { addCosts, type Cost, type ReadFloor } from '../results.js';
import type { EngineSettings } from '../settings.js';
import { isUtf8 } from './utf8.js';

type Kind = 'utf8' | 'gb18030' | 'parquet';

/**
 * DuckDB alone: every file read as text into a table of a database file. It cannot read GB 18030, so such a file is
 * decoded by Node's TextDecoder into a temporary file first, and that time counts.
 */
export async function readFloor(dir: string, o: EngineSettings): Promise<ReadFloor> {
  const scratch = mkdtempSync(join(tmpdir(), 'bidui-floor-'));
  const engine = await DuckDb.open({ path: join(scratch, 'read.duckdb'), tempDirectory: join(scratch, 'spill'), ...o });
  try {
    const files = filesOf(dir).map((file) => ({ file, kind: kindOf(file) }));
    const cost: Partial<Record<Kind, Cost & { bytes: number }>> = {};
    for (const kind of ['utf8', 'gb18030', 'parquet'] as const) {
      const some = files.filter((f) => f.kind === kind).map((f) => f.file);
      cost[kind] = {
        ...(await costOf(async () => {
          for (const file of some) await readOne(engine, file, kind, scratch);
        })),
        bytes: some.reduce((n, f) => n + statSync(f).size, 0),
      };
    }
    const { utf8, gb18030, parquet } = cost as Required<typeof cost>;
    return { utf8, gb18030, parquet, total: addCosts([utf8, gb18030, parquet]) };
  } finally {
    engine.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

const kindOf = (file: string): Kind => (extname(file) === '.parquet' ? 'parquet' : isUtf8(file) ? 'utf8' : 'gb18030');

async function readOne(engine: DuckDb, file: string, kind: Kind, scratch: string): Promise<void> {
  const d = engine.dialect;
  const table = d.ident(basename(file));
  if (kind === 'parquet') {
    await engine.run(`CREATE TABLE ${table} AS SELECT COLUMNS(*)::VARCHAR FROM read_parquet(${d.text(file)})`);
    return;
  }
  const path = kind === 'utf8' ? file : join(scratch, 'decoded.csv');
  if (kind === 'gb18030') await decode(file, path);
  await engine.run(`CREATE TABLE ${table} AS SELECT * FROM read_csv(${d.text(path)}, all_varchar = true)`);
}

async function decode(from: string, to: string): Promise<void> {
  const text = Readable.toWeb(createReadStream(from, { highWaterMark: 1 << 20 })).pipeThrough(
    new TextDecoderStream('gb18030'),
  );
  await pipeline(Readable.fromWeb(text), createWriteStream(to));
}

export async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  forgetPeak();
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const used = process.cpuUsage(cpu);
  return {
    wall: (performance.now() - start) / 1000,
    cpu: (used.user + used.system) / 1e6,
    peakRss: peakRss(),
  };
}
