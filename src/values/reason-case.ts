import type { Dialect, Sql } from '../engine/dialect.js';
import type { Reason } from './reasons.js';

/** The first reason whose condition holds; the last one holds always. */
export function firstReason(d: Dialect, cases: readonly (readonly [Sql, Reason])[], otherwise: Reason): Sql {
  const whens = cases.map(([cond, reason]) => `WHEN ${cond} THEN ${d.text(reason)}`).join(' ');
  return whens === '' ? d.text(otherwise) : `CASE ${whens} ELSE ${d.text(otherwise)} END`;
}

/** Excel shows long numbers as 9.13206E+17: the digits are gone and cannot be had back. */
export const SCIENTIFIC = '^-?[0-9](?:\\.[0-9]+)?[Ee]\\+?[0-9]+$';
