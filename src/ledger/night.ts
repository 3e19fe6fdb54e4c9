import { createHash } from 'node:crypto';
import type { CheckedCheck } from '../checks/checked.js';
import type { Pack } from '../config/pack.js';
import type { Session } from '../engine/engine.js';
import { usageError } from '../errors.js';
import type { IngestRecord } from '../ingest/record.js';

/** One run as the ledger tells it from others. */
export interface Night {
  asOf: string;
  /** What was read. */
  inputs: string;
  /** What it was held against. */
  checks: string;
  /** 'all', or the themes and scope tags that the run was confined to. */
  coverage: string;
  bidui: string;
}

/** What the ledger is to do with a night: the next one, the last one with other data, or the last one over again. */
export type Standing = 'next' | 'again' | 'same';

export function nightOf(
  pack: Pack,
  checks: readonly CheckedCheck[],
  record: IngestRecord,
  o: {
    asOf: string;
    version: string;
    themes: readonly string[];
    scope: readonly string[];
    /** Sources and checks that a guard kept out, or that were let in all the same: another night, on the same inputs. */
    guarded: readonly string[];
  },
): Night {
  const files = record.files.map((f) => [f.source, f.name, f.sha256]).sort(byText);
  return {
    asOf: o.asOf,
    inputs: digest(o.guarded.length > 0 ? [files, o.guarded] : files),
    checks: digest([
      checks.map((c) => c.def),
      entries(pack.params),
      entries(pack.contracts),
      entries(pack.codes),
      pack.vocabulary,
    ]),
    coverage: coverageOf(o.themes, o.scope),
    bidui: o.version,
  };
}

export const coverageOf = (themes: readonly string[], scope: readonly string[]): string =>
  [...themes.map((t) => `theme:${t}`), ...scope.map((t) => `scope:${t}`)].sort().join(' ') || 'all';

const entries = <T>(map: ReadonlyMap<string, T>) => [...map.entries()].sort(byText);
const byText = (a: readonly unknown[], b: readonly unknown[]) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
const digest = (x: unknown) => createHash('sha256').update(JSON.stringify(x)).digest('hex');

/** Before any work is done: a night before the last one can be neither inserted nor told apart from it afterwards. */
export async function refuseBackfill(session: Session, asOf: string, path: string): Promise<void> {
  const last = await lastNight(session);
  if (last === undefined || asOf >= last.as_of) return;
  throw usageError({
    what: `--as-of ${asOf} is before the last night in the ledger, ${last.as_of}`,
    why: `${path} follows anomalies from night to night; an earlier one put in afterwards would change what is known since`,
    fix: 'run it without --state to see that day alone, or replay the nights in order into a new --state file',
  });
}

export async function lastNight(session: Session): Promise<(Night & { as_of: string }) | undefined> {
  const rows = await session.rows<Night & { as_of: string }>(
    'SELECT as_of, inputs, checks, coverage, bidui FROM ledger.run ORDER BY seq DESC LIMIT 1',
  );
  return rows[0];
}

export async function standingOf(session: Session, night: Night): Promise<Standing> {
  const last = await lastNight(session);
  if (last === undefined || last.as_of < night.asOf) return 'next';
  const same = (['inputs', 'checks', 'coverage', 'bidui'] as const).every((k) => last[k] === night[k]);
  return same ? 'same' : 'again';
}
