import type { Dialect, Sql } from '../../engine/dialect.js';
import { tidy } from '../tidy.js';

/**
 * 国民经济行业分类, GB/T 4754-2017: a letter for the section, then two digits of division, a third of group, a fourth of
 * class. Departments write it with the letter or without, and with the title after it; the digits alone say it all.
 */
const LETTERED =
  'A0[1-5]|B0[6-9]|B1[0-2]|C1[3-9]|C[23][0-9]|C4[0-3]|D4[4-6]|E4[7-9]|E50|F5[12]|G5[3-9]|G60|H6[12]|I6[3-5]|J6[6-9]|K70|L7[12]|M7[3-5]|N7[6-9]|O8[0-2]|P83|Q8[45]|R8[6-9]|R90|S9[1-6]|T97';
const BARE = '0[1-9]|[1-8][0-9]|9[0-7]';
/** With the right letter or without one; up to two more digits; then, perhaps, its title. */
const TITLE = '(?:[^0-9A-Za-z].*)?$';
export const INDUSTRY_SHAPE = `^(?:${LETTERED}|${BARE})[0-9]{0,2}${TITLE}`;
export const INDUSTRY_WRONG_LETTER = `^[A-Z](?:${BARE})[0-9]{0,2}${TITLE}`;
export const INDUSTRY_SECTION_ONLY = '^[A-T](?:[^0-9A-Za-z].*)?$';

export function cleanIndustry(raw: Sql, d: Dialect): Sql {
  return tidy(raw, d, { width: 'all', spaces: 'none', upper: true });
}

/** '2614' of 'C2614', '2614' and 'C2614有机化学原料制造'; NULL where it is none. */
export const industryCode = (x: Sql, d: Dialect): Sql =>
  d.let(x, (y) => `CASE WHEN ${d.matches(y, INDUSTRY_SHAPE)} THEN ${d.regexExtract(y, '^[A-T]?([0-9]{2,4})', 1)} END`);

export const validIndustry = (x: Sql, d: Dialect): Sql => d.matches(x, INDUSTRY_SHAPE);
