import type { CodePlace, Dialect, Sql } from '../../engine/dialect.js';
import { tidy } from '../tidy.js';

/** 公民身份号码, GB 11643-1999: area, day of birth, sequence, and a check character by ISO 7064 MOD 11-2. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
export const ID_NO_SHAPE = '^[1-9][0-9]{16}[0-9X]$';

export function cleanIdNo(raw: Sql, d: Dialect): Sql {
  return tidy(raw, d, { width: 'all', spaces: 'none', upper: true });
}

export const idNoBirthday = (x: Sql, d: Dialect): Sql =>
  d.makeDate(d.substr(x, 7, 4), d.substr(x, 11, 2), d.substr(x, 13, 2));

const PLACES: readonly CodePlace[] = [...WEIGHTS, 1].map((weight, i) => ({
  alphabet: i < WEIGHTS.length ? '0123456789' : '0123456789X',
  weight,
}));

/** sum + check is 1 mod 11, with X worth 10; no area begins with 0; and the day of birth is a day. */
export const validIdNo = (x: Sql, d: Dialect): Sql =>
  d.let(
    x,
    (y) =>
      `CASE WHEN ${y} IS NOT NULL THEN coalesce((${d.codeSum(y, PLACES, 11)}) % 11 = 1, FALSE) ` +
      `AND NOT ${d.startsWith(y, d.text('0'))} AND ${idNoBirthday(y, d)} IS NOT NULL END`,
  );
