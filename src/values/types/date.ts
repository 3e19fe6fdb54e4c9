import type { Dialect, Sql } from '../../engine/dialect.js';
import { DATE_SHAPES, dateOf, isMarkedNotARange, MONTH, prepareDate, timestampOf } from '../dates.js';
import { firstReason, SCIENTIFIC } from '../reason-case.js';
import type { Reason } from '../reasons.js';
import type { ValueType } from '../value-type.js';

const shapes = (x: Sql, d: Dialect): (readonly [Sql, Reason])[] => [
  [isMarkedNotARange(x, d), 'not_a_range'],
  [d.matches(x, DATE_SHAPES.placeholder), 'placeholder_date'],
  [d.matches(x, DATE_SHAPES.zone), 'time_zone'],
  [d.matches(x, DATE_SHAPES.monthOnly), 'month_only'],
  [d.matches(x, DATE_SHAPES.yearOnly), 'year_only'],
  [d.matches(x, DATE_SHAPES.twoDigitYear), 'two_digit_year'],
  [d.matches(x, DATE_SHAPES.dayFirst), 'day_first'],
  [d.matches(x, DATE_SHAPES.day), 'no_such_day'],
  [d.matches(x, DATE_SHAPES.serial), 'serial_out_of_range'],
  [d.matches(x, SCIENTIFIC), 'scientific'],
];

/** A calendar day; 9999-12-31 where there is no end. */
export const date: ValueType = {
  id: 'date',
  sqlType: 'date',
  prepare: (raw, d, o) => prepareDate(raw, d, o.part),
  value: dateOf,
  reason: (x, d) => firstReason(d, shapes(x, d), 'not_a_date'),
};

/** A month, as its first day. */
export const month: ValueType = {
  id: 'month',
  sqlType: 'date',
  prepare: (raw, d) => prepareDate(raw, d),
  value: (x, d) => {
    const alone = d.makeDate(
      d.regexExtract(x, MONTH, 1),
      `coalesce(${d.regexExtract(x, MONTH, 2)}, ${d.regexExtract(x, MONTH, 3)})`,
      d.text('1'),
    );
    const ofDay = d.let(
      dateOf(x, d),
      (day) =>
        `CASE WHEN ${d.year(day)} < 9999 THEN ${d.makeDate(d.cast(d.year(day), 'text'), d.cast(d.month(day), 'text'), d.text('1'))} END`,
    );
    return `CASE WHEN ${d.matches(x, MONTH)} THEN ${alone} ELSE ${ofDay} END`;
  },
  reason: (x, d) =>
    firstReason(
      d,
      shapes(x, d).filter(([, reason]) => reason !== 'month_only'),
      'not_a_month',
    ),
};

/** A point in time on the clock in China; a day alone is its midnight. */
export const timestamp: ValueType = {
  id: 'timestamp',
  sqlType: 'timestamp',
  prepare: (raw, d) => prepareDate(raw, d),
  value: timestampOf,
  reason: (x, d) => firstReason(d, shapes(x, d), 'not_a_date'),
};
