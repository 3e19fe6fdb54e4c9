import { columnLetters, escapeXml, MAIN, OFFICE, XML } from './xml.js';

/** Limits of the format, which Excel holds files to. */
export const MAX_ROWS = 1_048_576;
export const MAX_TEXT = 32_767;
export const MAX_HEIGHT = 409;

/** A text is always a text, whatever it begins with: it never becomes a formula, a number or a day. */
export type Cell = string | number | null;

export interface Row {
  cells: readonly Cell[];
  /** The look of each cell, by its number in the workbook's styles. */
  styles: readonly number[];
  /** In points. The program may still fit it to what is typed later. */
  height?: number;
}

export interface Validation {
  /** B2:B100 */
  range: string;
  /** `list` takes the cells of a reference or a name; `date` two day numbers. */
  rule: { kind: 'list'; from: string } | { kind: 'date'; first: number; last: number };
  /** Shown beside the cell while it is chosen. */
  prompt: { title: string; text: string };
  /** Shown when something else is typed, which is then refused. */
  error: { title: string; text: string };
}

/** Everything of a sheet but its rows. What stands behind the rows in the file may depend on how many there were. */
export interface SheetLook {
  /** Widths of columns, in characters of the workbook's font. */
  widths: readonly number[];
  tab?: string;
  gridLines?: boolean;
  /** Rows and columns that stay in sight. */
  freeze?: { rows: number; columns: number };
  /** Rows of the header that rows below are filtered and sorted by; the filter covers what stands below. */
  filter?: { row: number; columns: number };
  merges?: readonly string[];
  validations?: (lastRow: number) => readonly Validation[];
  /** Links to places of the same workbook. */
  links?: readonly { cell: string; to: string; tip: string }[];
  footer?: string;
  /** Of the printed page; landscape where nothing is said. */
  portrait?: boolean;
  /** Rows that a new page begins with. */
  breaks?: readonly number[];
}

/** A row's XML, and the sheet's around it, piece by piece. Answers the number of the last row. */
export async function* sheetXml(
  look: SheetLook,
  rows: Iterable<Row> | AsyncIterable<Row>,
): AsyncGenerator<string, number> {
  yield opening(look);
  let n = 0;
  for await (const row of rows) yield rowXml(++n, row);
  yield `</sheetData>${closing(look, n)}</worksheet>`;
  return n;
}

const LETTERS = Array.from({ length: 64 }, (_, i) => columnLetters(i));
const letters = (i: number) => LETTERS[i] ?? columnLetters(i);

export function rowXml(n: number, { cells, styles, height }: Row): string {
  let xml = height === undefined ? `<row r="${n}">` : `<row r="${n}" ht="${height}">`;
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i];
    const at = `<c r="${letters(i)}${n}" s="${styles[i]}"`;
    if (cell === null || cell === undefined || cell === '') xml += `${at}/>`;
    else if (typeof cell === 'number') xml += `${at}><v>${cell}</v></c>`;
    else xml += `${at} t="inlineStr"><is><t xml:space="preserve">${escapeXml(cell)}</t></is></c>`;
  }
  return `${xml}</row>`;
}

function opening(look: SheetLook): string {
  const columns = look.widths.map((w, i) => `<col min="${i + 1}" max="${i + 1}" width="${w}" customWidth="1"/>`);
  return (
    `${XML}<worksheet xmlns="${MAIN}" xmlns:r="${OFFICE}">` +
    `<sheetPr>${look.tab ? `<tabColor rgb="FF${look.tab}"/>` : ''}<pageSetUpPr fitToPage="1"/></sheetPr>` +
    `<sheetViews><sheetView workbookViewId="0"${look.gridLines === false ? ' showGridLines="0"' : ''}>${pane(look)}</sheetView></sheetViews>` +
    `<sheetFormatPr defaultRowHeight="15"/><cols>${columns.join('')}</cols><sheetData>`
  );
}

function pane({ freeze }: SheetLook): string {
  if (!freeze) return '';
  const { rows, columns } = freeze;
  const cell = `${letters(columns)}${rows + 1}`;
  const which = columns > 0 ? 'bottomRight' : 'bottomLeft';
  const x = columns > 0 ? ` xSplit="${columns}"` : '';
  return (
    `<pane${x} ySplit="${rows}" topLeftCell="${cell}" activePane="${which}" state="frozen"/>` +
    `<selection pane="${which}" activeCell="${cell}" sqref="${cell}"/>`
  );
}

/** In the order that the format's schema wants. */
function closing(look: SheetLook, lastRow: number): string {
  const { filter, merges = [], links = [] } = look;
  const validations = look.validations?.(lastRow) ?? [];
  let xml = '';
  if (filter) xml += `<autoFilter ref="${filterRange(filter, lastRow)}"/>`;
  if (merges.length > 0) {
    xml += `<mergeCells count="${merges.length}">${merges.map((m) => `<mergeCell ref="${m}"/>`).join('')}</mergeCells>`;
  }
  if (validations.length > 0) {
    xml += `<dataValidations count="${validations.length}">${validations.map(validationXml).join('')}</dataValidations>`;
  }
  if (links.length > 0) {
    const all = links.map(
      (l) => `<hyperlink ref="${l.cell}" location="${escapeXml(l.to)}" tooltip="${escapeXml(l.tip)}"/>`,
    );
    xml += `<hyperlinks>${all.join('')}</hyperlinks>`;
  }
  xml += '<pageMargins left="0.3" right="0.3" top="0.45" bottom="0.55" header="0.25" footer="0.25"/>';
  // Paper 9 is A4. As wide as one page, as many pages long as it takes.
  xml +=
    '<pageSetup paperSize="9" orientation="' +
    `${look.portrait ? 'portrait' : 'landscape'}" fitToWidth="1" fitToHeight="0"/>`;
  if (look.footer) xml += `<headerFooter><oddFooter>${escapeXml(look.footer)}</oddFooter></headerFooter>`;
  const breaks = look.breaks ?? [];
  if (breaks.length > 0) {
    // A break stands below a row.
    const all = breaks.map((row) => `<brk id="${row - 1}" max="16383" man="1"/>`);
    xml += `<rowBreaks count="${all.length}" manualBreakCount="${all.length}">${all.join('')}</rowBreaks>`;
  }
  return xml;
}

export const filterRange = (filter: { row: number; columns: number }, lastRow: number): string =>
  `A${filter.row}:${letters(filter.columns - 1)}${Math.max(lastRow, filter.row)}`;

function validationXml({ range, rule, prompt, error }: Validation): string {
  const kind = rule.kind === 'list' ? 'type="list"' : 'type="date" operator="between"';
  const formulas =
    rule.kind === 'list'
      ? `<formula1>${escapeXml(rule.from)}</formula1>`
      : `<formula1>${rule.first}</formula1><formula2>${rule.last}</formula2>`;
  return (
    `<dataValidation ${kind} allowBlank="1" showInputMessage="1" showErrorMessage="1" errorTitle="${escapeXml(error.title)}" ` +
    `error="${escapeXml(error.text)}" promptTitle="${escapeXml(prompt.title)}" prompt="${escapeXml(prompt.text)}" sqref="${range}">` +
    `${formulas}</dataValidation>`
  );
}
