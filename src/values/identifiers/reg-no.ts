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
 * is 1 mod 10. `(p + digit + 9) % 10 + 1` is s without a case, so that each step mentions p once.
 */
function holds(x: Sql, d: Dialect): Sql {
  const digit = (i: number) => d.weightedSum(x, '0123456789', [1], i);
  let p: Sql = '10';
  for (let i = 1; i <= 14; i++) p = `((((${p} + ${digit(i)} + 9) % 10 + 1) * 2) % 11)`;
  return `(${p} + ${digit(15)}) % 10 = 1`;
}

/** NULL, not false, for a number that has no check digit. */
export const validRegNo = (x: Sql, d: Dialect): Sql =>
  d.let(
    x,
    (y) =>
      `CASE WHEN ${y} IS NULL OR ${d.matches(y, OLD_REG_NO_SHAPE)} THEN NULL ` +
      `WHEN ${d.matches(y, REG_NO_SHAPE)} THEN ${holds(y, d)} ELSE FALSE END`,
  );
