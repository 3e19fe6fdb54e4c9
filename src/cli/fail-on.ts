import { usageError } from '../errors.js';
import { type FailCount, SEVERITIES } from '../report/gate.js';
import { listOf } from './options.js';

/** `any` and `blue` mean the same: an anomaly of whatever severity. */
const LEVELS = [...SEVERITIES, 'new', 'any'] as const;

export interface FailOn {
  /** Severities that fail the run. */
  severities: readonly string[];
  /** Only what is new does. */
  onlyNew: boolean;
}

/**
 * `red`, `yellow`, `blue`: an anomaly of this severity or graver; of several the least grave counts. `any`: any anomaly. `new`
 * narrows: `new,red` is a new anomaly that is red, `new` alone any new one.
 */
export function failOnOf(list: string | undefined, given: { state?: string; baseline?: string }): FailOn | undefined {
  if (list === undefined) return undefined;
  const levels = listOf('--fail-on', list, LEVELS);
  const onlyNew = levels.includes('new');
  if (onlyNew && given.state === undefined && given.baseline === undefined) {
    throw usageError({
      what: '--fail-on new: nothing tells what is new',
      why: 'a run without --state and --baseline knows of no other',
      fix: 'add --state <file> (new since the last night) or --baseline <file> (not in the baseline)',
    });
  }
  const named = SEVERITIES.filter((s) => levels.includes(s));
  const least = levels.includes('any') || named.length === 0 ? 'blue' : named.at(-1)!;
  return { severities: SEVERITIES.slice(0, SEVERITIES.indexOf(least) + 1), onlyNew };
}

export const isMet = (f: FailOn, counts: readonly FailCount[]): boolean =>
  counts.some((c) => f.severities.includes(c.severity) && (f.onlyNew ? (c.new ?? 0) : c.anomalies) > 0);
