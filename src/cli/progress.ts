import type { Observer, RunEvent } from '../run/events.js';
import type { Output } from './output.js';

export interface ProgressLine {
  update(part: string, done: number, total: number, rows?: number): void;
  note(text: string): void;
  /** The same, told by a run. */
  observe: Observer;
  end(): void;
}

/** Where the line is drawn, and the time: handed in, so that tests need neither. */
export interface Display {
  write(text: string): void;
  columns(): number;
  now(): number;
}

const stderr: Display = {
  write: (text) => void process.stderr.write(text),
  columns: () => process.stderr.columns || 80,
  now: () => performance.now(),
};

/** Before that there is too little to judge by. */
const SETTLED_MS = 2000;
/** A terminal at the other end of a slow line need not see every file. */
const EVERY_MS = 80;

/** Back to the first column, and the rest of the line cleared. */
const HOME = '\r\u001b[K';

/** Progress on stderr: one line redrawn on a terminal, a plain line per step otherwise. */
export function progressOn(output: Output, display: Display = stderr): ProgressLine {
  let part = '';
  let began = 0;
  let drawn = Number.NEGATIVE_INFINITY;
  let told = '';
  let shown = false;
  const clear = () => {
    if (shown) display.write(HOME);
    shown = false;
    told = '';
  };
  const update = (name: string, done: number, total: number, rows?: number) => {
    const now = display.now();
    const fresh = name !== part;
    if (fresh) {
      part = name;
      began = now;
    }
    if (!output.live) {
      if (fresh) output.err(`${name} …`);
      return;
    }
    const line = lineOf(name, done, total, rows, now - began);
    if (line === told || (!fresh && done < total && now - drawn < EVERY_MS)) return;
    drawn = now;
    told = line;
    // One column stays free: a terminal that is full to the last begins a new line.
    display.write(`${HOME}${fitting(line, display.columns() - 1)}`);
    shown = true;
  };
  return {
    update,
    observe(event: RunEvent) {
      if (event.type === 'progress') update(event.part, event.done, event.total, event.rows);
    },
    note(text) {
      clear();
      output.err(text);
    },
    end: clear,
  };
}

/** What is told here takes a column for each letter: there is no need of what knows the width of all others. */
const fitting = (line: string, columns: number): string =>
  line.length <= columns ? line : `${line.slice(0, Math.max(0, columns - 1))}…`;

/** What is counted beside the steps of a part. */
const UNITS: Readonly<Record<string, string>> = { ingest: 'rows', compare: 'verdicts' };

function lineOf(name: string, done: number, total: number, rows: number | undefined, ms: number): string {
  const left = done > 0 && done < total && ms >= SETTLED_MS ? (ms / done) * (total - done) : undefined;
  return [
    `${name} ${done}/${total}`,
    ...(rows === undefined ? [] : [`${rows.toLocaleString('en')} ${UNITS[name] ?? 'rows'}`]),
    ...(left === undefined ? [] : [`about ${duration(left)} left`]),
  ].join(' · ');
}

function duration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
