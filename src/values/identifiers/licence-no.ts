import type { Dialect, Sql } from '../../engine/dialect.js';
import { tidy } from '../tidy.js';

/**
 * Numbers of licences whose form each province and department sets for itself, such as 苏(苏)危化经字00123 and
 * (苏)WH安许证字[E00123]. Only the notation is common: every sort of bracket becomes (), spaces go.
 */
export function cleanLicenceNo(raw: Sql, d: Dialect): Sql {
  return tidy(raw, d, {
    width: 'all',
    spaces: 'none',
    upper: true,
    more: {
      guard: '〔〕【】「」『』〈〉《》{}\\[\\]—–',
      step: (x) => d.translate(x, '〔〕【】「」『』〈〉《》{}[]—–', '()()()()()()()()--'),
    },
  });
}

/** What all such numbers have in common: a word or letters, then a run of at least three digits. No standard says more. */
export const LICENCE_NO_SHAPE =
  '^[\\p{Han}A-Z()0-9-]*(?:\\p{Han}|[A-Z])[\\p{Han}A-Z()0-9-]*[0-9]{3,}[0-9-]*\\)?(?:号|\\([0-9]\\))?$';

export const validLicenceNo = (x: Sql, d: Dialect): Sql => d.matches(x, LICENCE_NO_SHAPE);
