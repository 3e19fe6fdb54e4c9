import type { Pack } from '../../config/pack.js';
import type { Problem } from '../../errors.js';
import type { CheckedTheme } from '../checked.js';
import { lintExamples } from './examples.js';
import { lintIds } from './ids.js';
import { lintNames } from './names.js';
import { lintReachable } from './reachable.js';
import { lintTranslations } from './translations.js';
import { lintUnused } from './unused.js';

export interface Findings {
  errors: Problem[];
  warnings: Problem[];
}

/** What is wrong between checks, or doubtful within one, beyond what typing finds. `complete`: every theme could be read. */
export function lintThemes(themes: readonly CheckedTheme[], pack: Pack, complete: boolean): Findings {
  const all = [
    lintIds(themes, complete),
    lintTranslations(themes),
    lintReachable(themes, pack),
    lintExamples(themes, pack),
    // What a theme that could not be read uses is not known.
    ...(complete ? [lintNames(themes), lintUnused(themes, pack)] : []),
  ];
  return { errors: all.flatMap((f) => f.errors), warnings: all.flatMap((f) => f.warnings) };
}
