import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CheckGuardFile, type GuardsFile, guards, type SourceGuardsFile } from '../config/guards.js';
import { didYouMean } from '../config/nearest.js';
import { shownPath } from '../config/pack.js';
import { YamlFile } from '../config/yaml.js';
import type { Problem } from '../errors.js';

type Whole<T> = { [K in keyof T]-?: NonNullable<T[K]> extends object ? Whole<NonNullable<T[K]>> : NonNullable<T[K]> };
export type SourceGuards = Whole<SourceGuardsFile>;
export type CheckGuard = Whole<CheckGuardFile>;

/** Figures where nobody says any. Nothing is guarded unless a file says so. */
const SOURCE: SourceGuards = {
  freshness: { max_age_days: 45, action: 'off' },
  volume: { at_least: 0.6, at_most: 2.5, runs: 7, min_rows: 20, action: 'off' },
  quarantined: { at_most: 0.3, min_rows: 20, action: 'off' },
  unreadable: { at_most: 0.5, min_rows: 20, action: 'off' },
  unmatched: { at_most: 0.5, min_rows: 20, action: 'off' },
  columns: { gone: 'off', new: 'off' },
};
const CHECK: CheckGuard = { at_most: 0.5, factor: 5, floor: 0.02, runs: 7, min_anomalies: 20, action: 'off' };

export interface GuardPolicy {
  ofSource(id: string): SourceGuards;
  ofCheck(id: string): CheckGuard;
  /** As written, those of the checks directory before the park's: one digest of what holds. */
  files: readonly GuardsFile[];
}

/** What is wrong with the guards of a checks directory: a misspelt source would be guarded by nobody. */
export function guardFaults(checksDir: string, sources: readonly string[], checks: readonly string[]): Problem[] {
  const path = join(checksDir, 'guards.yaml');
  if (!existsSync(path)) return [];
  const yaml = YamlFile.read(path, shownPath(path));
  const file = yaml.validate(guards, 'guards');
  const unknown = (section: 'sources' | 'checks', what: string, known: readonly string[]): Problem[] =>
    Object.keys(file[section] ?? {})
      .filter((id) => !known.includes(id))
      .map((id) => ({
        what: `no ${what} '${id}'`,
        where: yaml.place([section, id], 'key'),
        fix: didYouMean(id, known) ?? 'remove it',
      }));
  return [...unknown('sources', 'source', sources), ...unknown('checks', 'check', checks)];
}

/** The policy of a checks directory with the park's own laid over it. What is said of one source goes before what is said of all. */
export function guardPolicy(checksDir: string, park: GuardsFile = {}): GuardPolicy {
  const path = join(checksDir, 'guards.yaml');
  const shipped = existsSync(path) ? YamlFile.read(path, shownPath(path)).validate(guards, 'guards') : {};
  return {
    files: [shipped, park],
    ofSource: (id) => {
      const layers = [shipped.every_source, park.every_source, shipped.sources?.[id], park.sources?.[id]];
      const of = <K extends keyof SourceGuards>(key: K): SourceGuards[K] =>
        Object.assign({}, SOURCE[key], ...layers.map((l) => l?.[key]));
      return {
        freshness: of('freshness'),
        volume: of('volume'),
        quarantined: of('quarantined'),
        unreadable: of('unreadable'),
        unmatched: of('unmatched'),
        columns: of('columns'),
      };
    },
    ofCheck: (id) =>
      Object.assign({}, CHECK, shipped.every_check, park.every_check, shipped.checks?.[id], park.checks?.[id]),
  };
}
