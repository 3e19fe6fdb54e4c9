import { readLine, ZERO } from './entry.js';
import { type Head, readAudit } from './log.js';

export interface Verdict {
  entries: number;
  /** Each with the line it is about; none where the log is whole. */
  faults: { line: number; what: string }[];
  /** What is worth knowing and no fault. */
  notes: string[];
  /** Of the last entry: to be kept elsewhere by whoever trusts this machine less. */
  head: string;
}

/**
 * Holds the log against its own chain, and against the head that the ledger keeps: a chain alone cannot tell that its last
 * entries are gone.
 */
export function verify(state: string, anchor: Head | undefined): Verdict {
  const log = readAudit(state);
  const faults: Verdict['faults'] = [];
  const notes: string[] = [];
  const lines = log?.lines ?? [];
  if (log?.torn) {
    notes.push(
      'the last line was never finished (a process was killed there, or the disk was full); the next entry replaces it',
    );
  }
  const whole = log?.torn ? lines.slice(0, -1) : lines;
  let prev = ZERO;
  let at = '';
  const hashes: string[] = [];
  whole.forEach((text, i) => {
    const line = i + 1;
    const entry = readLine(text);
    if ('fault' in entry) {
      faults.push({ line, what: `line ${line} ${entry.fault}` });
      // What follows is held against what this line says of itself, so that one change is told as one.
      prev = /"hash":"([0-9a-f]{64})"\}$/.exec(text)?.[1] ?? '';
      hashes.push(prev);
      return;
    }
    if (entry.prev !== prev) {
      faults.push({
        line,
        what:
          entry.seq === line
            ? `line ${line} does not follow from the line before it: one of them was put in another's place`
            : `line ${line} is entry ${entry.seq}: entries before it were removed, put in or moved`,
      });
    } else if (entry.seq !== line) {
      faults.push({ line, what: `line ${line} is entry ${entry.seq}` });
    }
    if (entry.act === 'broken') {
      faults.push({
        line,
        what: `entry ${entry.seq}, of ${entry.at}: the log did not hold what the ledger knew of it; what was before was cut off or replaced`,
      });
    }
    if (entry.at < at) notes.push(`entry ${entry.seq} is dated before the one it follows: the clock was set back`);
    at = entry.at;
    prev = entry.hash;
    hashes.push(entry.hash);
  });
  if (anchor && anchor.seq > 0) {
    const line = anchor.seq;
    if (whole.length < anchor.seq) {
      faults.push({
        line: whole.length,
        what: `the log ends with entry ${whole.length}, but the ledger knows of ${anchor.seq}: the last ${anchor.seq - whole.length} were cut off`,
      });
    } else if (hashes[anchor.seq - 1] !== anchor.hash && faults.length === 0) {
      faults.push({ line, what: `entry ${anchor.seq} is not the one that the ledger knows: the log was written anew` });
    }
  } else if (whole.length > 0) {
    notes.push('the ledger keeps no head of this log: whether its last entries are there cannot be told');
  }
  return { entries: whole.length, faults, notes, head: hashes.at(-1) ?? ZERO };
}
