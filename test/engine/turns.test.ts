import { describe, expect, test } from 'vitest';
import { Turns } from '../../src/engine/duckdb/turns.js';
import { withScratchEngine } from '../../src/run/scratch-engine.js';

class Lack extends Error {}
const lacking = (error: unknown) => error instanceof Lack;

/** Work that is in hand, and how it is to end. */
function work<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const soon = () => new Promise((done) => setImmediate(done));

describe('a statement that lacks memory', () => {
  test('is run again when the others are through, and nothing else meanwhile', async () => {
    const turns = new Turns();
    const other = work<void>();
    const again = work<string>();
    const told: string[] = [];
    const first = turns.run(() => {
      told.push('other');
      return other.promise;
    }, lacking);
    let tries = 0;
    const hungry = turns.run(() => {
      tries += 1;
      told.push(`hungry ${tries}`);
      return tries === 1 ? Promise.reject(new Lack()) : again.promise;
    }, lacking);
    await soon();
    expect(told).toEqual(['other', 'hungry 1']);
    const late = turns.run(async () => told.push('late'), lacking);
    other.resolve();
    await first;
    await soon();
    expect(told).toEqual(['other', 'hungry 1', 'hungry 2']);
    again.resolve('made');
    expect(await hungry).toBe('made');
    await late;
    expect(told).toEqual(['other', 'hungry 1', 'hungry 2', 'late']);
  });

  test('fails if even alone there is not enough, and holds up nobody', async () => {
    const turns = new Turns();
    const hungry = [1, 2, 3].map(() => turns.run(() => Promise.reject(new Lack('no room')), lacking));
    const ended = await Promise.allSettled(hungry);
    expect(ended.map((e) => e.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await turns.run(async () => 'next', lacking)).toBe('next');
  });

  test('is not run again for another reason', async () => {
    let tries = 0;
    const failing = new Turns().run(() => {
      tries += 1;
      return Promise.reject(new Error('no such table'));
    }, lacking);
    await expect(failing).rejects.toThrow('no such table');
    expect(tries).toBe(1);
  });
});

describe('the engine', () => {
  test('gets through statements side by side that fit into its memory only one at a time', async () => {
    await withScratchEngine({ memory: '200MB', threads: 2 }, async (engine) => {
      // A list is put together in memory, whatever the limit: some 100 MB each.
      const made = [1, 2, 3, 4].map(async (n) => {
        const session = await engine.session();
        const [row] = await session.rows<{ n: number }>(
          `SELECT len(list(i)) AS n FROM (SELECT CAST(i + ${n} AS BIGINT) AS i FROM range(6000000) AS r(i))`,
        );
        session.close();
        return row?.n;
      });
      expect(await Promise.all(made)).toEqual([6_000_000, 6_000_000, 6_000_000, 6_000_000]);
      await expect(
        engine.rows('SELECT len(list(i)) AS n FROM (SELECT i FROM range(60000000) AS r(i))'),
      ).rejects.toMatchObject({ exit: 5 });
    });
  });
});
