import type { Dialect, Sql } from '../engine/dialect.js';
import { DASH_CLASS, tidy, unifyDashes } from './tidy.js';

/**
 * Numbers as people type them. Everything is decided on text, and a unit is a power of ten put behind the digits
 * (1.2 亿 is 1.2E8), so that no amount ever passes through a binary fraction.
 */

const PLAIN = '[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+';
const GROUPED = '[0-9]{1,3}(?:,[0-9]{3})+(?:\\.[0-9]*)?';
export const NUMBER = `(?:${GROUPED}|${PLAIN})`;

/** Signs of an amount that was not counted: 约100, 近百, 100左右, 100余. */
export const APPROXIMATE = '约|近|左右|上下|以上|以下|余$|多$|几|[0-9][余多]|[~～≈]|^[<>≤≥]';

export function prepareNumber(raw: Sql, d: Dialect): Sql {
  return tidy(raw, d, {
    width: 'all',
    spaces: 'none',
    more: {
      guard: `${DASH_CLASS}。()`,
      // A dash before the digits is a minus, whichever dash was at hand.
      // 500(万元) is 500万元.
      step: (x) => d.regexReplace(d.replace(unifyDashes(x, d), '。', '.'), '\\(([^()0-9]+)\\)$', '\\1'),
    },
  });
}

/**
 * Taken apart: `open` and `close` brackets (accountants write (50) for -50), `sign`, `digits`, `exp` (E-3), `suffix`
 * (whatever follows). All '' where the text is no number at all.
 */
export const numberGroups = (x: Sql, d: Dialect): Sql =>
  d.regexGroups(
    x,
    `^(\\()?([-+]?)(?:¥|￥|RMB|CNY|人民币)?([-+]?)(${NUMBER})(?:[Ee]([-+]?[0-9]{1,2}))?([^0-9(),.+-][^()]*)?(\\))?$`,
    ['open', 'sign', 'sign2', 'digits', 'exp', 'suffix', 'close'],
  );

const part = (g: Sql, name: string, d: Dialect): Sql => d.field(g, name);

/** Brackets come in pairs, and there is one sign at most. */
export const wellFormed = (g: Sql, d: Dialect): Sql =>
  `${part(g, 'digits', d)} <> '' AND (${part(g, 'open', d)} = '') = (${part(g, 'close', d)} = '') ` +
  `AND ${d.length(d.concat(part(g, 'open', d), part(g, 'sign', d), part(g, 'sign2', d)))} <= 1`;

/**
 * An exponent is taken only where every digit is on the page: 1.5E-3 and 1.25E2, but not 9.13E+17, which is what a
 * spreadsheet leaves of a longer number.
 */
const exactExponent = (g: Sql, d: Dialect): Sql => {
  const exp = part(g, 'exp', d);
  const decimals = d.length(d.regexReplace(part(g, 'digits', d), '^[^.]*[.]?', ''));
  return `(${exp} = '' OR ${d.startsWith(exp, d.text('-'))} OR ${d.tryCast(exp, 'int')} <= ${decimals})`;
};

/** Text of the signed digits, ready to be followed by a power of ten; NULL where it is no exact number. */
function signedDigits(g: Sql, d: Dialect): Sql {
  const negative = `${part(g, 'open', d)} <> '' OR ${part(g, 'sign', d)} = '-' OR ${part(g, 'sign2', d)} = '-'`;
  return (
    `CASE WHEN ${wellFormed(g, d)} AND ${exactExponent(g, d)} ` +
    `THEN ${d.concat(`CASE WHEN ${negative} THEN '-' ELSE '' END`, d.replace(part(g, 'digits', d), ',', ''))} END`
  );
}

/** The exponent written in the cell plus that of the unit. */
export function scaledDecimal(g: Sql, power: Sql, d: Dialect): Sql {
  const exponent = `(coalesce(${d.tryCast(part(g, 'exp', d), 'int')}, 0) + ${power})`;
  return d.let(
    signedDigits(g, d),
    (digits) =>
      `CASE WHEN ${digits} IS NOT NULL AND ${power} IS NOT NULL ` +
      `THEN ${d.tryCast(d.concat(digits, d.text('E'), d.cast(exponent, 'text')), 'decimal')} END`,
  );
}

/** Digits and nothing else: the common case, at the price of one regular expression. */
export const isPlainNumber = (x: Sql, d: Dialect): Sql => d.matches(x, '^-?[0-9]+(?:\\.[0-9]+)?$');
