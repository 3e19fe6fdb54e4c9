import { existsSync } from 'node:fs';
import type { CheckedCheck } from '../checks/checked.js';
import type { RunFacts } from '../compile/facts.js';
import type { Pack } from '../config/pack.js';
import { DuckDb } from '../engine/duckdb/database.js';
import type { Engine } from '../engine/engine.js';
import type { IngestRecord } from '../ingest/record.js';
import { applyNight } from '../ledger/apply.js';
import { liveNight } from '../ledger/life.js';
import { nightOf } from '../ledger/night.js';
import { ledgerFault, noLedger, openLedger } from '../ledger/open.js';
import { loadPolicy } from '../ledger/policy.js';
import { standAll } from '../ledger/standing.js';
import { type LedgerSummary, ledgerSummary } from '../ledger/summary.js';
import type { OutcomeCounts } from './compare.js';
import type { RunGuards } from './guards.js';
import { State, type StateOptions } from './state.js';

export interface FollowInput {
  pack: Pack;
  checks: readonly CheckedCheck[];
  facts: RunFacts;
  record: IngestRecord;
  outcomes: OutcomeCounts;
  version: string;
  guards: RunGuards;
  /** Themes and scope tags the run was confined to. */
  themes: readonly string[];
  scope: readonly string[];
}

/**
 * What the night means for every anomaly. Nothing is written to the ledger before `commit` is called: the reports are
 * made first, so that a fault in them leaves the ledger as it was.
 */
export async function follow(
  engine: Engine,
  i: FollowInput,
): Promise<{ summary: LedgerSummary; commit: (also: () => Promise<void>) => Promise<boolean> }> {
  const { asOf } = i.facts;
  const night = nightOf(i.pack, i.checks, i.record, {
    asOf,
    version: i.version,
    themes: i.themes,
    scope: i.scope,
    guarded: i.guards.marks,
  });
  const { standing, counts } = await liveNight(engine, {
    checks: i.checks,
    facts: i.facts,
    record: i.record,
    night,
    held: i.guards.held,
    wholeLibrary: i.scope.length === 0,
  });
  await standAll(engine, {
    asOf,
    policy: loadPolicy(i.pack.dir),
    of: 'life.now',
    holidays: i.pack.contracts.has('holidays') ? 'src.holidays' : undefined,
  });
  const summary = await ledgerSummary(engine, asOf, counts);
  const fields = i.pack.contracts.get('enterprise')?.fields ?? {};
  const commit = (also: () => Promise<void>) =>
    applyNight(
      engine,
      standing,
      {
        night,
        counts,
        record: i.record,
        outcomes: i.outcomes,
        checks: i.checks,
        profiles: i.guards.profiles,
        // The one reading of the clock: when the night was written down. Nothing is computed from it.
        recordedAt: new Date().toISOString(),
        address: 'address' in fields,
        tags: 'scope_tags' in fields,
      },
      also,
    );
  return { summary, commit };
}

/** The ledger alone, to read it, for commands that need no extracts. */
export async function readLedger<T>(path: string, work: (engine: Engine) => Promise<T>): Promise<T> {
  if (!existsSync(path)) throw noLedger(path);
  const engine = await DuckDb.open();
  try {
    await openLedger(engine, path, 'read');
    return await work(engine);
  } finally {
    engine.close();
  }
}

/** The same to write to it, alone. What `work` does is told in the audit log, in the transaction that does it. */
export async function writeLedger<T>(
  path: string,
  o: StateOptions,
  work: (engine: Engine, state: State) => Promise<T>,
): Promise<T> {
  if (!existsSync(path)) throw noLedger(path);
  const engine = await DuckDb.open();
  try {
    const state = await State.open(engine, path, o);
    try {
      return await work(engine, state);
    } catch (error) {
      throw ledgerFault(path, error);
    } finally {
      await state.close(o.warn);
    }
  } finally {
    engine.close();
  }
}
