import pc from 'picocolors';
import stringWidth from 'string-width';
import { BiduiError, EXIT, type ExitCode, formatProblem } from '../errors.js';

/** Where a command writes. Handed in, so that tests see what a user would. */
export interface Output {
  /** Results. */
  out(text: string): void;
  /** Everything else: progress, warnings, errors. */
  err(text: string): void;
  /** stderr is a terminal: progress may redraw its line. */
  live: boolean;
}

export const terminal: Output = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  live: process.stderr.isTTY === true && !process.env.NO_COLOR,
};

/** Control characters of a value must not reach the terminal: an extract could move the cursor or colour a lie. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
export const printable = (text: string): string =>
  text.replace(CONTROL, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** Tells what went wrong and answers the exit code. A user's mistake never shows a stack. */
export function tellError(error: unknown, output: Output): ExitCode {
  if (error instanceof BiduiError) {
    for (const problem of error.problems) output.err(printable(`${pc.red('error')}: ${formatProblem(problem)}`));
    if (error.problems.length > 1) output.err(`${error.problems.length} problems`);
    return error.exit;
  }
  output.err(`${pc.red('error')}: this is a fault of bidui, not of your data. Please report it with the lines below.`);
  output.err(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.internal;
}

/** A table whose columns line up although Chinese characters are twice as wide. Numbers stand to the right. */
export function table(headers: string[], rows: (string | number)[][]): string {
  const cells = [headers, ...rows.map((r) => r.map(String))];
  const widths = headers.map((_, i) => Math.max(...cells.map((r) => stringWidth(r[i] ?? ''))));
  const numeric = headers.map((_, i) => rows.length > 0 && rows.every((r) => typeof r[i] === 'number'));
  const line = (row: string[]) =>
    row
      .map((cell, i) => {
        const gap = ' '.repeat(Math.max(0, (widths[i] ?? 0) - stringWidth(cell)));
        return numeric[i] ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((w) => '─'.repeat(w)).join('  ');
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join('\n');
}
