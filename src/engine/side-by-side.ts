import pLimit, { type LimitFunction } from 'p-limit';
import type { Engine, Session } from './engine.js';
import { Sessions } from './sessions.js';

/** Does a task for each item within a limit; answers in their order. All have ended before the first fault is thrown: nothing runs on behind it. */
export async function allWithin<T, R>(
  limit: LimitFunction,
  items: readonly T[],
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const done = await Promise.allSettled(items.map((item) => limit(() => task(item))));
  return done.map((r) => {
    if (r.status === 'rejected') throw r.reason;
    return r.value;
  });
}

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
