import type { Dialect, Sql } from '../../engine/dialect.js';
import { tidy } from '../tidy.js';

/**
 * 行政区划代码, GB/T 2260: two digits each of province, prefecture and county. Statistics lengthen it to 9 or 12 digits
 * (street, community); the first six are this code. A zone such as 320594 that the standard does not list is kept.
 */
const PROVINCE = '1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]';
export const DIVISION_SHAPE = `^(?:${PROVINCE})[0-9]{4}(?:[0-9]{3}|[0-9]{6})?$`;

export function cleanDivision(raw: Sql, d: Dialect): Sql {
  return tidy(raw, d, { width: 'all', spaces: 'none' });
}

/** The six digits, also of '苏州市(320500)' and of the longer statistical codes. */
export const divisionCode = (x: Sql, d: Dialect): Sql =>
  d.let(
    d.regexReplace(x, '^[^0-9]+|[^0-9]+$', ''),
    (y) => `CASE WHEN ${d.matches(y, DIVISION_SHAPE)} THEN ${d.substr(y, 1, 6)} END`,
  );

export const validDivision = (x: Sql, d: Dialect): Sql => d.matches(x, DIVISION_SHAPE);
