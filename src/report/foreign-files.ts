import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every directory of reports holds it: bidui replaces nothing else. */
export const RUN_RECORD = 'run.json';

/** What desktops and spreadsheet programs leave behind on their own. */
const LITTER = /^(?:\.DS_Store|Thumbs\.db|desktop\.ini|~\$.*|\.~lock\..*)$/i;

/** What in a directory no run of bidui wrote, relative to it: what would be lost if it were replaced. */
export function foreignFiles(dir: string): string[] {
  const entries = readdirSync(dir).filter((name) => !LITTER.test(name));
  if (entries.length === 0) return [];
  const reports = entries.includes(RUN_RECORD) ? reportsOf(join(dir, RUN_RECORD)) : undefined;
  if (!reports) return entries.sort();
  return walk(dir, '').filter((name) => !LITTER.test(name.slice(name.lastIndexOf('/') + 1)) && !reports.has(name));
}

/** The files that a run wrote, by its own record. Many programs call a file run.json: most are not bidui's. */
function reportsOf(path: string): Set<string> | undefined {
  try {
    const record = JSON.parse(readFileSync(path, 'utf8')) as { bidui?: unknown; reports?: unknown } | null;
    if (typeof record?.bidui !== 'string' || !Array.isArray(record.reports)) return undefined;
    return new Set(record.reports.map(String));
  } catch {
    return undefined;
  }
}

function walk(dir: string, below: string): string[] {
  return readdirSync(join(dir, below), { withFileTypes: true })
    .flatMap((e) => (e.isDirectory() ? walk(dir, `${below}${e.name}/`) : [`${below}${e.name}`]))
    .sort();
}
