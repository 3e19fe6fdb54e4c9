import type { Dialect, Sql } from '../../engine/dialect.js';
import { DASH_CLASS, tidy, unifyDashes } from '../tidy.js';

/** CAS registry numbers: two to seven digits, two digits, one check digit. */
export const CAS_SHAPE = '^[1-9][0-9]{1,6}-[0-9]{2}-[0-9]$';

export function cleanCas(raw: Sql, d: Dialect): Sql {
  return tidy(raw, d, {
    width: 'all',
    spaces: 'none',
    upper: true,
    more: {
      guard: `CS${DASH_CLASS}`,
      step: (x) => d.regexReplace(unifyDashes(x, d), '^(?:CAS(?:登记号|号|RN|NO)?[.:]*)+', ''),
    },
  });
}

/** Each digit of the body times its place from the right is the check digit, modulo 10. */
export const validCas = (x: Sql, d: Dialect): Sql =>
  d.let(
    x,
    (y) =>
      `CASE WHEN ${y} IS NULL THEN NULL WHEN ${d.matches(y, CAS_SHAPE)} THEN (${d.placeSum(d.replace(y, '-', ''), -1)}) % 10 = 0 ELSE FALSE END`,
  );
