import type { Dialect, Sql } from '../../engine/dialect.js';
import { tidy } from '../tidy.js';

/** 公民身份号码, GB 11643-1999: area, day of birth, sequence, and a check character by ISO 7064 MOD 11-2. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
export const ID_NO_SHAPE = '^[1-9][0-9]{16}[0-9X]$';

export function cleanIdNo(raw: Sql, d: Dialect): Sql {
  return tidy(raw, d, { width: 'all', spaces: 'none', upper: true });
}

export const idNoBirthday = (x: Sql, d: Dialect): Sql =>
  d.makeDate(d.substr(x, 7, 4), d.substr(x, 11, 2), d.substr(x, 13, 2));

/** sum + check is 1 mod 11, with X worth 10; and the day of birth is a day. */
export const validIdNo = (x: Sql, d: Dialect): Sql =>
  d.let(
    x,
    (y) =>
      `CASE WHEN ${y} IS NULL THEN NULL WHEN ${d.matches(y, ID_NO_SHAPE)} ` +
      `THEN (${d.weightedSum(y, '0123456789X', [...WEIGHTS, 1])}) % 11 = 1 AND ${idNoBirthday(y, d)} IS NOT NULL ELSE FALSE END`,
  );
