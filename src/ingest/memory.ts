import pLimit, { type LimitFunction } from 'p-limit';

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

/** What a statement that stores so many rows takes, with the lookups that it joins. */
const HEAVY_BYTES = 1e9;

/**
 * Sources are worked on side by side within `limit`, but those of many rows only as many at a time as find room in the memory: one that
 * does not is begun again, and what it did was for nothing.
 */
export function heavyWithin(
  limit: LimitFunction,
  memory = Infinity,
): <R>(rows: number, task: () => Promise<R>) => Promise<R> {
  const heavily = pLimit(Math.max(1, Math.min(limit.concurrency, Math.floor(memory / HEAVY_BYTES))));
  return (rows, task) => (rows > rowsAtOnce(memory) / 2 ? heavily(() => limit(task)) : limit(task));
}
