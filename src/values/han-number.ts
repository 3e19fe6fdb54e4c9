import type { Dialect, Sql } from '../engine/dialect.js';

/** Characters that Chinese numbers up to 99 are written with. */
export const HAN_DIGITS = '〇零○一二三四五六七八九';
export const HAN_NUMERALS = `${HAN_DIGITS}十两`;

/**
 * Chinese numerals as Arabic ones, everywhere in the text: 二十三 → 23, 十 → 10, 二〇二四 → 2024. For slots that are known
 * to hold a number; in a name (三元坊, 五号桥) they must stay.
 */
export function hanNumberToArabic(x: Sql, d: Dialect): Sql {
  let y = d.translate(x, `${HAN_DIGITS}两`, '0001234567892');
  y = d.regexReplace(y, '([1-9])百([1-9])十([1-9])', '\\1\\2\\3');
  y = d.regexReplace(y, '([1-9])百([1-9])十', '\\1\\20');
  y = d.regexReplace(y, '([1-9])百0?([1-9])', '\\10\\2');
  y = d.regexReplace(y, '([1-9])百', '\\100');
  y = d.regexReplace(y, '([1-9])十([1-9])', '\\1\\2');
  y = d.regexReplace(y, '([1-9])十', '\\10');
  y = d.regexReplace(y, '十([1-9])', '1\\1');
  return d.replace(y, '十', '10');
}
