import type { Observer, Step } from './events.js';

/** The clock of a run: how long each step took, told as it happens. */
export class Steps {
  /** Seconds by step, for run.json. */
  readonly seconds: Record<string, number> = {};
  /** Seconds of processor time of all threads: the engine's are this process's. */
  readonly cpuSeconds: Record<string, number> = {};

  constructor(private readonly tell: Observer) {}

  /** Does `work`, and tells when it began and ended; `rows` says from its result how much it was. */
  async timed<T>(step: Step, work: () => Promise<T>, rows?: (result: T) => number): Promise<T> {
    const start = performance.now();
    const cpu = process.cpuUsage();
    this.tell({ type: 'step_start', step });
    try {
      const result = await work();
      this.ended(step, start, cpu, { rows: rows?.(result) });
      return result;
    } catch (error) {
      this.ended(step, start, cpu, { failed: true });
      throw error;
    }
  }

  private ended(step: Step, start: number, cpu: NodeJS.CpuUsage, how: { rows?: number; failed?: boolean }): void {
    const seconds = Math.round(performance.now() - start) / 1000;
    this.seconds[step] = seconds;
    const { user, system } = process.cpuUsage(cpu);
    this.cpuSeconds[step] = Math.round((user + system) / 1000) / 1000;
    this.tell({ type: 'step_end', step, seconds, ...how });
  }
}
