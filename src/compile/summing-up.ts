import type { Dialect, Sql } from '../engine/dialect.js';
import { AT, type Column, indent, ROWS } from './row-columns.js';

/** Names of what is summed up in the rows below a group. */
const SUMMAND = /\b_a\d+\b/g;
/** What is no longer than this may be written twice. */
const SHORT = 60;

/** Rows that are certain to count, summed up. What is summed up has a column of its own only where it is long. */
export function groupedAtOnce(
  keys: readonly Column[],
  at: Column,
  summands: readonly Column[],
  outputs: readonly Column[],
  rows: (columns: readonly Column[]) => Sql,
  d: Dialect,
): Sql {
  if (summands.some((s) => s.sql.length > SHORT)) {
    const names = keys.map((k) => k.name);
    return grouped(names, outputs, rows([...keys, at, ...summands]), undefined, d);
  }
  const written = new Map(summands.map((s) => [s.name, s.sql]));
  const columns = [
    ...keys,
    { name: AT, sql: `min(${at.sql})` },
    { name: ROWS, sql: 'count(*)' },
    ...outputs.map((o) => ({ ...o, sql: o.sql.replace(SUMMAND, (name) => written.get(name) ?? name) })),
  ];
  return `${rows(columns)}\nGROUP BY ${keys.map((k) => k.sql).join(', ')}`;
}

/** Rows summed up; where `counts` is unknown of one, it is as an unknown among the others. */
export function grouped(
  keys: readonly string[],
  outputs: readonly Column[],
  rows: Sql,
  counts: string | undefined,
  d: Dialect,
): Sql {
  const columns = [
    ...keys.map((k) => d.ident(k)),
    `min(${counts ? `CASE WHEN ${counts} THEN ${AT} END` : AT}) AS ${AT}`,
    `${counts ? d.countIf(counts) : 'count(*)'} AS ${ROWS}`,
    ...outputs.map((o) => `${o.sql} AS ${d.ident(o.name)}`),
  ];
  const where = counts ? `\nWHERE coalesce(${counts}, TRUE)` : '';
  return `SELECT ${columns.join(',\n  ')}\nFROM (${indent(rows)}) r${where}\nGROUP BY ${keys.map((k) => d.ident(k)).join(', ')}`;
}
