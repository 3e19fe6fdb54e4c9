/**
 * Who may use the engine's memory when. Statements run side by side; one that did not get enough of it beside others is run
 * again when they are through, and nothing else meanwhile.
 */
export class Turns {
  private readonly running = new Set<Promise<unknown>>();
  /** Ends when nobody is alone any more. Never fails. */
  private alone: Promise<unknown> = Promise.resolve();

  /** Runs `work` beside others; once more and alone, if it fails for a reason of which `lacking` says that it is memory. */
  async run<T>(work: () => Promise<T>, lacking: (error: unknown) => boolean): Promise<T> {
    try {
      return await this.beside(work);
    } catch (error) {
      if (!lacking(error)) throw error;
      return this.byItself(work);
    }
  }

  private async beside<T>(work: () => Promise<T>): Promise<T> {
    let seen: unknown;
    // Another may have asked to be alone while this one waited.
    while (seen !== this.alone) {
      seen = this.alone;
      await seen;
    }
    const own = work();
    this.running.add(own);
    try {
      return await own;
    } finally {
      this.running.delete(own);
    }
  }

  private byItself<T>(work: () => Promise<T>): Promise<T> {
    const before = this.alone;
    const own = (async () => {
      await before;
      await Promise.allSettled(this.running);
      return work();
    })();
    this.alone = own.catch(() => {});
    return own;
  }
}
