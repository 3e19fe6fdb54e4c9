import { join } from 'node:path';
import { DuckDb } from '../engine/duckdb/database.js';
import type { Engine } from '../engine/engine.js';
import { engineMemory, memoryUntold } from './memory.js';
import { withScratch } from './scratch.js';
import { SpillWatch } from './spill-watch.js';

export interface EngineOptions {
  tempDir?: string;
  /** As `--memory` says it. */
  memory?: string;
  /** About how many bytes of text there are to work on, if it says nothing: decides how much to take. Where not given, what can be spared. */
  text?: number;
  threads?: number;
}

/**
 * A third of the engine's own. Most tables of a city have a row for an enterprise, and those of 100,000 would be read by one thread
 * alone; tables of a hundred columns are written with a third of the memory.
 */
const ROWS_PER_GROUP = 40_960;

/** Bytes of text: some 150,000 enterprises. */
const LITTLE = 0.5e9;

/** Bytes: what the engine may use of memory, and the most that it has put on disk for want of it so far. */
export interface Room {
  memory: number;
  readonly spilled: number;
}

/** Gives `work` an engine whose data may outgrow memory, and a directory beside it. Both are gone when it ends. */
export const withScratchEngine = <T>(
  o: EngineOptions,
  work: (engine: Engine, tempDir: string, room: Room) => Promise<T>,
) =>
  withScratch(o.tempDir, async (tempDir) => {
    const memory = o.memory === undefined ? memoryUntold(o.text) : engineMemory(o.memory);
    const spill = join(tempDir, 'spill');
    const engine = await DuckDb.open({
      path: join(tempDir, 'work.duckdb'),
      rowsPerGroup: ROWS_PER_GROUP,
      tempDirectory: spill,
      memoryLimit: `${Math.floor(memory / 1000)}KB`,
      threads: o.threads,
      // Who says how much a process may take has other use for the rest; a small park does not come near the limit in any case.
      frugal: o.memory !== undefined || (o.text ?? 0) > LITTLE,
    });
    const watch = new SpillWatch(spill);
    const room: Room = {
      memory,
      get spilled() {
        return watch.peak;
      },
    };
    try {
      return await work(engine, tempDir, room);
    } finally {
      watch.stop();
      await engine.discard();
    }
  });
