import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Long enough for any run; a directory of another machine is only then taken for forgotten. */
const FORGOTTEN_MS = 48 * 3600 * 1000;

const host = () => hostname().replace(/[^a-z0-9]/gi, '_');

/**
 * The name of a directory that this process makes for itself. It tells whose it is, so that what a killed process could
 * not remove is found and removed by the next one, and what a living one still needs is left alone.
 */
export const ownName = (prefix: string): string => `${prefix}${host()}-${process.pid}`;

/**
 * Removes a directory of `ownName` in which threads of this process may still write. It goes under another name first:
 * a file that one of them makes there meanwhile finds no directory, instead of keeping this one from being empty.
 */
export function removeOwn(dir: string): void {
  const gone = `${dir}-gone`;
  try {
    renameSync(dir, gone);
  } catch {
    // Not there any more, or on a system that keeps directories with open files where they are.
    rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
    return;
  }
  rmSync(gone, { recursive: true, force: true, maxRetries: 3 });
}

/** Removes what processes that are no more left in `dir` under names of `ownName(prefix)`. Never fails: it is housekeeping. */
export function sweepForgotten(dir: string, prefix: string): void {
  let names: string[];
  try {
    names = readdirSync(dir);
  } catch {
    return;
  }
  for (const name of names) {
    if (!name.startsWith(prefix)) continue;
    const owner = /^([a-z0-9_]+)-(\d+)(?:-|$)/i.exec(name.slice(prefix.length));
    if (!owner?.[1] || !owner[2] || !isForgotten(join(dir, name), owner[1], Number(owner[2]))) continue;
    try {
      rmSync(join(dir, name), { recursive: true, force: true });
    } catch {
      // Somebody else's: it is theirs to remove.
    }
  }
}

function isForgotten(path: string, ownerHost: string, pid: number): boolean {
  if (ownerHost !== host()) {
    try {
      return Date.now() - statSync(path).mtimeMs > FORGOTTEN_MS;
    } catch {
      return false;
    }
  }
  return pid !== process.pid && !isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is such a process, but it is another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
