import { EXIT, formatProblem } from '../errors.js';
import { type LintResult, lintChecks } from '../run/lint.js';
import { githubAnnotations } from './lint-github.js';
import { sarif } from './lint-sarif.js';
import { checksDirOf, oneOf } from './options.js';
import { type Output, printable } from './output.js';

const FORMATS = ['text', 'sarif', 'github', 'json'] as const;

export async function lintCommand(options: { checks?: string; format?: string }, output: Output): Promise<number> {
  const format = oneOf('--format', options.format ?? 'text', FORMATS);
  const found = lintChecks(checksDirOf(options));
  const { errors, warnings } = found;
  if (format === 'json') output.out(JSON.stringify(found, null, 2));
  else if (format === 'sarif') output.out(JSON.stringify(sarif(found), null, 2));
  else {
    const lines = format === 'github' ? githubAnnotations(found) : asText(found);
    for (const line of lines) output.out(printable(line));
    output.out(`${found.themes} themes, ${found.checks} checks: ${errors.length} errors, ${warnings.length} warnings`);
  }
  return errors.length > 0 ? EXIT.usage : EXIT.ok;
}

const asText = ({ errors, warnings }: LintResult): string[] => [
  ...errors.map((p) => `error: ${formatProblem(p)}`),
  ...warnings.map((p) => `warning: ${formatProblem(p)}`),
];
