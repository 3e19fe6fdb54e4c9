import type { Dialect, Sql } from '../engine/dialect.js';
import { HAN_NUMERALS, hanNumberToArabic } from './han-number.js';
import { DASH_CLASS, isOneOf, tidy, unifyDashes } from './tidy.js';

/**
 * Calendar days as departments write them. The day a permit that never expires ends on is 9999-12-31: it sorts right,
 * and `open_ended` knows it.
 */

export const OPEN_ENDED = '9999-12-31';
const OPEN_WORDS = [
  '长期',
  '长期有效',
  '永久',
  '永久有效',
  '永续',
  '无固定期限',
  '无固定期',
  '无限期',
  '无期限',
  '至今',
  '不约定期限',
];

const TIME = '[0-9]{1,2}:[0-9]{1,2}(?::[0-9]{1,2}(?:\\.[0-9]+)?)?';
const ZONE = 'Z|[+-][0-9]{2}:?[0-9]{2}';
const ISO = '^[0-9]{4}-[0-9]{2}-[0-9]{2}$';
/** Year first, in any of the four notations; perhaps a time after it. */
const YMD = `^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[ T]*(${TIME})(${ZONE})?)?$`;
const DIGITS = '^([0-9]{4})([0-9]{2})([0-9]{2})(?:([0-9]{2})([0-9]{2})([0-9]{2}))?$';
/** Days since 1899-12-30, as a spreadsheet stores a date; with a fraction, a time of day. */
const SERIAL = '^([0-9]{5})(\\.[0-9]+)?$';
/** 1950-01-01 to 2099-12-31: outside it a number of five digits is rather something else. */
const SERIAL_FROM = 18264;
const SERIAL_TO = 73050;
export const MONTH = '^([0-9]{4})(?:[-/.年]([0-9]{1,2})月?(?:份)?|([0-9]{2}))$';

const ONE_DAY = `[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?(?: ?T?${TIME})?|[0-9]{8}`;
const OPEN = OPEN_WORDS.join('|');
/** 2023-08-01至2028-07-31, and every other way of saying "from … to …" that has been seen. */
const RANGE = `^(?:有效期限?:?)?(?:自|从)?(${ONE_DAY})?起?(?:[-~～→至到]+|to|TO)(${ONE_DAY}|${OPEN})止?$`;
const FROM_ONLY = `^(?:自|从)?(${ONE_DAY})(?:起|[-~～→至到]+|起[-~～→至到]*(?:今)?)$`;

/** Half-width, dashes of one sort, no spaces but the one before a time, Chinese numerals as digits. */
export function prepareDate(raw: Sql, d: Dialect, part?: 'from' | 'to'): Sql {
  const prepared = d.let(raw, (cell) => {
    const tidied = tidy(cell, d, {
      width: 'all',
      spaces: 'collapse',
      more: {
        guard: `${DASH_CLASS}${HAN_NUMERALS}。 `,
        step: (x) => {
          const y = d.regexReplace(d.replace(unifyDashes(x, d), '。', '.'), ' *([-/.年月日~至到起]|to|TO) *', '\\1');
          return d.let(y, (z) => `CASE WHEN ${d.matches(z, `[${HAN_NUMERALS}]`)} THEN ${hanDate(z, d)} ELSE ${z} END`);
        },
      },
    });
    return `CASE WHEN ${d.matches(cell, ISO)} THEN ${cell} ELSE ${tidied} END`;
  });
  return part === undefined ? prepared : onePart(prepared, part, d);
}

/** 十 between 年 and 日 is a number; 二〇二四 is spelt digit by digit. */
const hanDate = (x: Sql, d: Dialect): Sql => hanNumberToArabic(x, d);

/**
 * One end of a range. A single date in such a cell is its end ("有效期至"): asked for the beginning, it stays as it is but
 * marked, so that its reason can say so.
 */
function onePart(x: Sql, part: 'from' | 'to', d: Dialect): Sql {
  return d.let(x, (y) => {
    if (part === 'to') {
      return (
        `CASE WHEN ${d.matches(y, RANGE)} THEN ${d.regexExtract(y, RANGE, 2)} ` +
        `WHEN ${d.matches(y, FROM_ONLY)} THEN NULL ` +
        `ELSE ${d.regexReplace(y, '^(?:有效期限?)?:?[至到]|止$', '')} END`
      );
    }
    return (
      `CASE WHEN ${d.matches(y, RANGE)} THEN ${d.regexExtract(y, RANGE, 1)} ` +
      `WHEN ${d.matches(y, FROM_ONLY)} THEN ${d.regexExtract(y, FROM_ONLY, 1)} ` +
      `ELSE ${d.concat(d.text(NOT_A_RANGE), y)} END`
    );
  });
}

const NOT_A_RANGE = '?';
export const isMarkedNotARange = (x: Sql, d: Dialect): Sql => d.startsWith(x, d.text(NOT_A_RANGE));

