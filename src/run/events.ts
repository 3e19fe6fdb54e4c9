import type { RunReport } from './tally.js';

/** The steps of a run in their order. `ledger_commit` writes the night down, `publish` puts the reports in their place. */
export type Step = 'ingest' | 'compare' | 'ledger' | 'report' | 'ledger_commit' | 'publish';

/**
 * What a run tells while it goes on. Whoever wants to show, log or count it subscribes; the run knows none of them, and
 * none of them changes what the run does.
 */
export type RunEvent =
  | { type: 'run_start'; run: string; asOf: string; inputs: readonly string[]; outDir: string; state?: string }
  | { type: 'step_start'; step: Step }
  /**
   * Within a step, or a part of one: `done` of `total` are over. `part` is what is counted (`ingest`: files). `rows` so far: read, or
   * verdicts of an enterprise by a check.
   */
  | { type: 'progress'; step: Step; part: string; done: number; total: number; rows?: number }
  /** `rows`: extract rows read, outcomes found, anomalies followed, anomalies told. */
  | { type: 'step_end'; step: Step; seconds: number; rows?: number; failed?: boolean }
  /** One source is in: rows of its files, and what became of them. */
  | { type: 'source'; source: string; rows: number; loaded: number; quarantined: number; delivered: boolean }
  /** What came of it, as soon as that is known. `byState` is empty without a ledger. */
  | {
      type: 'found';
      enterprises: number;
      anomalies: number;
      bySeverity: Readonly<Record<string, number>>;
      byState: Readonly<Record<string, number>>;
      guards: { stopped: number; held: number; warned: number };
    }
  | { type: 'warning'; text: string }
  | ({ type: 'run_end' } & RunReport);

export type Observer = (event: RunEvent) => void;

/** Tells several. One that fails is left out from then on: watching a run must not end it. */
export function tellAll(observers: readonly Observer[]): Observer {
  const listening = new Set(observers);
  return (event) => {
    for (const observer of listening) {
      try {
        observer(event);
      } catch {
        listening.delete(observer);
      }
    }
  };
}
