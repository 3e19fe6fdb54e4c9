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

/**
 * Each digit of the body times its place from the right, modulo 10. Of the number without dashes that is the sum of
 * i × floor(n / 10^i): a digit is floor(n / 10^i) - 10 × floor(n / 10^(i+1)), and what is times ten does not count.
 */
export const validCas = (x: Sql, d: Dialect): Sql =>
  d.let(x, (y) => {
    const body = Array.from({ length: 9 }, (_, i) => i + 1);
    const holds = d.let(
      d.cast(d.replace(y, '-', ''), 'int'),
      (n) => `(${body.map((i) => `${d.intDivide(n, 10 ** i)} * ${i}`).join(' + ')} - ${n}) % 10 = 0`,
    );
    return `CASE WHEN ${y} IS NULL THEN NULL WHEN ${d.matches(y, CAS_SHAPE)} THEN ${holds} ELSE FALSE END`;
  });
