import { rmSync } from 'node:fs';
import { EXIT, outputError, usageError } from '../errors.js';
import { pruneCache } from '../ingest/cache/tidy.js';
import { cutoffOf, type Pruned, pastTheirTime, prune } from '../ledger/prune.js';
import { type OldReports, oldReports } from '../report/old-reports.js';
import { readLedger, writeLedger } from '../run/ledger.js';
import { cacheOf } from './cache.js';
import { label, type Output, printable } from './output.js';
import type { WithProject } from './project.js';
import { stateOf, writingAs } from './state.js';
import { table } from './table.js';

interface PruneOptions extends WithProject {
  state?: string;
  keepDays?: string;
  reportsIn?: string;
  dryRun?: boolean;
  wait?: string;
}

const KINDS: Record<keyof Pruned, string> = {
  anomalies: 'anomalies, resolved and never spoken of',
  versions: 'their values',
  events: 'their events',
  assignments: 'their visits',
  enterprises: 'enterprises without any anomaly left',
  nights: "nights' figures (rows)",
};

export async function pruneCommand(o: PruneOptions, output: Output): Promise<number> {
  const days = keepDaysOf(o);
  const parent = o.reportsIn ?? o.loadedProject?.settings.retention?.reports_in;
  const state = stateOf(o);
  if (o.dryRun) {
    const { cutoff, pruned } = await readLedger(state, async (engine) => {
      const day = cutoffOrThrow(await cutoffOf(engine, days), state);
      return { cutoff: day, pruned: await pastTheirTime(engine, day) };
    });
    const cached = pruneCacheOf(o, state, true);
    tell(output, true, cutoff, pruned, parent === undefined ? [] : oldReportsOf(parent, cutoff, output), cached);
    return EXIT.ok;
  }
  await writeLedger(state, writingAs('bidui prune', o, output), async (engine, s) => {
    const cutoff = cutoffOrThrow(await cutoffOf(engine, days), state);
    const pruned = await pastTheirTime(engine, cutoff);
    const old = parent === undefined ? [] : oldReportsOf(parent, cutoff, output);
    await prune(engine, cutoff, () => s.audit('pruned', { before: cutoff, ...pruned, reports: old.map((r) => r.dir) }));
    for (const r of old) rmSync(r.dir, { recursive: true, force: true });
    tell(output, false, cutoff, pruned, old, pruneCacheOf(o, state, false));
  });
  return EXIT.ok;
}

/** What extracts became on earlier nights: only the last one's will come again. */
function pruneCacheOf(o: PruneOptions, state: string, dryRun: boolean): number {
  const dir = cacheOf(o, state);
  return dir === undefined ? 0 : pruneCache(dir, dryRun);
}

function tell(
  output: Output,
  dryRun: boolean,
  cutoff: string,
  pruned: Pruned,
  old: readonly OldReports[],
  cached: number,
): void {
  const rows = (Object.keys(KINDS) as (keyof Pruned)[]).map((k) => [KINDS[k], pruned[k]]);
  output.out(table([dryRun ? `would go: before ${cutoff}` : `gone: before ${cutoff}`, 'count'], rows));
  for (const r of old) output.out(`${dryRun ? 'would go' : 'gone'}: reports of ${r.asOf} in ${printable(r.dir)}`);
  if (cached > 0)
    output.out(`${dryRun ? 'would go' : 'gone'}: ${cached} extracts in the cache that the last run did not use`);
  if (dryRun) output.out('nothing was changed; without --dry-run it is');
}

function oldReportsOf(parent: string, cutoff: string, output: Output): OldReports[] {
  try {
    const { old, kept } = oldReports(parent, cutoff);
    for (const dir of kept) {
      output.err(`${label('warning', output)} ${printable(dir)} stays: it holds files that bidui did not write`);
    }
    return old;
  } catch (error) {
    throw outputError({
      what: `--reports-in ${parent} cannot be read`,
      why: (error as Error).message,
      fix: "give the directory that holds the nights' directories of reports",
    });
  }
}

function keepDaysOf(o: PruneOptions): number {
  const given = o.keepDays ?? o.loadedProject?.settings.retention?.keep_days?.toString();
  if (given === undefined) {
    throw usageError({
      what: 'nothing says how long things are kept',
      fix: "add --keep-days <n>, or 'retention: { keep_days: 730 }' to the project file",
    });
  }
  if (!/^[1-9]\d{0,4}$/.test(given)) {
    throw usageError({ what: `--keep-days ${given}: not a number of days`, fix: 'give a whole number from 1 on' });
  }
  return Number(given);
}

function cutoffOrThrow(day: string | undefined, state: string): string {
  if (day !== undefined) return day;
  throw usageError({ what: `the ledger ${state} has no night yet`, fix: 'there is nothing to prune' });
}
