import { createHash } from 'node:crypto';

/** What the log tells of. */
export type Act =
  | 'run'
  | 'run_ended'
  | 'feedback'
  | 'suppressed'
  | 'suppression_ended'
  | 'unmasked'
  | 'dispatched'
  | 'pruned'
  /** Reports of a run that was killed were put in their place. */
  | 'healed'
  /** The log did not hold what the ledger knew of it when this entry was written. */
  | 'broken';

export type Details = Readonly<Record<string, unknown>>;

export interface Entry {
  /** From 1, without a gap. */
  seq: number;
  at: string;
  user: string;
  host: string;
  pid: number;
  act: Act;
  details: Details;
  /** Hash of the entry before; of the first, ZERO. */
  prev: string;
  hash: string;
}

export const ZERO = '0'.repeat(64);

/** One line of the file: the hash stands last and covers every byte before it, and through `prev` every line before. */
export function lineOf(entry: Omit<Entry, 'hash'>): { line: string; hash: string } {
  const { seq, at, user, host, pid, act, details, prev } = entry;
  const body = JSON.stringify({ seq, at, user, host, pid, act, details, prev }).slice(0, -1);
  const hash = sha256(body);
  return { line: `${body},"hash":"${hash}"}`, hash };
}

const TAIL = /^(.*),"hash":"([0-9a-f]{64})"\}$/s;

/** The entry, or what is wrong with its line. */
export function readLine(line: string): Entry | { fault: string } {
  const parts = TAIL.exec(line);
  if (!parts?.[1] || !parts[2]) return { fault: 'is no entry of an audit log' };
  if (sha256(parts[1]) !== parts[2]) return { fault: 'was changed: it is not what its hash was made of' };
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return { fault: 'is no entry of an audit log' };
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
