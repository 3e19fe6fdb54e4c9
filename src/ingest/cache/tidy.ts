import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileMode } from '../../access.js';
import { ownName } from '../../own-dirs.js';
import { NEW } from './entry.js';

/** Entries that none of so many runs used are removed: yesterday's extract may come again, last week's will not. */
const RUNS = 3;
/** Another run, with another ledger, may be reading what was used so lately. */
const IN_USE_MS = 24 * 3600 * 1000;
const USED = 'used.json';
const isKey = (name: string) => /^[0-9a-f]{64}$/.test(name);

/** Notes what this run used and removes what has not been used for long. */
export function tidy(dir: string, used: readonly string[]): void {
  const runs = [[...used].sort(), ...usedBefore(dir)].slice(0, RUNS);
  const made = join(dir, `${ownName(NEW)}-${randomUUID()}`);
  writeFileSync(made, `${JSON.stringify(runs)}\n`, { mode: fileMode() });
  renameSync(made, join(dir, USED));
  removeBut(dir, new Set(runs.flat()), Date.now() - IN_USE_MS);
}

/** Removes what the last run did not use; answers how many entries, or would, with `dryRun`. */
export function pruneCache(dir: string, dryRun: boolean): number {
  const [last = []] = usedBefore(dir);
  return removeBut(dir, new Set(last), Number.POSITIVE_INFINITY, dryRun);
}

function removeBut(dir: string, keep: ReadonlySet<string>, before: number, dryRun = false): number {
  const gone = namesIn(dir).filter((name) => isKey(name) && !keep.has(name) && touched(join(dir, name)) < before);
  if (!dryRun) for (const name of gone) rmSync(join(dir, name), { recursive: true, force: true });
  return gone.length;
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

function touched(entry: string): number {
  const at = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Math.max(at(entry), at(join(entry, 'entry.json')));
}

/** Newest first. A list that cannot be read is none: entries are made again. */
function usedBefore(dir: string): string[][] {
  try {
    const runs = JSON.parse(readFileSync(join(dir, USED), 'utf8')) as unknown;
    return Array.isArray(runs) ? runs.filter((r) => Array.isArray(r)) : [];
  } catch {
    return [];
  }
}
