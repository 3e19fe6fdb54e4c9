import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { foreignFiles, RUN_RECORD } from './foreign-files.js';

export interface OldReports {
  dir: string;
  asOf: string;
}

/**
 * Directories of reports right below `parent` that are of a day before `cutoff`. Never the newest; never one in which somebody
 * keeps something that bidui did not write.
 */
export function oldReports(parent: string, cutoff: string): { old: OldReports[]; kept: string[] } {
  const all: OldReports[] = readdirSync(parent, { withFileTypes: true })
    .filter((e) => e.isDirectory() && !e.name.startsWith('.') && existsSync(join(parent, e.name, RUN_RECORD)))
    .map((e) => ({ dir: join(parent, e.name), asOf: dayOf(join(parent, e.name)) }))
    .filter((r) => r.asOf !== '')
    .sort((a, b) => (a.asOf < b.asOf ? -1 : 1));
  const newest = all.at(-1)?.asOf;
  const past = all.filter((r) => r.asOf < cutoff && r.asOf !== newest);
  const isOurs = (r: OldReports) => foreignFiles(r.dir).length === 0;
  return { old: past.filter(isOurs), kept: past.filter((r) => !isOurs(r)).map((r) => r.dir) };
}

function dayOf(dir: string): string {
  try {
    const { as_of } = JSON.parse(readFileSync(join(dir, RUN_RECORD), 'utf8')) as { as_of?: unknown };
    return typeof as_of === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(as_of) ? as_of : '';
  } catch {
    return '';
  }
}
