import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { inUse } from '../errors.js';
import { actor } from './audit/log.js';

/**
 * Who has a ledger. The lock itself is the engine's, on the file, and the kernel's: it goes with its process however that
 * ends, and no two processes of one machine ever both have it. This note beside it says who that is, and since when. It is
 * also what another machine goes by, on a shared file system that does not carry locks from one to the other.
 */
export interface Holder {
  user: string;
  host: string;
  pid: number;
  command: string;
  since: string;
  /** Tells machines apart: containers of one machine have several host names and one kernel. */
  machine: string;
  /** Counts up while the process lives. */
  beat: number;
}

export const holderPath = (state: string): string => `${state}.lock`;

const BEAT_MS = 5_000;
/** Two beats, and one that was late. */
export const SILENCE_MS = 3 * BEAT_MS;

export function readHolder(state: string): Holder | undefined {
  try {
    const h = JSON.parse(readFileSync(holderPath(state), 'utf8')) as Holder;
    return typeof h.host === 'string' && typeof h.pid === 'number' ? h : undefined;
  } catch {
    return undefined;
  }
}

/** Says that this process has it, until the returned function is called. Not being able to is no reason not to work. */
export function sayHeld(state: string, command: string): () => void {
  const holder: Holder = { ...actor(), command, since: new Date().toISOString(), machine: machine(), beat: 0 };
  sweepUnfinished(state);
  const say = () => {
    try {
      const fresh = `${holderPath(state)}.${process.pid}`;
      writeFileSync(fresh, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
      renameSync(fresh, holderPath(state));
    } catch {
      // A full disk: the kernel's lock holds all the same.
    }
    holder.beat += 1;
  };
  say();
  const beating = setInterval(say, BEAT_MS);
  beating.unref();
  return () => {
    clearInterval(beating);
    rmSync(`${holderPath(state)}.${process.pid}`, { force: true });
    rmSync(holderPath(state), { force: true });
  };
}

/** A process that was killed while it wrote its note left it under another name. Whoever has the ledger may remove it. */
function sweepUnfinished(state: string): void {
  const prefix = `${basename(holderPath(state))}.`;
  try {
    for (const name of readdirSync(dirname(state))) {
      if (name.startsWith(prefix)) rmSync(join(dirname(state), name), { force: true });
    }
  } catch {
    // Housekeeping: it can wait.
  }
}

/** Whether that holder works on another machine, whose locks may not be seen from here. */
export const isElsewhere = (h: Holder): boolean => h.machine !== machine();

function machine(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return actor().host;
  }
}

export function busyError(path: string, holder: Holder | undefined, engineSays?: string) {
  if (!holder) {
    return inUse({
      what: `the ledger ${path} is in use by another process${engineSays ? ` (${engineSays})` : ''}`,
      why: 'only one process at a time may write to a ledger, and nobody reads it meanwhile',
      fix: 'run again when that process has ended, or add --wait 10m',
    });
  }
  const where = isElsewhere(holder) ? ` on ${holder.host}` : '';
  return inUse({
    what: `the ledger ${path} is in use: \`${holder.command}\` of ${holder.user}, process ${holder.pid}${where}, since ${holder.since}`,
    why: 'only one process at a time may write to a ledger, and nobody reads it meanwhile',
    fix: isElsewhere(holder)
      ? `run again when it has ended, or add --wait 10m. If ${holder.host} is down and stays so, remove ${holderPath(path)}`
      : 'run again when it has ended, or add --wait 10m',
  });
}
