import type { CodePlace, Dialect, Sql } from '../../engine/dialect.js';
import { tidy } from '../tidy.js';
import { validOrgCode } from './org-code.js';

/**
 * 统一社会信用代码, GB 32100-2015: [1] registering department, [2] kind of body, [3-8] GB/T 2260 code of the registering
 * authority, [9-17] organisation code (GB 11714), [18] check character. I, O, S, V and Z are left out of the alphabet
 * because they are misread for digits.
 */
export const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
/** 3^(i-1) mod 31. */
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const CHAR = '[0-9A-HJ-NPQRTUWXY]';
export const USCC_SHAPE = `^${CHAR}{2}[0-9]{6}${CHAR}{10}$`;

/** Upper case, half-width, without the spaces and dashes it was grouped with. */
export function cleanUscc(raw: Sql, d: Dialect): Sql {
  return tidy(raw, d, {
    width: 'all',
    spaces: 'none',
    upper: true,
    more: { guard: '\\-—–_·"“”\'', step: (x) => d.regexReplace(x, `[-—–_·"“”']`, '') },
  });
}

/** Each place with what may stand there; the last weighs 1, see `usccHolds`. */
export const USCC_PLACES: readonly CodePlace[] = [...WEIGHTS, 1].map((weight, i) => ({
  alphabet: i >= 2 && i < 8 ? '0123456789' : USCC_ALPHABET,
  weight,
}));

export const USCC_MODULUS = 31;

/** (31 - sum mod 31) mod 31 = value of the last character, said without the case of 31 - 0: the whole sum is 0 mod 31. */
export const usccHolds = (sum: Sql): Sql => `coalesce((${sum}) % ${USCC_MODULUS} = 0, FALSE)`;

/** Shape and check character of GB 32100; for cleaned text. */
export const validUscc = (x: Sql, d: Dialect): Sql =>
  d.let(x, (y) => `CASE WHEN ${y} IS NOT NULL THEN ${usccHolds(d.codeSum(y, USCC_PLACES, USCC_MODULUS))} END`);

/** The organisation code inside: an old record that knows an enterprise by it alone can still be found. */
export const usccOrgCode = (x: Sql, d: Dialect): Sql => d.substr(x, 9, 9);

/** Both the check of the whole and the one inside it: what a repair must satisfy to be believed. */
const doublyValid = (x: Sql, d: Dialect): Sql => `(${validUscc(x, d)} AND ${validOrgCode(usccOrgCode(x, d), d)})`;

/**
 * The one credit code that differs from `x` by one confusable character (O/0, I/1, Z/2, S/5, B/8) and passes both
 * checks; NULL where `x` is valid already, nothing fits, or more than one does.
 *
 * O, I, Z and S are not in the alphabet, so a text with one of them can only be repaired there, and one with two of
 * them not at all; among characters of the alphabet only B and 8 are confusable.
 */
export function repairUscc(x: Sql, d: Dialect): Sql {
  return d.let(x, (y) => {
    const foreign = d.let(
      d.translate(y, 'OIZS', '0125'),
      (candidate) => `CASE WHEN ${doublyValid(candidate, d)} THEN ${candidate} END`,
    );
    const swaps = d.list(
      ...Array.from({ length: 18 }, (_, i) => {
        const char = d.substr(y, i + 1, 1);
        const swapped = d.concat(d.substr(y, 1, i), d.translate(char, '8B', 'B8'), d.substr(y, i + 2));
        return `CASE WHEN ${char} IN ('8', 'B') THEN ${swapped} END`;
      }),
    );
    const among = d.let(
      d.listMap(swaps, (candidate) => `CASE WHEN ${doublyValid(candidate, d)} THEN ${candidate} END`),
      (found) => `CASE WHEN ${d.listLength(found)} = 1 THEN ${d.listItem(found, 1)} END`,
    );
    return (
      `CASE WHEN ${d.length(y)} <> 18 OR ${validUscc(y, d)} THEN NULL ` +
      `WHEN ${d.matches(y, '^[^OIZS]*[OIZS][^OIZS]*$')} THEN ${foreign} ` +
      `WHEN ${d.matches(y, '[OIZS]')} THEN NULL ELSE ${among} END`
    );
  });
}
