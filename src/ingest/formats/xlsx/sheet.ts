import type { Archive } from './archive.js';
import { formatNumber, type NumberKind } from './number-format.js';
import { type SharedStrings, unescapeXlsx } from './shared-strings.js';
import { parseXml } from './xml.js';

export interface SheetContext {
  archive: Archive;
  strings: SharedStrings;
  kinds: readonly NumberKind[];
  date1904: boolean;
}

export interface SheetSummary {
  /** Number of the last row that the sheet mentions, however empty. */
  lastRow: number;
  /** Formulas without a stored result: the workbook was written by a program that does not calculate. */
  uncalculated: number;
}

/** A row's cells by column; not filled where the sheet has none. Answer false to stop reading. */
export type OnRow = (row: number, cells: (string | undefined)[]) => boolean | undefined;

/** Excel's last column, XFD. */
const MAX_COLUMN = 16_384;
const MAX_ROW = 1_048_576;

/** Streams the rows of a sheet that hold any text. */
export async function readSheet(context: SheetContext, part: string, onRow: OnRow): Promise<SheetSummary> {
  const { strings, kinds, date1904 } = context;
  const summary: SheetSummary = { lastRow: 0, uncalculated: 0 };
  let stopped = false;
  let row = 0;
  let column = -1;
  let cells: (string | undefined)[] = [];
  let type = '';
  let style = 0;
  let value = '';
  let collecting = false;
  let phonetic = false;
  let formula = false;

  const text = (): string | undefined => {
    if (type === 's') return value === '' ? undefined : strings.get(Number(value));
    if (type === 'inlineStr' || type === 'str') return unescapeXlsx(value);
    if (type === 'b') return value === '1' || value === 'true' ? 'TRUE' : value === '' ? undefined : 'FALSE';
    if (type === 'e') return value;
    if (type === 'd') return value.replace('T', ' ').replace(/( 00:00:00)?(\.0+)?Z?$/, '');
    return value === '' ? undefined : formatNumber(value, kinds[style] ?? 'number', date1904);
  };

  await parseXml(await context.archive.read(part), {
    open(name, a) {
      if (name === 'row') {
        row = a.r ? Number(a.r) : row + 1;
        if (!(row >= 1 && row <= MAX_ROW)) throw new Error(`there is no row ${a.r}`);
        column = -1;
        cells = [];
      } else if (name === 'c') {
        column = a.r ? columnOf(a.r) : column + 1;
        type = a.t ?? 'n';
        style = Number(a.s ?? 0);
        value = '';
        formula = false;
      } else if (name === 'v') collecting = true;
      else if (name === 't') collecting = !phonetic;
      else if (name === 'rPh') phonetic = true;
      else if (name === 'f') formula = true;
    },
    text(piece) {
      if (collecting) value += piece;
    },
    close(name) {
      if (name === 'v' || name === 't') collecting = false;
      else if (name === 'rPh') phonetic = false;
      else if (name === 'c') {
        if (formula && value === '') summary.uncalculated++;
        const cell = text();
        if (cell !== undefined && cell !== '' && column >= 0 && column < MAX_COLUMN) cells[column] = cell;
      } else if (name === 'row') {
        summary.lastRow = Math.max(summary.lastRow, row);
        if (cells.length > 0 && onRow(row, cells) === false) stopped = true;
      }
    },
    done: () => stopped,
  });
  return summary;
}

/** 'AB12' → 27. */
function columnOf(reference: string): number {
  let column = 0;
  for (let i = 0; i < reference.length; i++) {
    const c = reference.charCodeAt(i) & ~32;
    if (c < 65 || c > 90) break;
    column = column * 26 + c - 64;
  }
  return column - 1;
}

export function columnName(index: number): string {
  let name = '';
  for (let n = index + 1; n > 0; n = Math.floor((n - 1) / 26)) name = String.fromCharCode(65 + ((n - 1) % 26)) + name;
  return name;
}
