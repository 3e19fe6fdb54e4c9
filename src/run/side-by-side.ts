import { availableParallelism } from 'node:os';
import type { Engine, Session } from '../engine/engine.js';
import { SharedMemory } from '../engine/shared-memory.js';
import { allDone, inSession } from '../engine/side-by-side.js';

export interface Beside<T> {
  /** Enterprises, or rows for each of which there is as much to do. */
  rows: number;
  /** Bytes that the statements have to get by with; where not given, more than they want. */
  memory?: number;
  /** How many of them the statements of an item take. */
  bytesOf: (item: T) => number;
}

/**
 * Statements that do not need each other, each in a session of its own. For small tables planning is what takes the time,
 * and the engine plans one statement on one thread. For larger ones there are stretches that keep one thread busy, too: tables of
 * few groups of rows, the last sum of many; a second statement fills them, where memory has room for both.
 */
export const sideBySide = <T, R>(
  engine: Engine,
  items: readonly T[],
  { rows, memory = Infinity, bytesOf }: Beside<T>,
  work: (session: Session, item: T) => Promise<R>,
): Promise<R[]> => {
  const shared = new SharedMemory(memory, rows <= SMALL ? availableParallelism() : 2);
  return allDone(
    items.map((item) => shared.use(bytesOf(item), () => inSession(engine, (session) => work(session, item)))),
  ) as Promise<R[]>;
};

/** Up to so many enterprises, planning a statement takes longer than its work: statements run side by side, on one thread each. */
export const SMALL = 50_000;
