import type { CheckedTheme } from '../checks/checked.js';
import { lintThemes } from '../checks/lint/index.js';
import { allChecks, loadThemes } from '../checks/load-themes.js';
import { signatures } from '../compile/signatures.js';
import { maskingFaults } from '../config/masking/faults.js';
import { shippedMasking } from '../config/masking/policy.js';
import { loadPack } from '../config/pack.js';
import { BiduiError, type Problem } from '../errors.js';
import { guardFaults } from '../guard/policy.js';

export interface LintResult {
  errors: Problem[];
  warnings: Problem[];
  themes: number;
  checks: number;
}

/** Everything that is wrong with a checks directory, told at once: faults that stop a run, and what is merely doubtful. */
export function lintChecks(dir: string): LintResult {
  try {
    const pack = loadPack(dir);
    const { themes, problems } = loadThemes(pack, signatures);
    const more = lintThemes(themes, pack, problems.length === 0);
    const ids = allChecks(themes).map((c) => c.id);
    // Where themes are broken, checks are missing that guards may well name.
    const guards = problems.length === 0 ? guardFaults(dir, [...pack.contracts.keys()], ids) : [];
    const policy = shippedMasking(dir);
    const masking = policy ? maskingFaults(policy, pack) : [];
    return {
      errors: [...problems, ...more.errors, ...guards, ...masking],
      warnings: more.warnings,
      themes: themes.length,
      checks: count(themes),
    };
  } catch (error) {
    if (!(error instanceof BiduiError)) throw error;
    return { errors: error.problems, warnings: [], themes: 0, checks: 0 };
  }
}

const count = (themes: readonly CheckedTheme[]) => themes.reduce((n, t) => n + t.checks.length, 0);
