import type { Dialect, Sql } from '../engine/dialect.js';
import { type DomainFunction, functions } from '../values/functions.js';

const list = (name: string) => ({ name, type: 'text[]' as const });
const text = (name: string) => ({ name, type: 'text' as const });

/** Working days up to and including a day, counted from the calendar's first; made by `workdaysTable`. */
const workdayNumber = (day: Sql): Sql => `(SELECT w.n FROM meta.workdays w WHERE w.day = ${day})`;

/** What the language itself adds to the functions of the values room. */
const own: Record<string, DomainFunction> = {
  is_known: {
    params: [{ name: 'x', type: 'any' }],
    returns: 'bool',
    doc: { zh: '有值（从不为未知）', en: 'Has a value; never unknown itself.' },
    sql: (_d, x) => `(${x} IS NOT NULL)`,
  },
  only_if: {
    params: [
      { name: 'condition', type: 'bool' },
      { name: 'x', type: 'any' },
    ],
    returns: 'any',
    doc: { zh: '条件成立时的值，否则未知', en: 'The value where the condition holds, else unknown.' },
    sql: (_d, condition, x) => `CASE WHEN ${condition} THEN ${x} END`,
  },
  date: {
    params: [{ name: 'iso', type: 'text', literal: true }],
    returns: 'date',
    doc: { zh: "日期常量，如 date('2024-07-01')", en: "A day written out, such as date('2024-07-01')." },
    sql: (d, iso) => d.date(iso as string),
  },
  to_date: {
    params: [{ name: 'time', type: 'timestamp' }],
    returns: 'date',
    doc: { zh: '时间所在日', en: 'The day of a time.' },
    sql: (d, x) => d.cast(x as Sql, 'date'),
  },
  hours_between: {
    params: [
      { name: 'from', type: 'timestamp' },
      { name: 'to', type: 'timestamp' },
    ],
    returns: 'number',
    doc: { zh: '从 from 到 to 的小时数', en: 'Hours from the first to the second.' },
    sql: (d, from, to) => d.hoursBetween(from as Sql, to as Sql),
  },
  start_of_day: {
    params: [{ name: 'date', type: 'date' }],
    returns: 'timestamp',
    doc: { zh: '当日零时', en: 'Midnight at which the day begins.' },
    sql: (d, x) => d.cast(x as Sql, 'timestamp'),
  },
  month_start: {
    params: [{ name: 'date', type: 'date' }],
    returns: 'date',
    doc: { zh: '当月第一天', en: 'The first day of its month.' },
    sql: (d, x) => d.addDays(x as Sql, `(1 - ${d.dayOfMonth(x as Sql)})`),
  },
  workdays_between: {
    params: [
      { name: 'from', type: 'date' },
      { name: 'to', type: 'date' },
    ],
    returns: 'int',
    doc: {
      zh: '从 from 次日到 to 的工作日数（按 checks/reference/holidays.csv；日历以外为未知）',
      en: 'Working days after the first up to the second, by checks/reference/holidays.csv; unknown outside it.',
    },
    sql: (_d, from, to) => `(${workdayNumber(to as Sql)} - ${workdayNumber(from as Sql)})`,
  },
  greatest: {
    params: [
      { name: 'a', type: 'any' },
      { name: 'b', type: 'any', rest: true },
    ],
    returns: 'any',
    doc: { zh: '最大者；任一未知则未知', en: 'The greatest; unknown if one of them is.' },
    sql: (d, ...xs) => extreme(xs, d.greatest(...xs)),
  },
  least: {
    params: [
      { name: 'a', type: 'any' },
      { name: 'b', type: 'any', rest: true },
    ],
    returns: 'any',
    doc: { zh: '最小者；任一未知则未知', en: 'The least; unknown if one of them is.' },
    sql: (d, ...xs) => extreme(xs, d.least(...xs)),
  },
  contains_all: {
    params: [list('a'), list('b')],
    returns: 'bool',
    doc: { zh: 'a 包含 b 的全部项', en: 'The first list has every item of the second.' },
    sql: (d, a, b) => d.listContainsAll(a as Sql, b as Sql),
  },
  same_person: {
    params: [text('a'), text('b')],
    returns: 'bool',
    doc: { zh: '姓名一致（不计空格、全半角、间隔号、大小写）', en: 'Equal names of persons but for notation.' },
    // Most are written alike, and need no key.
    sql: (d, a, b) => `CASE WHEN ${a} = ${b} THEN TRUE ELSE ${personKey(a as Sql, d)} = ${personKey(b as Sql, d)} END`,
  },
};

/** Engines ignore NULL in greatest(); here an unknown among them leaves the result unknown. */
const extreme = (xs: Sql[], value: Sql): Sql =>
  `CASE WHEN ${xs.map((x) => `${x} IS NOT NULL`).join(' AND ')} THEN ${value} END`;

const personKey = (x: Sql, d: Dialect): Sql => d.upper(d.regexReplace(x, '[\\s·•・.．‧]', ''));

/** Every function of the check language but aggregates and operators. */
export const languageFunctions: Readonly<Record<string, DomainFunction>> = { ...functions, ...own };

/** `meta.workdays(day, n)`: the calendar that workdays_between counts by. Weekdays, less holidays, plus make-up days. */
export function workdaysTable(d: Dialect): Sql {
  const days = d.dateSeries('(SELECT min("date") FROM src.holidays)', '(SELECT max("date") FROM src.holidays)');
  return `CREATE TABLE meta.workdays AS
SELECT day, ${d.cast('sum(CASE WHEN working THEN 1 ELSE 0 END) OVER (ORDER BY day)', 'int')} AS n
FROM (
  SELECT c.day AS day, CASE WHEN h.kind = 'work' THEN TRUE WHEN h.kind = 'off' THEN FALSE ELSE ${d.isWeekday('c.day')} END AS working
  FROM (${days}) c LEFT JOIN src.holidays h ON h."date" = c.day
)`;
}
