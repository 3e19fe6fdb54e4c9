/** Exit codes are part of the contract with nightly jobs: documented in the README, never renumbered. */
export const EXIT = {
  ok: 0,
  /** `--fail-on` was met: the run itself was fine. */
  failOn: 1,
  /** The command line, a contract, a theme, a parameter or another part of the configuration is wrong. */
  usage: 2,
  /** The extracts cannot be used as they are. */
  input: 3,
  /** The output cannot be written. */
  output: 4,
  /** The machine ran out of memory, or of room for intermediate data. */
  machine: 5,
  /** It ran, but a guard kept back a source or a check's anomalies. */
  guarded: 6,
  /** Another process has the ledger: nothing is wrong, it is only not the time. */
  busy: 7,
  /** A fault of bidui itself. */
  internal: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface Place {
  file?: string;
  line?: number;
  column?: number;
  /** Row number as a spreadsheet program shows it, from 1. */
  row?: number;
  field?: string;
}

/** One thing that is wrong, in the words of its reader: what, where, why, and what to do about it. */
export interface Problem {
  what: string;
  where?: Place;
  why?: string;
  fix?: string;
}

/** A fault the user can mend. It may carry several problems, so that all are told at once. Never shown with a stack. */
export class BiduiError extends Error {
  readonly problems: Problem[];

  constructor(
    readonly exit: ExitCode,
    problems: Problem | Problem[],
  ) {
    const list = Array.isArray(problems) ? problems : [problems];
    super(list.map((p) => p.what).join('; '));
    this.name = 'BiduiError';
    this.problems = list;
  }
}

export const usageError = (p: Problem | Problem[]) => new BiduiError(EXIT.usage, p);
export const inputError = (p: Problem | Problem[]) => new BiduiError(EXIT.input, p);
export const outputError = (p: Problem | Problem[]) => new BiduiError(EXIT.output, p);
export const machineError = (p: Problem | Problem[]) => new BiduiError(EXIT.machine, p);
export const inUse = (p: Problem | Problem[]) => new BiduiError(EXIT.busy, p);

/** `file:line:column`, or `file row 12, field x`. */
export function formatPlace(p: Place): string {
  const at = [p.file, p.line, p.column].filter((x) => x !== undefined).join(':');
  const rest = [p.row !== undefined ? `row ${p.row}` : '', p.field ? `field ${p.field}` : '']
    .filter(Boolean)
    .join(', ');
  return [at, rest].filter(Boolean).join(' ');
}

export function formatProblem(p: Problem): string {
  const place = p.where ? formatPlace(p.where) : '';
  const lines = [place ? `${place} ${p.what}` : p.what];
  if (p.why) lines.push(`  why: ${p.why}`);
  if (p.fix) lines.push(`  fix: ${p.fix}`);
  return lines.join('\n');
}
