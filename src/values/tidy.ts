import type { Dialect, Sql } from '../engine/dialect.js';

/**
 * What every cell goes through before its type looks at it: invisible characters, the guards people put there for
 * Excel, full-width letters and digits. Clean cells are the rule, so one regular expression decides whether a cell
 * needs the long way at all.
 */

const INVISIBLE =
  '\\x{00}-\\x{08}\\x{0E}-\\x{1F}\\x{7F}\\x{AD}\\x{180E}\\x{200B}-\\x{200F}\\x{202A}-\\x{202E}\\x{2060}-\\x{2064}\\x{FEFF}';
const ODD_SPACES =
  '\\t\\n\\x{0B}\\x{0C}\\r\\x{85}\\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}';

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join('');

/** GB 18030 has a full-width form of every printing ASCII character, at a distance of 0xFEE0. */
const FULL_ALL = range(0xff01, 0xff5e);
const HALF_ALL = range(0x21, 0x7e);
const HALF_OF_FULL = new Map([...FULL_ALL].map((c, i) => [c, HALF_ALL[i] as string]));
const FULL_ALNUM = range(0xff10, 0xff19) + range(0xff21, 0xff3a) + range(0xff41, 0xff5a);
const HALF_ALNUM = range(0x30, 0x39) + range(0x41, 0x5a) + range(0x61, 0x7a);
const ALL_CLASS = '\\x{FF01}-\\x{FF5E}';
const ALNUM_CLASS = '\\x{FF10}-\\x{FF19}\\x{FF21}-\\x{FF3A}\\x{FF41}-\\x{FF5A}';

/** Words that mean "nothing was entered". A cell is compared as a whole: 无锡 is a city. */
export const NULL_WORDS: readonly string[] = [
  ...['', '无', '暂无', '不详', '未知', '空', '未填', '未填写', '无数据', '(空)', '（空）', '(无)', '（无）'],
  ...['NULL', 'null', 'Null', '(null)', '(NULL)', '\\N', 'None', 'none', 'NaN', 'nan', 'N/A', 'n/a', '#N/A'],
  ...['-', '--', '---', '----', '－', '－－', '—', '——', '–', '––', '/', '//', '／', '\\', '.', '、', '*', '**', '***'],
  // 企业信息公示暂行条例 lets an enterprise keep figures of its report to itself: nothing was entered.
  ...['企业选择不公示', '选择不公示'],
];

export interface TidyOptions {
  /** Which full-width characters become half-width: letters and digits only, or punctuation too. */
  width: 'alnum' | 'all';
  /** What happens to spaces inside. */
  spaces: 'collapse' | 'none';
  upper?: boolean;
  /** Default NULL_WORDS. */
  nulls?: readonly string[];
  /** Further steps on the long way; `guard` is a character class of what makes them needed. */
  more?: { guard: string; step: (x: Sql, d: Dialect) => Sql };
}

/** Tidied text; NULL for blank and for words that mean nothing. Doing it twice changes nothing. */
export function tidy(raw: Sql, d: Dialect, o: TidyOptions): Sql {
  const guard = [
    `[${INVISIBLE}${ODD_SPACES}${o.width === 'all' ? ALL_CLASS : ALNUM_CLASS}${o.upper ? 'a-z' : ''}${o.more?.guard ?? ''}]`,
    o.spaces === 'none' ? ' ' : '  |^ | $',
    `^['=]`,
  ].join('|');
  return d.let(raw, (cell) => {
    const tidied = `CASE WHEN ${d.matches(cell, guard)} THEN ${tidySteps(cell, d, o)} ELSE ${cell} END`;
    return d.let(tidied, (y) => `CASE WHEN ${isOneOf(y, o.nulls ?? NULL_WORDS, d)} THEN NULL ELSE ${y} END`);
  });
}

/** What of the full-width forms is in nearly every running text; translating all of them costs a table for every cell. */
const COMMON = [...'（），：；'];
const RARE_CLASS = '\\x{FF01}-\\x{FF07}\\x{FF0A}\\x{FF0B}\\x{FF0D}-\\x{FF19}\\x{FF1C}-\\x{FF5E}';

/**
 * As `tidy` with everything half-width and without spaces, for running text such as a scope of business, but for words that mean
 * nothing: those are left to the caller.
 */
export function tidyRunning(cell: Sql, d: Dialect): Sql {
  const half = (c: string) => HALF_ALL[FULL_ALL.indexOf(c)] as string;
  const short = COMMON.reduce((x, c) => d.replace(x, c, half(c)), d.replace(cell, ' ', ''));
  const needed = d.matches(cell, `[${INVISIBLE}${ODD_SPACES}${RARE_CLASS}]|^ *['=]`);
  return `CASE WHEN ${needed} THEN ${tidySteps(cell, d, { width: 'all', spaces: 'none' })} ELSE ${short} END`;
}

/** The long way, for cells that need it. */
export function tidySteps(cell: Sql, d: Dialect, o: TidyOptions): Sql {
  let x = d.regexReplace(cell, `[${INVISIBLE}]`, '');
  x = d.regexReplace(x, `[${ODD_SPACES} ]+`, ' ');
  x = o.width === 'all' ? d.translate(x, FULL_ALL, HALF_ALL) : d.translate(x, FULL_ALNUM, HALF_ALNUM);
  if (o.spaces === 'none') x = d.replace(x, ' ', '');
  if (o.upper) x = d.upper(x);
  x = withoutGuards(x, d);
  // Once more after the type's own steps, which may have laid a guard bare.
  return o.more ? withoutGuards(o.more.step(x, d), d) : x;
}

/** ="0012" and '0012 are how people keep Excel from eating a number's zeros. */
function withoutGuards(x: Sql, d: Dialect): Sql {
  return d.regexReplace(d.regexReplace(x, `^(?:[' ]*=")+[' ]*(.*?)[" ]*$`, '\\1'), `^[' ]+| +$`, '');
}

export const isOneOf = (x: Sql, words: readonly string[], d: Dialect): Sql =>
  `${x} IN (${words.map((w) => d.text(w)).join(', ')})`;

/** Every sort of dash, and the signs people use for "to". */
const DASHES = '—–－‐‑‒―−─﹣ー';
export const DASH_CLASS = DASHES;
export const unifyDashes = (x: Sql, d: Dialect): Sql => d.translate(x, DASHES, '-'.repeat([...DASHES].length));

/** A code list's words as the `code` type tidies them, for the keys of its map. */
export function tidyCode(text: string): string {
  return [...text.replace(/[\u00AD\u200B-\u200F\u2060-\u2064\uFEFF]/g, '').replace(/\s+/g, '')]
    .map((c) => HALF_OF_FULL.get(c) ?? c)
    .join('')
    .toLowerCase();
}
