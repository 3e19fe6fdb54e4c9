import type { CodePlace, Dialect, Sql } from '../../engine/dialect.js';
import { tidy } from '../tidy.js';

/** 组织机构代码, GB 11714-1997: eight characters and a check character, often written XXXXXXXX-X. */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];
export const ORG_CODE_SHAPE = '^[0-9A-Z]{8}[0-9X]$';

export function cleanOrgCode(raw: Sql, d: Dialect): Sql {
  return tidy(raw, d, {
    width: 'all',
    spaces: 'none',
    upper: true,
    more: { guard: '\\-—–_·', step: (x) => d.regexReplace(x, '[-—–_·]', '') },
  });
}

/**
 * 11 - (sum mod 11), where 10 is written X and 11 is written 0: so sum + check is 0 mod 11, with X worth 10. The last
 * place has an alphabet of its own, because in the body X is worth 33 (0 mod 11, not 10).
 */
const PLACES: readonly CodePlace[] = [
  ...WEIGHTS.map((weight) => ({ alphabet: ALPHABET, weight })),
  { alphabet: '0123456789X', weight: 1 },
];

export const validOrgCode = (x: Sql, d: Dialect): Sql =>
  d.let(x, (y) => `CASE WHEN ${y} IS NOT NULL THEN coalesce((${d.codeSum(y, PLACES, 11)}) % 11 = 0, FALSE) END`);

/**
 * The organisation code by which an old record and a new one find each other: characters 9-17 of a credit code, the
 * last nine of a 15-character tax number (six digits of area before it), or the code itself. NULL where it fails its check.
 */
export function orgCodeOf(x: Sql, d: Dialect): Sql {
  return d.let(x, (y) => {
    const candidate = `CASE ${d.length(y)} WHEN 18 THEN ${d.substr(y, 9, 9)} WHEN 15 THEN ${d.substr(y, 7, 9)} WHEN 9 THEN ${y} END`;
    return d.let(candidate, (c) => `CASE WHEN ${validOrgCode(c, d)} THEN ${c} END`);
  });
}
