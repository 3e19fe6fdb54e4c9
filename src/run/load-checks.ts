import { join } from 'node:path';
import type { CheckedCheck, CheckedTheme } from '../checks/checked.js';
import { usedTwice } from '../checks/lint/ids.js';
import { allChecks, findCheck, loadThemes } from '../checks/load-themes.js';
import { signatures } from '../compile/signatures.js';
import { didYouMean } from '../config/nearest.js';
import { loadPack, type Pack } from '../config/pack.js';
import { type Problem, usageError } from '../errors.js';

/** Reads the whole checks directory. Throws one error with every fault in it. */
export function loadChecks(
  dir: string,
  change: (pack: Pack) => Pack = (p) => p,
): { pack: Pack; themes: CheckedTheme[] } {
  const pack = change(loadPack(dir));
  const { themes, problems } = loadThemes(pack, signatures);
  const faults = [...problems, ...usedTwice(themes)];
  if (faults.length > 0) throw usageError(faults);
  if (allChecks(themes).length === 0) {
    throw usageError({
      what: `no theme lies below ${join(dir, 'themes')}`,
      fix: 'put one there, or give another directory with --checks',
    });
  }
  return { pack, themes };
}

/** Checks by id; all of them where none is named. */
export function pickChecks(themes: readonly CheckedTheme[], ids: readonly string[]): CheckedCheck[] {
  if (ids.length === 0) return allChecks(themes);
  const known = allChecks(themes).map((c) => c.id);
  const problems: Problem[] = [];
  const checks = ids.flatMap((id) => {
    const check = findCheck(themes, id);
    if (!check) {
      problems.push({
        what: `no check '${id}'`,
        fix: didYouMean(id.toUpperCase(), known) ?? '`bidui checks list` names them all',
      });
      return [];
    }
    return [check];
  });
  if (problems.length > 0) throw usageError(problems);
  return checks;
}
