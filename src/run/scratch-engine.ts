import { join } from 'node:path';
import { DuckDb } from '../engine/duckdb/database.js';
import type { Engine } from '../engine/engine.js';
import { withScratch } from './scratch.js';

export interface EngineOptions {
  tempDir?: string;
  memory?: string;
  threads?: number;
}

/** Gives `work` an engine whose data may outgrow memory, and a directory beside it. Both are gone when it ends. */
export const withScratchEngine = <T>(o: EngineOptions, work: (engine: Engine, tempDir: string) => Promise<T>) =>
  withScratch(o.tempDir, async (tempDir) => {
    const engine = await DuckDb.open({
      path: join(tempDir, 'work.duckdb'),
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
