import { hostname } from 'node:os';
import type { RunEvent } from './events.js';

/** A run as those who watch it are told when it is over. */
export interface RunReport {
  run: string;
  host: string;
  /** `ok`: it ran, whatever it found. */
  outcome: 'ok' | 'failed' | 'interrupted';
  exit: number;
  as_of: string;
  out: string;
  state: string;
  started: string;
  ended: string;
  seconds: number;
  steps: Record<string, { seconds: number; rows?: number }>;
  sources: Record<string, { delivered: boolean; rows: number; loaded: number; quarantined: number }>;
  enterprises?: number;
  anomalies?: number;
  by_severity: Record<string, number>;
  /** What the ledger makes of them; empty without one. */
  by_state: Record<string, number>;
  guards: { stopped: number; held: number; warned: number };
  warnings: number;
  problems: string[];
}

/** Counts what a run tells. The clock is read here for people and monitors; nothing of it goes into a report. */
export class Tally {
  private readonly start = performance.now();
  private readonly report: RunReport = {
    run: '',
    host: hostname(),
    outcome: 'failed',
    exit: 70,
    as_of: '',
    out: '',
    state: '',
    started: new Date().toISOString(),
    ended: '',
    seconds: 0,
    steps: {},
    sources: {},
    by_severity: {},
    by_state: {},
    guards: { stopped: 0, held: 0, warned: 0 },
    warnings: 0,
    problems: [],
  };

  readonly observe = (e: RunEvent): void => {
    const r = this.report;
    switch (e.type) {
      case 'run_start':
        Object.assign(r, { run: e.run, as_of: e.asOf, out: e.outDir, state: e.state ?? '' });
        break;
      case 'step_end':
        r.steps[e.step] = { seconds: e.seconds, ...(e.rows === undefined ? {} : { rows: e.rows }) };
        break;
      case 'source':
        r.sources[e.source] = {
          ...{ delivered: e.delivered, rows: e.rows, loaded: e.loaded, quarantined: e.quarantined },
        };
        break;
      case 'found':
        Object.assign(r, { enterprises: e.enterprises, anomalies: e.anomalies, guards: e.guards });
        Object.assign(r, { by_severity: e.bySeverity, by_state: e.byState });
        break;
      case 'warning':
        r.warnings += 1;
        break;
      default:
    }
  };

  over(outcome: RunReport['outcome'], exit: number, problems: readonly string[] = []): RunReport {
    const seconds = Math.round(performance.now() - this.start) / 1000;
    Object.assign(this.report, { outcome, exit, seconds, ended: new Date().toISOString(), problems });
    return this.report;
  }
}
