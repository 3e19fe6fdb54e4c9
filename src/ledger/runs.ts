import type { Details, Entry } from './audit/entry.js';
import { entriesOf } from './audit/log.js';
import { readHolder } from './holder.js';

/** One execution, as the audit log tells of it. */
export interface RunLine {
  run: string;
  started: string;
  /** '' where it has not ended. */
  ended: string;
  /** `killed`: it never said how it ended, and it runs no more. */
  outcome: 'ok' | 'failed' | 'interrupted' | 'killed' | 'running';
  user: string;
  host: string;
  pid: number;
  /** What it was asked to do. */
  began: Details;
  /** What came of it. */
  end: Details;
}

/** Every run that had this ledger, the oldest first; those that failed and those that were killed too. */
export function runsOf(state: string): RunLine[] {
  const runs = new Map<string, RunLine>();
  for (const e of entriesOf(state)) {
    const id = String(e.details.run ?? '');
    if (e.act === 'run') runs.set(id, begun(e, id));
    const known = runs.get(id);
    if (e.act === 'run_ended' && known) {
      known.ended = e.at;
      known.outcome = e.details.outcome as RunLine['outcome'];
      known.end = e.details;
    }
  }
  const holder = readHolder(state);
  for (const r of runs.values()) {
    // Whoever has the ledger now and began before this run's entry is this run.
    if (r.ended === '' && holder?.pid === r.pid && holder.host === r.host) r.outcome = 'running';
  }
  return [...runs.values()];
}

const begun = (e: Entry, run: string): RunLine => ({
  ...{ run, started: e.at, ended: '', outcome: 'killed' as const, user: e.user, host: e.host, pid: e.pid },
  began: e.details,
  end: {},
});
