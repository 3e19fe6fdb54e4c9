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
 * is 1 mod 10. The next p as a table of p + digit, which is 1 to 19.
 */
const NEXT: readonly number[] = Array.from({ length: 19 }, (_, i) => (((i % 10) + 1) * 2) % 11);

function holds(x: Sql, d: Dialect): Sql {
  // In two parts, because division is much cheaper of small integers than of large ones.
  return d.let(d.cast(d.substr(x, 1, 6), 'int'), (high) =>
    d.let(d.cast(d.substr(x, 7), 'int'), (low) => {
      const digits = (part: Sql, count: number) =>
        Array.from({ length: count }, (_, i) => `${d.intDivide(part, 10 ** (count - 1 - i))} % 10`);
      const [body, check] = [[...digits(high, 6), ...digits(low, 9).slice(0, 8)], `${low} % 10`];
      const p = body.reduce((before, digit) => d.numberAt(NEXT, `${before} + ${digit}`), '10');
      return `(${p} + ${check}) % 10 = 1`;
    }),
  );
}

/** NULL, not false, for a number that has no check digit. */
export const validRegNo = (x: Sql, d: Dialect): Sql =>
  d.let(
    x,
    (y) =>
      `CASE ${d.length(y)} WHEN 15 THEN CASE WHEN ${d.matches(y, REG_NO_SHAPE)} THEN ${holds(y, d)} ELSE FALSE END ` +
      `WHEN 13 THEN CASE WHEN ${d.matches(y, OLD_REG_NO_SHAPE)} THEN NULL ELSE FALSE END ` +
      `ELSE CASE WHEN ${y} IS NOT NULL THEN FALSE END END`,
  );
