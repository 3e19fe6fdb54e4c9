import { printable } from './output.js';
import { cut, pad, widthOf } from './width.js';

export interface TableOptions {
  /** Columns of the terminal; a table that goes elsewhere is as wide as it is. */
  width?: number;
  /** Colours a cell that is laid out already. */
  paint?: (laidOut: string, row: number, column: number) => string;
}

const GAP = '  ';
/** Narrower than that a column of text says nothing. */
const LEAST = 6;

/**
 * A table whose columns line up although Chinese characters are twice as wide. Numbers stand to the right. Where a terminal is
 * too narrow, long texts are cut; where that does not help, each row becomes a few lines of its own.
 */
export function table(
  headers: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  o: TableOptions = {},
): string {
  const paint = o.paint ?? ((x: string) => x);
  // Of a value only what is printable may reach a terminal; a line break would end the row.
  const cells = [headers, ...rows].map((r) => r.map((x) => printable(String(x).replace(/\s*[\r\n]+\s*/g, ' '))));
  const numeric = headers.map((_, i) => rows.length > 0 && rows.every((r) => typeof r[i] === 'number'));
  const widths = fitted(
    headers.map((_, i) => Math.max(...cells.map((r) => widthOf(r[i] ?? '')))),
    numeric,
    o.width,
  );
  if (!widths) return blocks(cells, o.width!, paint);
  const last = headers.length - 1;
  const line = (row: readonly string[], nth: number) =>
    row
      .map((cell, i) => {
        const text = cut(cell, widths[i] ?? 0);
        const laidOut = i === last && !numeric[i] ? text : pad(text, widths[i] ?? 0, numeric[i]);
        return nth < 0 ? laidOut : paint(laidOut, nth, i);
      })
      .join(GAP)
      .trimEnd();
  const rule = widths.map((w) => '─'.repeat(w)).join(GAP);
  return [line(cells[0]!, -1), rule, ...cells.slice(1).map(line)].join('\n');
}

/** The widest columns of text give way, one character after the other. Undefined where the table does not fit at all. */
function fitted(
  widths: readonly number[],
  numeric: readonly boolean[],
  width: number | undefined,
): number[] | undefined {
  const fit = [...widths];
  if (width === undefined) return fit;
  let over = fit.reduce((a, b) => a + b, 0) + GAP.length * (fit.length - 1) - width;
  while (over > 0) {
    const text = fit.map((w, i) => (numeric[i] ? 0 : w));
    const widest = text.indexOf(Math.max(...text));
    if ((text[widest] ?? 0) <= LEAST) return undefined;
    fit[widest] = fit[widest]! - 1;
    over -= 1;
  }
  return fit;
}

/** A row as lines: its first cell, and under it `header: value`. */
function blocks(
  cells: readonly (readonly string[])[],
  width: number,
  paint: (x: string, row: number, column: number) => string,
): string {
  const [headers, ...rows] = cells;
  return rows
    .map((row, nth) =>
      row
        .map((cell, i) => paint(cut(i === 0 ? cell : `  ${headers![i]}: ${cell}`, Math.max(1, width)), nth, i))
        .join('\n'),
    )
    .join('\n');
}
