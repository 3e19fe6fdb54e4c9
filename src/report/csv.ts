import type { Dialect, Sql } from '../engine/dialect.js';

/** Excel reads UTF-8 only behind a byte-order mark. */
export const BOM = '\uFEFF';
export const EOL = '\r\n';

/** What most cells do not begin with: they are done after one look. */
const SUSPECT = '^[-+=@＝＋－＠\\t\\r\\n0-9]';
/** Short enough to be shown as it is, and without a zero in front that would be lost. */
const NUMBER = '^[-+]?(?:0|[1-9][0-9,]*)(?:\\.[0-9]+)?$';
const NUMBER_LENGTH = 12;
/** Spreadsheet programs show it as the same day. */
const DAY = '^[0-9]{4}-[0-9]{2}-[0-9]{2}$';
/** What makes them run the text, also in its full-width forms (OWASP, "CSV injection"). */
const FORMULA = '^[=+@\\t\\r\\n＝＋－＠-]';
/** Codes (913205940000000012, 00012), room numbers (3-2, 1/2), times and the like, which they would turn into numbers or days. */
const GUESSED = '^[0-9][0-9eE.,:/%年月日 -]*$';

/**
 * A cell that a spreadsheet program shows as it is: text that it would run as a formula gets a quote in front, and what it
 * would round, strip of zeros or take for a day gets a tab, which it does not show and bidui's own ingest drops.
 */
export function cellSql(x: Sql, d: Dialect): Sql {
  const text = `coalesce(${d.cast(x, 'text')}, '')`;
  const guarded = d.let(
    text,
    (t) => `CASE
    WHEN NOT ${d.matches(t, SUSPECT)} THEN ${t}
    WHEN ${d.matches(t, NUMBER)} AND ${d.length(t)} <= ${NUMBER_LENGTH} THEN ${t}
    WHEN ${d.matches(t, FORMULA)} THEN ${d.text("'")} || ${t}
    WHEN ${d.matches(t, GUESSED)} AND NOT ${d.matches(t, DAY)} THEN ${d.text('\t')} || ${t}
    ELSE ${t} END`,
  );
  return `${d.text('"')} || ${d.replace(guarded, '"', '""')} || ${d.text('"')}`;
}

const IS_NUMBER = new RegExp(NUMBER);
const IS_FORMULA = new RegExp(FORMULA);
const IS_GUESSED = new RegExp(GUESSED);
const IS_DAY = new RegExp(DAY);

const isShownNumber = (text: string): boolean => text.length <= NUMBER_LENGTH && IS_NUMBER.test(text);

/** What `cellSql` makes of a text that is known beforehand. */
export function cellText(text: string): string {
  const tabbed = IS_GUESSED.test(text) && !IS_DAY.test(text) && !isShownNumber(text);
  return `"${(tabbed ? `\t${text}` : guarded(text)).replaceAll('"', '""')}"`;
}

/** The same guard for text on its way into a workbook, where it cannot run, but from where it may be saved as CSV. */
export const guarded = (text: string): string => (IS_FORMULA.test(text) && !isShownNumber(text) ? `'${text}` : text);

/** A line of CSV without its line feed, which the engine writes: cells, commas and the carriage return. */
export const lineSql = (columns: readonly Sql[], d: Dialect): Sql =>
  cellsLine(
    columns.map((c) => cellSql(c, d)),
    d,
  );

/** The same of cells that are quoted already, none of them NULL. One call: operators would copy the line at every cell. */
export const cellsLine = (cells: readonly Sql[], d: Dialect): Sql =>
  d.concat(...cells.flatMap((cell, i) => (i > 0 ? [d.text(','), cell] : [cell])), d.text('\r'));

/** Cells of our own making, quoted. Values of an extract go through `lineSql`, which guards them. */
export const quotedLine = (cells: readonly string[]): string =>
  cells.map((c) => `"${c.replaceAll('"', '""')}"`).join(',');

/** The header line, with the byte-order mark in front. */
export function headerLine(titles: readonly string[]): string {
  return `${BOM}${quotedLine(titles)}\r`;
}
