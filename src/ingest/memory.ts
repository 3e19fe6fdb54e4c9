import type { LimitFunction } from 'p-limit';
import { SharedMemory } from '../engine/shared-memory.js';

/**
 * Rows that are looked up among texts with all that is derived from them are held by the engine, several times over, while it joins.
 * Bytes of a row with several addresses, with what is built up to look for them.
 */
const BYTES_A_ROW = 5_600;
/** What a thread holds of such a statement however few rows there are, and what else stands in memory. */
const BYTES_ANYWAY = 0.3e9;
/** More at a time bring no speed; with fewer, all work is looking the same things up again. */
const MOST_ROWS = 250_000;
const FEWEST_ROWS = 20_000;

/** Rows of a source with addresses that one statement stores. */
export const rowsAtOnce = (memory = Infinity): number =>
  Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, Math.floor((memory - BYTES_ANYWAY) / BYTES_A_ROW)));

/** What is done about a source of many rows: those of one key are looked for, or its rows are stored, with addresses or without. */
export type Doing = 'judge' | 'store' | 'storeAddresses';

/** Bytes that it takes. Rows without addresses pass by; of those with any, so many are joined at a time. */
const bytesOf = (doing: Doing, rows: number): number => {
  if (doing === 'judge') return Math.min(1e9, 60 * rows);
  return doing === 'store' ? 0.5e9 : 1e9;
};

/**
 * Sources are worked on side by side within `limit`, but those of many rows only as many at a time as find room in the memory: one that
 * does not is begun again, and what it did was for nothing.
 */
export function withinMemory(
  limit: LimitFunction,
  memory = Infinity,
): <R>(doing: Doing, rows: number, task: () => Promise<R>) => Promise<R> {
  const shared = new SharedMemory(memory, Infinity);
  const many = rowsAtOnce(memory) / 2;
  return (doing, rows, task) => shared.use(rows > many ? bytesOf(doing, rows) : 0, () => limit(task));
}
