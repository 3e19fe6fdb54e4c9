import type { Dialect, Sql } from '../engine/dialect.js';

/**
 * Personal data as reports may show it (GB/T 35273): enough to recognise what one already knows, not enough to learn it.
 * By characters, so that a rare name of one four-byte character is masked like any other.
 */

const unlessNull = (x: Sql, masked: (x: Sql) => Sql, d: Dialect): Sql =>
  d.let(x, (y) => `CASE WHEN ${y} IS NOT NULL THEN ${masked(y)} END`);

/** 张*, 欧**. */
export const maskPerson = (x: Sql, d: Dialect): Sql =>
  unlessNull(
    x,
    (y) => d.concat(d.substr(y, 1, 1), `CASE WHEN ${d.length(y)} < 3 THEN ${d.text('*')} ELSE ${d.text('**')} END`),
    d,
  );

/** 110***********002X: first three and last four; all of it where it is too short for that to hide anything. */
export const maskIdNo = (x: Sql, d: Dialect): Sql =>
  unlessNull(
    x,
    (y) =>
      `CASE WHEN ${d.length(y)} >= 15 THEN ${d.concat(d.substr(y, 1, 3), d.regexReplace(d.substr(y, 8), '(?s).', '*'), d.substr(y, `${d.length(y)} - 3`))} ELSE ${d.regexReplace(y, '(?s).', '*')} END`,
    d,
  );

/** 138****1234; of a landline only the last four. */
export const maskPhone = (x: Sql, d: Dialect): Sql =>
  unlessNull(
    x,
    (y) =>
      `CASE WHEN ${d.matches(y, '^1[0-9]{10}$')} THEN ${d.concat(d.substr(y, 1, 3), d.text('****'), d.substr(y, 8))} ` +
      `WHEN ${d.length(y)} >= 8 THEN ${d.concat(d.text('****'), d.substr(y, `${d.length(y)} - 3`))} ELSE ${d.text('****')} END`,
    d,
  );

/** a***@example.com */
export const maskEmail = (x: Sql, d: Dialect): Sql =>
  unlessNull(
    x,
    (y) =>
      `CASE WHEN ${d.contains(y, d.text('@'))} THEN ${d.concat(d.substr(y, 1, 1), d.text('***'), `coalesce(${d.regexExtract(y, '@[^@]*$')}, '')`)} ELSE ${d.text('***')} END`,
    d,
  );

/** Nothing of it, not even its length. */
export const maskAll = (x: Sql, d: Dialect): Sql => unlessNull(x, () => d.text('***'), d);
