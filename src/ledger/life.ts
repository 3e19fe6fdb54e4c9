import type { CheckedCheck } from '../checks/checked.js';
import type { RunFacts } from '../compile/facts.js';
import type { Engine } from '../engine/engine.js';
import type { IngestRecord } from '../ingest/record.js';
import { baseTables, subjectTable } from './base.js';
import { checkSources, coveredChecks, fileDays, missingSources } from './checks-table.js';
import { type LifeCounts, lifeCounts } from './counts.js';
import { foundTable } from './found.js';
import { findLost } from './lost.js';
import { nextTables } from './next.js';
import { type Night, type Standing, standingOf } from './night.js';

export interface LifeInput {
  checks: readonly CheckedCheck[];
  facts: RunFacts;
  record: IngestRecord;
  night: Night;
  /** Checks that a guard held back: what they say tonight is not believed, neither way. */
  held: ReadonlySet<string>;
  /** False where a scope left enterprises out. */
  wholeLibrary: boolean;
}

/**
 * Works out, in `life.*`, what the night means for every anomaly. Reads the ledger, `run.*`, `src.*` and `meta.*`; writes
 * nothing to the ledger, so that reports can be made of it before it is so.
 */
export async function liveNight(engine: Engine, i: LifeInput): Promise<{ standing: Standing; counts: LifeCounts }> {
  const d = engine.dialect;
  const { asOf } = i.night;
  await engine.run('CREATE SCHEMA life');
  const standing = await standingOf(engine, i.night);
  await engine.run(checkSources(i.checks, i.facts, d));
  await engine.run(coveredChecks(i.checks, i.facts, i.held, d));
  await engine.run(missingSources(i.record, d));
  await engine.run(fileDays(i.record, asOf, d));
  await engine.run(subjectTable());
  await engine.run(foundTable(asOf, d));
  for (const sql of baseTables(standing, i.wholeLibrary, d)) await engine.run(sql);
  await findLost(engine, i.checks, i.facts, i.wholeLibrary);
  for (const sql of nextTables(asOf, d)) await engine.run(sql);
  return { standing, counts: await lifeCounts(engine, asOf) };
}
