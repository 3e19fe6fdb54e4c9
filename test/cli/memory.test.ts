import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { memoryText } from '../../src/cli/memory-text.js';
import { engineMemory, memoryThere, memoryUntold } from '../../src/run/memory.js';
import { withScratchEngine } from '../../src/run/scratch-engine.js';
import { inProcess, runOf } from './bidui.js';
import { type World, world } from './world.js';

const machine = (w: World) => JSON.parse(readFileSync(join(w.out, 'run.json'), 'utf8')).machine;

describe('the memory of a run', () => {
  test('is by the size of the extracts, and no more than four fifths of what there is, unless told otherwise', async () => {
    expect(engineMemory('2GB')).toBe(1.55e9);
    expect(engineMemory('2GiB')).toBe(2 ** 31 - 0.45e9);
    // Little is all the engine's: with less it would not get through a small park.
    expect(['700MB', '512MB', '150MB'].map(engineMemory)).toEqual([500e6, 500e6, 150e6]);
    const most = 0.8 * memoryThere();
    expect(memoryUntold()).toBe(most);
    expect([0, 3e9, 8e9, 1e13].map(memoryUntold)).toEqual([1.55e9, 1.55e9, 6.55e9, most].map((n) => Math.min(n, most)));
    const w = world();
    const told = await inProcess(runOf(w));
    expect(machine(w)).toMatchObject({
      memory: null,
      memory_mb: Math.round(memoryUntold(0) / 1e6),
      spilled_mb: 0,
    });
    expect(told.err).not.toContain('memory');
  });

  test('and what the engine puts on disk for want of it is seen', async () => {
    // Sorted rows have to be somewhere: some 200 MB of them.
    const sorted = 'SELECT count(DISTINCT n) AS n FROM (SELECT hash(i) AS n FROM range(8000000) AS r(i) ORDER BY n)';
    const spilled = (memory: string) =>
      withScratchEngine({ memory, threads: 2 }, async (engine, _, room) => {
        expect(await engine.rows(sorted)).toEqual([{ n: 8_000_000 }]);
        return room.spilled;
      });
    expect(await spilled('150MB')).toBeGreaterThan(10e6);
    expect(await spilled('1GB')).toBe(0);
  });

  test('in words', () => {
    expect(memoryText({ given: 1.5e9, spilled: 0 })).toBeUndefined();
    expect(memoryText({ given: 512e6, spilled: 20_500_000 })).toContain(
      '512 MB were given to the engine, and up to 21 MB of intermediate data went to disk; to hold it takes --memory 1GB or more',
    );
    expect(memoryText({ given: 1.5e9, spilled: 3.21e9 })).toBe(
      'memory: 1.5 GB were given to the engine, and up to 3.2 GB of intermediate data went to disk; ' +
        'to hold it takes --memory 5.2GB or more (it would be faster, the results are the same)',
    );
  });
});
