import { availableParallelism } from 'node:os';
import type { Engine, Session } from '../engine/engine.js';
import { inSessions } from '../engine/side-by-side.js';

/**
 * Statements that do not need each other, each in a session of its own. For small tables planning is what takes the time,
 * and the engine plans one statement on one thread. For larger ones there are stretches that keep one thread busy, too: tables of
 * few groups of rows, the last sum of many; a second statement fills them, where memory has room for both. `room` is for how many
 * rows it has.
 */
export const sideBySide = <T, R>(
  engine: Engine,
  items: readonly T[],
  { rows, room }: { rows: number; room: number },
  work: (session: Session, item: T) => Promise<R>,
): Promise<R[]> => inSessions(engine, atOnce(rows, room), items, work);

/** Up to so many enterprises, planning a statement takes longer than its work: statements run side by side, on one thread each. */
export const SMALL = 50_000;

const atOnce = (rows: number, room: number): number => {
  if (rows <= SMALL) return availableParallelism();
  return 2 * rows <= room ? 2 : 1;
};
