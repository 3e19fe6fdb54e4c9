import { EXIT, formatProblem } from '../errors.js';
import { lintChecks } from '../run/lint.js';
import { checksDirOf } from './options.js';
import { type Output, printable } from './output.js';

export async function lintCommand(options: { checks?: string }, output: Output): Promise<number> {
  const { errors, warnings, checks, themes } = lintChecks(checksDirOf(options));
  for (const p of errors) output.out(printable(`error: ${formatProblem(p)}`));
  for (const p of warnings) output.out(printable(`warning: ${formatProblem(p)}`));
  output.out(`${themes} themes, ${checks} checks: ${errors.length} errors, ${warnings.length} warnings`);
  return errors.length > 0 ? EXIT.usage : EXIT.ok;
}