export const isOpenWord = (x: Sql, d: Dialect): Sql => isOneOf(x, OPEN_WORDS, d);

const serialDay = (x: Sql, d: Dialect): Sql => {
  const n = d.tryCast(d.regexExtract(x, SERIAL, 1), 'int');
  return `CASE WHEN ${n} BETWEEN ${SERIAL_FROM} AND ${SERIAL_TO} THEN ${d.addDays(d.date('1899-12-30'), n)} END`;
};

const ymd = (x: Sql, pattern: string, d: Dialect): Sql =>
  d.makeDate(d.regexExtract(x, pattern, 1), d.regexExtract(x, pattern, 2), d.regexExtract(x, pattern, 3));

/** Z and +00:00 are eight hours behind the clock on the wall in China; +08:00 is that clock. */
const UTC = '(?:Z|[+]00:?00)$';
const OTHER_ZONE = ':[0-9.]+[+-][0-9]{2}:?[0-9]{2}$';
const CHINA = '[+]08:?00$';

/** Wall-clock text 'YYYY-MM-DD hh:mm:ss' of a full timestamp in any notation; '' parts are zero. */
function wallClock(x: Sql, d: Dialect): Sql {
  const group = (i: number) => d.regexExtract(x, YMD, i);
  const time = `coalesce(${group(4)}, '00:00')`;
  return d.concat(d.formatDate(ymd(x, YMD, d)), d.text(' '), time);
}

export function timestampOf(x: Sql, d: Dialect): Sql {
  const pad = (t: Sql) => d.regexReplace(t, ' ([0-9]):', ' 0\\1:');
  const local = d.tryCast(pad(wallClock(x, d)), 'timestamp');
  const serial =
    `CASE WHEN ${serialDay(x, d)} IS NOT NULL THEN ` +
    `${d.addSeconds(d.cast(serialDay(x, d), 'timestamp'), `${d.round(`${d.cast(d.concat(d.text('0'), d.regexExtract(x, SERIAL, 2)), 'double')} * 86400`, 0)}`)} END`;
  const digits = d.tryCast(
    d.regexReplace(x, '^([0-9]{4})([0-9]{2})([0-9]{2})(?:([0-9]{2})([0-9]{2})([0-9]{2}))$', '\\1-\\2-\\3 \\4:\\5:\\6'),
    'timestamp',
  );
  return (
    `CASE WHEN ${d.matches(x, UTC)} THEN ${d.addSeconds(local, '28800')} ` +
    `WHEN ${d.matches(x, OTHER_ZONE)} AND NOT ${d.matches(x, CHINA)} THEN NULL ` +
    `WHEN ${d.matches(x, YMD)} THEN ${local} ` +
    `WHEN ${d.matches(x, '^[0-9]{14}$')} THEN ${digits} ` +
    `WHEN ${d.matches(x, '^[0-9]{8}$')} THEN ${d.cast(ymd(x, DIGITS, d), 'timestamp')} ` +
    `WHEN ${d.matches(x, SERIAL)} THEN ${serial} END`
  );
}

/** A day; open ended for the words that say so and for years nobody lives to see; NULL for placeholders such as 1900-01-01. */
export function dateOf(x: Sql, d: Dialect): Sql {
  const day =
    `CASE WHEN ${d.matches(x, ISO)} THEN ${d.tryCast(x, 'date')} ` +
    `WHEN ${isOpenWord(x, d)} THEN ${d.date(OPEN_ENDED)} ` +
    `WHEN ${d.matches(x, UTC)} THEN ${d.cast(timestampOf(x, d), 'date')} ` +
    `WHEN ${d.matches(x, OTHER_ZONE)} AND NOT ${d.matches(x, CHINA)} THEN NULL ` +
    `WHEN ${d.matches(x, YMD)} THEN ${ymd(x, YMD, d)} ` +
    `WHEN ${d.matches(x, DIGITS)} THEN ${ymd(x, DIGITS, d)} ` +
    `WHEN ${d.matches(x, SERIAL)} THEN ${serialDay(x, d)} END`;
  return d.let(
    day,
    (y) =>
      `CASE WHEN ${y} > ${d.date('1900-01-01')} THEN CASE WHEN ${y} < ${d.date('2900-01-01')} THEN ${y} ELSE ${d.date(OPEN_ENDED)} END END`,
  );
}

/** What a text that is no date is, from the most telling to the least. */
export const DATE_SHAPES = {
  monthOnly: MONTH,
  yearOnly: '^[0-9]{4}年?$',
  twoDigitYear: '^[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?(?: .*)?$',
  dayFirst: '^[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}(?: .*)?$',
  placeholder: '^(?:0000|0001|1900)[-/.年]?0?[01][-/.月]?0?[01]日?(?:[ T].*)?$|^0+$',
  serial: SERIAL,
  day: `${YMD}|${DIGITS}`,
  zone: OTHER_ZONE,
} as const;
