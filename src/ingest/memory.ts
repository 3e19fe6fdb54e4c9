import pLimit, { type LimitFunction } from 'p-limit';

/**
 * Rows that are looked up among texts with all that is derived from them are held by the engine, several times over, while it joins:
 * bytes of a row with addresses.
 */
const BYTES_A_ROW = 1_600;
/** More at a time bring no speed. */
const MOST_ROWS = 250_000;

/** Rows of a source with addresses that one statement stores: they take a quarter of the memory. */
export const rowsAtOnce = (memory = Infinity): number =>
  Math.min(MOST_ROWS, Math.max(1, Math.floor(memory / 4 / BYTES_A_ROW)));

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
