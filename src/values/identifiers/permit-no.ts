import type { CodePlace, Dialect, Sql } from '../../engine/dialect.js';
import { tidy } from '../tidy.js';
import { USCC_MODULUS, USCC_PLACES, usccHolds } from './uscc.js';

/**
 * 排污许可证 and 排污登记 numbers, HJ 608-2017: the enterprise's credit code, a sequence of three digits for the site, and
 * a letter (P in the standard; real data has others, so any is taken). Enterprises without a credit code have a body of
 * H9 + area + sequence or organisation code + letter instead.
 */
export const PERMIT_NO_SHAPE =
  '^(?:[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}|H9[0-9]{6}[0-9A-Z]{10})[0-9]{3}[0-9A-Z]$';

export function cleanPermitNo(raw: Sql, d: Dialect): Sql {
  return tidy(raw, d, {
    width: 'all',
    spaces: 'none',
    upper: true,
    more: {
      guard: '\\-—–_·()\\[\\]〔〕【】「」证编号',
      step: (x) => d.regexReplace(x, '^证书编号:|^编号:|[-—–_·()\\[\\]〔〕【】「」]|号$', ''),
    },
  });
}

/** First 18: whose permit it is. NULL for the H9 form, which names no credit code. */
export const permitUscc = (x: Sql, d: Dialect): Sql =>
  d.let(
    x,
    (y) =>
      `CASE WHEN ${d.matches(y, PERMIT_NO_SHAPE)} AND NOT ${d.startsWith(y, d.text('H9'))} THEN ${d.substr(y, 1, 18)} END`,
  );

/** 001, 002 …: which site of the enterprise. */
export const permitSite = (x: Sql, d: Dialect): Sql =>
  d.let(x, (y) => `CASE WHEN ${d.matches(y, PERMIT_NO_SHAPE)} THEN ${d.substr(y, 19, 3)} END`);

/** The credit code, and four characters that count for nothing but must be of their kind. */
const PLACES: readonly CodePlace[] = [
  ...USCC_PLACES,
  ...['0123456789', '0123456789', '0123456789', '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((alphabet) => ({
    alphabet,
    weight: 0,
  })),
];

/** Shape, and the check character of the credit code inside. */
export const validPermitNo = (x: Sql, d: Dialect): Sql =>
  d.let(
    x,
    (y) =>
      `CASE WHEN ${y} IS NULL THEN NULL WHEN ${d.startsWith(y, d.text('H9'))} THEN ${d.matches(y, PERMIT_NO_SHAPE)} ` +
      `ELSE ${usccHolds(d.codeSum(y, PLACES, USCC_MODULUS))} END`,
  );
