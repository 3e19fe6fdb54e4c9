import type { Observer, Step } from './events.js';

/** The clock of a run: how long each step took, told as it happens. */
export class Steps {
  /** Seconds by step, for run.json. */
  readonly seconds: Record<string, number> = {};

  constructor(private readonly tell: Observer) {}

  /** Does `work`, and tells when it began and ended; `rows` says from its result how much it was. */
  async timed<T>(step: Step, work: () => Promise<T>, rows?: (result: T) => number): Promise<T> {
    const start = performance.now();
    this.tell({ type: 'step_start', step });
    try {
      const result = await work();
      this.ended(step, start, { rows: rows?.(result) });
      return result;
    } catch (error) {
      this.ended(step, start, { failed: true });
      throw error;
    }
  }

  private ended(step: Step, start: number, how: { rows?: number; failed?: boolean }): void {
    const seconds = Math.round(performance.now() - start) / 1000;
    this.seconds[step] = seconds;
    this.tell({ type: 'step_end', step, seconds, ...how });
  }
}
