import type { Engine, Session } from './engine.js';

/** Sessions for tasks side by side. One that a task is done with serves the next: to open one is as much work as a small statement. */
export class Sessions {
  private readonly idle: Session[] = [];

  private constructor(private readonly engine: Pick<Engine, 'session'>) {}

  /** For the time of `work`; none of them is left open. */
  static async during<R>(engine: Pick<Engine, 'session'>, work: (sessions: Sessions) => Promise<R>): Promise<R> {
    const sessions = new Sessions(engine);
    try {
      return await work(sessions);
    } finally {
      for (const session of sessions.idle.splice(0)) session.close();
    }
  }

  /** A session that nobody else uses while the task lasts. */
  async use<R>(task: (session: Session) => Promise<R>): Promise<R> {
    const session = this.idle.pop() ?? (await this.engine.session());
    try {
      return await task(session);
    } finally {
      this.idle.push(session);
    }
  }
}
