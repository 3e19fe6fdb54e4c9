import pLimit, { type LimitFunction } from 'p-limit';
import type { Engine, Session } from './engine.js';
import { Sessions } from './sessions.js';

/** Answers what all of them come to. All have ended before the first fault is thrown: nothing runs on behind it. */
export async function allDone<R>(work: readonly (Promise<R> | undefined)[]): Promise<(R | undefined)[]> {
  const done = await Promise.allSettled(work);
  return done.map((r) => {
    if (r.status === 'rejected') throw r.reason;
    return r.value;
  });
}

/** Does a task for each item within a limit; answers in their order, when all have ended. */
export const allWithin = <T, R>(
  limit: LimitFunction,
  items: readonly T[],
  task: (item: T) => Promise<R>,
): Promise<R[]> => allDone(items.map((item) => limit(() => task(item)))) as Promise<R[]>;

/** The same with a session that is a task's own while it lasts, so many of them at once. */
export const inSessions = <T, R>(
  engine: Pick<Engine, 'session'>,
  atOnce: number,
  items: readonly T[],
  task: (session: Session, item: T) => Promise<R>,
): Promise<R[]> =>
  Sessions.during(engine, (sessions) =>
    allWithin(pLimit(atOnce), items, (item) => sessions.use((session) => task(session, item))),
  );
