import { expect, test } from 'vitest';
import type { RunFacts } from '../../src/compile/facts.js';
import { fill, type Portion } from '../../src/compile/portions.js';
import { Portions } from '../../src/run/portions.js';
import { withScratchEngine } from '../../src/run/scratch-engine.js';

/** The engine puts a list together in memory, whatever the limit. */
const listed = (last: number) => (portion?: Portion) => {
  const { after, upTo } = portion ?? { after: 0, upTo: last };
  return fill('run.lists', `SELECT len(list(i)) AS n FROM range(${after}, ${upTo}) AS r(i)`, portion);
};

test('what does not find room in memory is done in halves, and nothing twice', async () => {
  await withScratchEngine({ memory: '200MB', threads: 2 }, async (engine) => {
    await engine.run('CREATE SCHEMA run');
    const last = 40_000_000;
    const portions = new Portions(engine, new Set(), {} as RunFacts, 'src', last, 1_000_000);
    expect(portions.of(1)).toEqual([undefined]);
    expect(portions.of(100).length).toBe(40);
    const done = await portions.run(engine, portions.of(1), listed(last));
    expect(done.length).toBeGreaterThan(1);
    expect(done.map((p) => p?.after)).toEqual([0, ...done.slice(0, -1).map((p) => p?.upTo)]);
    expect(done.at(-1)?.upTo).toBe(last);
    expect(await engine.rows('SELECT count(*) AS portions, CAST(sum(n) AS BIGINT) AS n FROM run.lists')).toEqual([
      { portions: done.length, n: last },
    ]);
    await portions.drop();
    expect(await engine.rows(`SELECT 1 FROM duckdb_schemas() WHERE schema_name LIKE 'portion%'`)).toEqual([]);
  });
});

test('what does not find room in the smallest portion fails', async () => {
  await withScratchEngine({ memory: '200MB', threads: 2 }, async (engine) => {
    await engine.run('CREATE SCHEMA run');
    const last = 40_000_000;
    const portions = new Portions(engine, new Set(), {} as RunFacts, 'src', last, 30_000_000);
    await expect(portions.run(engine, [undefined], listed(last))).rejects.toMatchObject({ exit: 5 });
    await expect(portions.run(engine, [undefined], () => 'SELECT nothing')).rejects.toThrow('nothing');
  });
});
