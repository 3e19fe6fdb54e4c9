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
}

/** The same, but what nobody may see is not shown. */
export const withoutSecrets = (output: Output): Output => ({
  ...output,
  out: (text) => output.out(redact(text)),
  err: (text) => output.err(redact(text)),
});

const onTerminal = process.stderr.isTTY === true && process.env.TERM !== 'dumb';

export const terminal: Output = withoutSecrets({
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  live: onTerminal,
  // https://no-color.org
  color: onTerminal && !process.env.NO_COLOR,
});

/** In front of a message, red or yellow where colours are wanted. */
export const label = (level: 'error' | 'warning', output: Output): string => {
  const colors = pc.createColors(output.color);
  return `${level === 'error' ? colors.red(level) : colors.yellow(level)}:`;
};

/** Control characters of a value must not reach the terminal: an extract could move the cursor or colour a lie. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
export const printable = (text: string): string =>
  text.replace(CONTROL, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);

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
