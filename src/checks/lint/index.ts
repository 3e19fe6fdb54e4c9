import type { Pack } from '../../config/pack.js';
import type { Problem } from '../../errors.js';
import type { CheckedTheme } from '../checked.js';
import { lintIds } from './ids.js';
import { lintReachable } from './reachable.js';
import { lintUnused } from './unused.js';

export interface Findings {
  errors: Problem[];
  warnings: Problem[];
}

/** What is wrong between checks, or doubtful within one, beyond what typing finds. */
export function lintThemes(themes: readonly CheckedTheme[], pack: Pack): Findings {
  const all = [lintIds(themes), lintReachable(themes, pack), lintUnused(themes, pack)];
  return { errors: all.flatMap((f) => f.errors), warnings: all.flatMap((f) => f.warnings) };
}
