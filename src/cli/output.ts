import pc from 'picocolors';
import { BiduiError, EXIT, type ExitCode, formatProblem } from '../errors.js';
import { redact } from '../secrets.js';

/** Where a command writes. Handed in, so that tests see what a user would. */
export interface Output {
  /** Results. */
  out(text: string): void;
  /** Everything else: progress, warnings, errors. */
  err(text: string): void;
  /** `err` is a terminal: progress may redraw its line. */
  live: boolean;
  /** `err` may be coloured. */
  color: boolean;
  /** `out` may be coloured. */
  colorOut?: boolean;
  /** Width of the terminal that `out` is; undefined for a pipe or a file, where lines are as long as they are. */
  columns?: number;
}

/** The same, but what nobody may see is not shown. */
export const withoutSecrets = (output: Output): Output => ({
  ...output,
  out: (text) => output.out(redact(text)),
  err: (text) => output.err(redact(text)),
});

/** https://no-color.org before https://force-color.org, and a terminal where neither says anything. */
export function wantsColor(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return !['0', 'false'].includes(env.FORCE_COLOR);
  return onTerminal(stream, env);
}

/** One that can move its cursor: neither a pipe nor a printer. */
const onTerminal = (stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean =>
  stream.isTTY === true && env.TERM !== 'dumb';

export const terminal: Output = withoutSecrets({
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  live: onTerminal(process.stderr, process.env),
  color: wantsColor(process.stderr, process.env),
  colorOut: wantsColor(process.stdout, process.env),
  columns: process.stdout.isTTY === true ? process.stdout.columns || undefined : undefined,
});

/** In front of a message, red or yellow where colours are wanted. */
export const label = (level: 'error' | 'warning', output: Output): string => {
  const colors = pc.createColors(output.color);
  return `${level === 'error' ? colors.red(level) : colors.yellow(level)}:`;
};

/** Control characters of a value must not reach the terminal: an extract could move the cursor or colour a lie. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
export const printable = (text: string): string =>
  text.replace(CONTROL, (c) => {
    const code = c.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`;
  });

/** Tells what went wrong and answers the exit code. A user's mistake never shows a stack. */
export function tellError(error: unknown, output: Output): ExitCode {
  if (error instanceof BiduiError) {
    for (const problem of error.problems) output.err(`${label('error', output)} ${printable(formatProblem(problem))}`);
    if (error.problems.length > 1) output.err(`${error.problems.length} problems`);
    return error.exit;
  }
  output.err(
    `${label('error', output)} this is a fault of bidui, not of your data. Please report it with the lines below.`,
  );
  output.err(printable(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  return EXIT.internal;
}
