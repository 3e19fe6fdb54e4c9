import type { Dialect, Sql } from '../engine/dialect.js';

/** How far ahead deadlines are counted. */
const AHEAD = 400;

/**
 * `life.calendar(day, working, n, guessed)`: every day from the first in question on, with the number of working days up to it.
 * Days that the holiday calendar does not reach follow the weekday and are marked as guessed.
 *
 * @param days SELECT of one `day` column: the days from which deadlines count
 * @param holidays table of the holiday calendar, where there is one
 */
export function calendarTable(days: Sql, asOf: string, holidays: string | undefined, d: Dialect): Sql {
  const today = d.date(asOf);
  const first = `(SELECT coalesce(least(min(day), ${today}), ${today}) FROM (${days}) x)`;
  const kind = holidays ? 'h.kind' : d.cast('NULL', 'text');
  const join = holidays ? `LEFT JOIN ${holidays} h ON h.${d.ident('date')} = c.day` : '';
  const known = holidays
    ? `c.day BETWEEN (SELECT min(${d.ident('date')}) FROM ${holidays}) AND (SELECT max(${d.ident('date')}) FROM ${holidays})`
    : 'FALSE';
  return `CREATE TABLE life.calendar AS
SELECT day, working, guessed, ${d.cast('sum(CASE WHEN working THEN 1 ELSE 0 END) OVER (ORDER BY day)', 'int')} AS n
FROM (
  SELECT c.day AS day, NOT coalesce(${known}, FALSE) AS guessed,
    CASE ${kind} WHEN ${d.text('work')} THEN TRUE WHEN ${d.text('off')} THEN FALSE ELSE ${d.isWeekday('c.day')} END AS working
  FROM (${d.dateSeries(first, d.addDays(today, String(AHEAD)))}) c ${join}
) x`;
}
