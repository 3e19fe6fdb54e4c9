import pLimit, { type LimitFunction } from 'p-limit';
import type { Engine, Session } from './engine.js';

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

/** Does a task with a session that nobody else uses while it lasts. */
export async function inSession<R>(
  engine: Pick<Engine, 'session'>,
  task: (session: Session) => Promise<R>,
): Promise<R> {
  const session = await engine.session();
  try {
    return await task(session);
  } finally {
    session.close();
  }
}

/** Does a task for each item with a session of its own, so many of them at once; answers in their order, when all have ended. */
export const inSessions = <T, R>(
  engine: Pick<Engine, 'session'>,
  atOnce: number,
  items: readonly T[],
  task: (session: Session, item: T) => Promise<R>,
): Promise<R[]> => allWithin(pLimit(atOnce), items, (item) => inSession(engine, (session) => task(session, item)));
