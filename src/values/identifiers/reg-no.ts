import type { Dialect, Sql } from '../../engine/dialect.js';
import { tidy } from '../tidy.js';

/**
 * 工商注册号, GS 15-2006: six digits of the authority, eight of sequence, one check digit by ISO 7064 MOD 11,10
 * (GB/T 17710). Numbers of 13 digits are older than 2007 and carry no check digit: whether they are right is unknown.
 */
export const REG_NO_SHAPE = '^[0-9]{15}$';
export const OLD_REG_NO_SHAPE = '^[0-9]{13}$';

export function cleanRegNo(raw: Sql, d: Dialect): Sql {
  return tidy(raw, d, {
    width: 'all',
    spaces: 'none',
    upper: true,
    more: { guard: '\\-—–_·号', step: (x) => d.regexReplace(x, '[-—–_·号]', '') },
  });
}

/**
 * p starts at 10; for each of fourteen digits: s = p + digit mod 10, 10 where that is 0; p = 2s mod 11; then p + check
 * is 1 mod 10. The next p stands at p + digit, which is 0 to 19.
 */
const NEXT: readonly number[] = Array.from({ length: 20 }, (_, sum) => ((((sum + 9) % 10) + 1) * 2) % 11);

/** NULL, not false, for a number that has no check digit. */
export const validRegNo = (x: Sql, d: Dialect): Sql =>
  d.let(
    x,
    (y) =>
      `CASE WHEN ${y} IS NULL THEN NULL WHEN ${d.length(y)} = 13 THEN CASE WHEN ${d.matches(y, OLD_REG_NO_SHAPE)} THEN NULL ELSE FALSE END ` +
      `ELSE coalesce(${d.digitChain(y, 15, 10, NEXT)} % 10 = 1, FALSE) END`,
  );
