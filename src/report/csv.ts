import type { Dialect, Sql } from '../engine/dialect.js';

/** Excel reads UTF-8 only behind a byte-order mark. */
export const BOM = '\uFEFF';
export const EOL = '\r\n';

/**
 * A cell that a spreadsheet program shows as it is: text that it would run as a formula gets a quote in front (OWASP, "CSV
 * injection"), and digits that it would round or strip of zeros get a tab, which it does not show and bidui's own ingest drops.
 */
export function cellSql(x: Sql, d: Dialect): Sql {
  const text = `coalesce(${d.cast(x, 'text')}, '')`;
  const guarded = d.let(
    text,
    (t) => `CASE
    WHEN ${d.matches(t, '^[-+]?[0-9][0-9,]*(\\.[0-9]+)?$')} AND ${d.length(t)} < 12 AND NOT ${d.matches(t, '^0[0-9]')} THEN ${t}
    WHEN ${d.matches(t, '^[=+@\\t\\r-]')} THEN ${d.text("'")} || ${t}
    WHEN ${d.matches(t, '^[0-9]+([eE][0-9]+)?$')} THEN ${d.text('\t')} || ${t}
    ELSE ${t} END`,
  );
  return `${d.text('"')} || ${d.replace(guarded, '"', '""')} || ${d.text('"')}`;
}

/** A line of CSV without its line feed, which the engine writes: cells, commas and the carriage return. */
export function lineSql(columns: readonly Sql[], d: Dialect): Sql {
  return `${columns.map((c) => cellSql(c, d)).join(` || ${d.text(',')} || `)} || ${d.text('\r')}`;
}

/** The header line, with the byte-order mark in front. */
export function headerLine(titles: readonly string[]): string {
  return `${BOM}${titles.map((t) => `"${t.replaceAll('"', '""')}"`).join(',')}\r`;
}
