import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { redacting } from '../../secrets.js';
import { type Act, type Details, type Entry, lineOf, readLine, ZERO } from './entry.js';

/** Beside the ledger: whoever gets the one gets the other. */
export const auditPath = (state: string): string => `${state}.audit.jsonl`;

export interface Head {
  seq: number;
  hash: string;
  /** Length of the file up to and with this entry. */
  bytes: number;
}

export const EMPTY: Head = { seq: 0, hash: ZERO, bytes: 0 };

/** What came from the environment is in no log, and least of all in one that nobody may mend. */
const withoutSecrets = (details: Details): Details => JSON.parse(JSON.stringify(details, redacting)) as Details;

/**
 * Adds an entry; answers the new head. Written and on the disk when it returns, without waiting for anything else: it is
 * called from signal handlers too. Whoever calls it has the ledger to himself.
 */
export function append(state: string, act: Act, details: Details): Head {
  const fd = openSync(auditPath(state), 'a+', 0o600);
  try {
    const { head, torn } = tailOf(fd);
    // A process was killed, or the disk was full, in the middle of a line: no entry was ever told to be written there.
    if (torn > 0) ftruncateSync(fd, fstatSync(fd).size - torn);
    const { line, hash } = lineOf({
      seq: head.seq + 1,
      // The clock tells when, never in which order: that is the chain's.
      at: new Date().toISOString(),
      ...actor(),
      act,
      details: withoutSecrets(torn > 0 ? { ...details, torn_bytes_removed: torn } : details),
      prev: head.hash,
    });
    const bytes = Buffer.from(`${line}\n`);
    let written = 0;
    while (written < bytes.length) written += writeSync(fd, bytes, written);
    fsyncSync(fd);
    return { seq: head.seq + 1, hash, bytes: fstatSync(fd).size };
  } finally {
    closeSync(fd);
  }
}

/** Who is at it, as the system knows; behind sudo, who that is really. */
export function actor(): { user: string; host: string; pid: number } {
  let user: string;
  try {
    user = userInfo().username;
  } catch {
    // A user id without a name, as in containers.
    user = `uid ${process.getuid?.() ?? '?'}`;
  }
  const behind = process.env.SUDO_USER;
  return { user: behind && behind !== user ? `${user} (sudo by ${behind})` : user, host: hostname(), pid: process.pid };
}

/** Whether the log still holds the entry that the ledger knows as its last, where it was. */
export function holds(state: string, anchor: Head): boolean {
  if (anchor.seq === 0) return true;
  let fd: number;
  try {
    fd = openSync(auditPath(state), 'r');
  } catch {
    return false;
  }
  try {
    const end = Buffer.alloc(TAIL_BYTES);
    const from = anchor.bytes - TAIL_BYTES;
    return (
      from >= 0 &&
      readSync(fd, end, 0, TAIL_BYTES, from) === TAIL_BYTES &&
      end.toString('latin1') === `${anchor.hash}"}\n`
    );
  } catch {
    // Something else stands in its place.
    return false;
  } finally {
    closeSync(fd);
  }
}

/** A hash, and what follows it on its line. */
const TAIL_BYTES = 64 + 3;

/** Every line; the last may be torn. Undefined where there is no log. */
export function readAudit(state: string): { lines: string[]; torn: boolean } | undefined {
  let text: string;
  try {
    text = readFileSync(auditPath(state), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  return { lines: rest === '' ? lines : [...lines, rest], torn: rest !== '' };
}

/** Entries that can be read, whatever `verify` may say of them. */
export function entriesOf(state: string): Entry[] {
  const found = (readAudit(state)?.lines ?? []).map(readLine);
  return found.filter((e): e is Entry => !('fault' in e));
}

/** The last whole entry, read from the end: a log of years is not read to add a line to it. */
function tailOf(fd: number): { head: Head; torn: number } {
  const { size } = fstatSync(fd);
  for (let span = 64 * 1024; ; span *= 4) {
    const from = Math.max(0, size - span);
    const buffer = Buffer.alloc(size - from);
    readSync(fd, buffer, 0, buffer.length, from);
    const end = buffer.lastIndexOf(10);
    const start = end < 0 ? -1 : buffer.lastIndexOf(10, end - 1);
    if (end < 0 || (start < 0 && from > 0)) {
      if (from > 0) continue;
      return { head: EMPTY, torn: size };
    }
    const entry = readLine(buffer.subarray(start + 1, end).toString('utf8'));
    const torn = buffer.length - end - 1;
    const bytes = from + end + 1;
    // A line that is no entry is left for `verify` to tell; the chain goes on from what it says, or begins anew.
    if ('fault' in entry) return { head: { ...EMPTY, seq: 0, bytes }, torn };
    return { head: { seq: entry.seq, hash: entry.hash, bytes }, torn };
  }
}
