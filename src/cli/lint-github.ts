import type { Problem } from '../errors.js';
import type { LintResult } from '../run/lint.js';
import { messageOf, pathBelow } from './lint-sarif.js';

/** What would end a message, or a property of it, is written as the runner reads it back. */
const message = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** Workflow commands: GitHub shows each at its line of the change. */
export const githubAnnotations = ({ errors, warnings }: LintResult): string[] => [
  ...errors.map((p) => annotation('error', p)),
  ...warnings.map((p) => annotation('warning', p)),
];

function annotation(level: 'error' | 'warning', p: Problem): string {
  const { file, line, column } = p.where ?? {};
  const place = {
    file: file === undefined ? undefined : pathBelow(file),
    line,
    col: column,
    title: 'bidui checks lint',
  };
  const said = Object.entries(place)
    .filter((e) => e[1] !== undefined)
    .map(([k, v]) => `${k}=${property(String(v))}`);
  return `::${level} ${said.join(',')}::${message(messageOf(p))}`;
}
