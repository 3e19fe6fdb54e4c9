import pLimit from 'p-limit';
import { expect, test } from 'vitest';
import { type Doing, rowsAtOnce, withinMemory } from '../../src/ingest/memory.js';

test('as many rows are stored at once as memory holds, and never more than helps', () => {
  expect([undefined, 8e9, 1.7e9, 860e6, 1e3].map(rowsAtOnce)).toEqual([250_000, 250_000, 250_000, 100_000, 20_000]);
});

test('sources of many rows wait for each other where memory is little, and let the others pass', async () => {
  const most = async (memory: number | undefined, doing: Doing) => {
    const within = withinMemory(pLimit(4), memory);
    const running = { heavy: 0, all: 0 };
    const seen = { heavy: 0, all: 0 };
    const store = (rows: number) =>
      within(doing, rows, async () => {
        const n = rows > 100 ? 1 : 0;
        running.heavy += n;
        running.all++;
        seen.heavy = Math.max(seen.heavy, running.heavy);
        seen.all = Math.max(seen.all, running.all);
        for (let i = 0; i < 5; i++) await Promise.resolve();
        running.heavy -= n;
        running.all--;
      });
    await Promise.all([...Array(6).fill(2_000_000), ...Array(6).fill(100)].map(store));
    return seen;
  };
  expect(await most(undefined, 'storeAddresses')).toEqual({ heavy: 4, all: 4 });
  expect(await most(2.5e9, 'storeAddresses')).toEqual({ heavy: 2, all: 4 });
  expect(await most(300e6, 'storeAddresses')).toEqual({ heavy: 1, all: 4 });
  expect(await most(1.6e9, 'store')).toEqual({ heavy: 3, all: 4 });
  // Keys are little: 2,000,000 of them.
  expect(await most(1.6e9, 'judge')).toEqual({ heavy: 4, all: 4 });
});
