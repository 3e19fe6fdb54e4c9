import { join } from 'node:path';
import { DuckDb } from '../engine/duckdb/database.js';
import type { Engine } from '../engine/engine.js';
import { withScratch } from './scratch.js';

export interface EngineOptions {
  tempDir?: string;
  memory?: string;
  threads?: number;
}

/**
 * A third of the engine's own. Most tables of a city have a row for an enterprise, and those of 100,000 would be read by one thread
 * alone; tables of a hundred columns are written with a third of the memory.
 */
const ROWS_PER_GROUP = 40_960;

/** Gives `work` an engine whose data may outgrow memory, and a directory beside it. Both are gone when it ends. */
export const withScratchEngine = <T>(o: EngineOptions, work: (engine: Engine, tempDir: string) => Promise<T>) =>
  withScratch(o.tempDir, async (tempDir) => {
    const engine = await DuckDb.open({
      path: join(tempDir, 'work.duckdb'),
      rowsPerGroup: ROWS_PER_GROUP,
      tempDirectory: join(tempDir, 'spill'),
      memoryLimit: o.memory,
      threads: o.threads,
    });
    try {
      return await work(engine, tempDir);
    } finally {
      await engine.discard();
    }
  });
