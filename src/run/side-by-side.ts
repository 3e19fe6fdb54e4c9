import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import type { Engine, Session } from '../engine/engine.js';

/**
 * Statements that do not need each other, each in a session of its own. For small tables planning is what takes the time,
 * and the engine plans one statement on one thread. For larger ones there are stretches that keep one thread busy, too: tables of
 * few groups of rows, the last sum of many; a second statement fills them. For the largest a single one keeps every thread
 * busy, and several at once would only share the memory out.
 */
export async function sideBySide<T>(
  engine: Engine,
  items: readonly T[],
  rows: number,
  work: (session: Session, item: T) => Promise<void>,
): Promise<void> {
  const limit = pLimit(atOnce(rows));
  const done = await Promise.allSettled(
    items.map((item) =>
      limit(async () => {
        const session = await engine.session();
        try {
          await work(session, item);
        } finally {
          session.close();
        }
      }),
    ),
  );
  // All of them have ended before the first fault is told: nothing runs on behind it.
  for (const r of done) if (r.status === 'rejected') throw r.reason;
}

/** Up to so many enterprises, planning a statement takes longer than its work: statements run side by side, on one thread each. */
export const SMALL = 50_000;

/** Up to so many enterprises, what two statements hold leaves room in the memory that a run has. */
const MIDDLING = 150_000;

const atOnce = (rows: number): number => {
  if (rows <= SMALL) return availableParallelism();
  return rows <= MIDDLING ? 2 : 1;
};
