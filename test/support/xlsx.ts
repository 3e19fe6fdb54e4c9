import { createWriteStream, type WriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { columnLetters, escapeXml, XML as HEAD, MAIN, OFFICE } from '../../src/report/xlsx/xml.js';

/** What a cell can be. A Date is written as a serial number with a date format, its time kept if there is one. */
export type XlsxCell =
  | string
  | number
  | boolean
  | Date
  | null
  | undefined
  /** A number with a number format of its own: { number: 0.15, format: '0%' } */
  | { number: number | string; format: string }
  /** Raw XML between <c> and </c>, with the value of its `t` attribute. */
  | { xml: string; type?: string };

export interface XlsxSheet {
  name: string;
  rows: Iterable<readonly XlsxCell[]> | AsyncIterable<readonly XlsxCell[]>;
  /** 'A1:C1' … */
  merges?: string[];
  hidden?: boolean;
  /** Texts in the cells instead of in the table of shared strings. */
  inline?: boolean;
  /** Raw XML behind the last row: styled but empty rows and the like. */
  tail?: string;
}

export interface XlsxOptions {
  date1904?: boolean;
}

/**
 * Writes a workbook, row by row: only the shared strings are kept in memory. It makes test inputs that
 * reports would never write: merged titles, hidden sheets, odd formats. Always the same bytes for the same cells.
 */
export async function writeXlsx(path: string, sheets: readonly XlsxSheet[], o: XlsxOptions = {}): Promise<void> {
  const zip = new ZipWriter(createWriteStream(path));
  const strings = new Map<string, number>();
  const formats: string[] = [];
  await zip.add('[Content_Types].xml', contentTypes(sheets.length));
  await zip.add('_rels/.rels', relationships([['officeDocument', 'xl/workbook.xml']]));
  await zip.add('xl/workbook.xml', workbook(sheets, o));
  await zip.add(
    'xl/_rels/workbook.xml.rels',
    relationships([
      ...sheets.map((_, i): [string, string] => ['worksheet', `worksheets/sheet${i + 1}.xml`]),
      ['styles', 'styles.xml'],
      ['sharedStrings', 'sharedStrings.xml'],
    ]),
  );
  for (const [i, sheet] of sheets.entries()) {
    await zip.addPieces(`xl/worksheets/sheet${i + 1}.xml`, sheetXml(sheet, strings, formats, o));
  }
  await zip.add('xl/styles.xml', styles(formats));
  await zip.addPieces('xl/sharedStrings.xml', stringsXml(strings));
  await zip.close();
}

async function* sheetXml(
  sheet: XlsxSheet,
  strings: Map<string, number>,
  formats: string[],
  o: XlsxOptions,
): AsyncGenerator<string> {
  yield `${HEAD}<worksheet xmlns="${MAIN}"><sheetData>`;
  let row = 0;
  for await (const cells of sheet.rows) {
    row++;
    let xml = `<row r="${row}">`;
    for (const [i, cell] of cells.entries()) {
      xml += cellXml(`${columnLetters(i)}${row}`, cell, sheet, strings, formats, o);
    }
    yield `${xml}</row>`;
  }
  yield `${sheet.tail ?? ''}</sheetData>`;
  if (sheet.merges?.length) {
    yield `<mergeCells count="${sheet.merges.length}">${sheet.merges.map((m) => `<mergeCell ref="${m}"/>`).join('')}</mergeCells>`;
  }
  yield '</worksheet>';
}

function cellXml(
  at: string,
  cell: XlsxCell,
  sheet: XlsxSheet,
  strings: Map<string, number>,
  formats: string[],
  o: XlsxOptions,
): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return `<c r="${at}"><v>${cell}</v></c>`;
  if (typeof cell === 'boolean') return `<c r="${at}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  if (cell instanceof Date) {
    const serial = serialOf(cell, o.date1904 ?? false);
    const format = Number.isInteger(serial) ? 'yyyy/m/d' : 'yyyy/m/d h:mm:ss';
    return `<c r="${at}" s="${styleOf(format, formats)}"><v>${serial}</v></c>`;
  }
  if (typeof cell === 'object') {
    if ('xml' in cell) return `<c r="${at}"${cell.type ? ` t="${cell.type}"` : ''}>${cell.xml}</c>`;
    return `<c r="${at}" s="${styleOf(cell.format, formats)}"><v>${cell.number}</v></c>`;
  }
  if (cell === '') return '';
  if (sheet.inline) return `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(cell)}</t></is></c>`;
  let index = strings.get(cell);
  if (index === undefined) {
    index = strings.size;
    strings.set(cell, index);
  }
  return `<c r="${at}" t="s"><v>${index}</v></c>`;
}

/** Days since the epoch of the workbook, as Excel counts them (with a 29 February 1900). */
export function serialOf(date: Date, date1904: boolean): number {
  const days = date.getTime() / 86_400_000;
  if (date1904) return days - Date.UTC(1904, 0, 1) / 86_400_000;
  const serial = days - Date.UTC(1899, 11, 30) / 86_400_000;
  return serial < 61 ? serial - 1 : serial;
}

function styleOf(format: string, formats: string[]): number {
  if (!formats.includes(format)) formats.push(format);
  return formats.indexOf(format) + 1;
}

function* stringsXml(strings: Map<string, number>): Generator<string> {
  yield `${HEAD}<sst xmlns="${MAIN}" uniqueCount="${strings.size}">`;
  for (const text of strings.keys()) yield `<si><t xml:space="preserve">${escapeXml(text)}</t></si>`;
  yield '</sst>';
}

function styles(formats: readonly string[]): string {
  const codes = formats.map((f, i) => `<numFmt numFmtId="${164 + i}" formatCode="${escapeXml(f)}"/>`).join('');
  const xfs = formats.map(
    (_, i) => `<xf numFmtId="${164 + i}" fontId="0" fillId="0" borderId="0" applyNumberFormat="1"/>`,
  );
  return (
    `${HEAD}<styleSheet xmlns="${MAIN}">` +
    (formats.length > 0 ? `<numFmts count="${formats.length}">${codes}</numFmts>` : '') +
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>' +
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    `<cellXfs count="${xfs.length + 1}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>${xfs.join('')}</cellXfs>` +
    '</styleSheet>'
  );
}

function workbook(sheets: readonly XlsxSheet[], o: XlsxOptions): string {
  const list = sheets.map(
    (s, i) =>
      `<sheet name="${escapeXml(s.name)}" sheetId="${i + 1}"${s.hidden ? ' state="hidden"' : ''} r:id="rId${i + 1}"/>`,
  );
  return `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><workbookPr${o.date1904 ? ' date1904="1"' : ''}/><sheets>${list.join('')}</sheets></workbook>`;
}

function relationships(targets: readonly [type: string, target: string][]): string {
  const list = targets.map(
    ([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  );
  return `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list.join('')}</Relationships>`;
}

function contentTypes(sheets: number): string {
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const parts = [
    ['/xl/workbook.xml', 'sheet.main'],
    ['/xl/styles.xml', 'styles'],
    ['/xl/sharedStrings.xml', 'sharedStrings'],
    ...Array.from({ length: sheets }, (_, i) => [`/xl/worksheets/sheet${i + 1}.xml`, 'worksheet']),
  ];
  return (
    `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Default Extension="xml" ContentType="application/xml"/>' +
    parts.map(([part, t]) => `<Override PartName="${part}" ContentType="${type}.${t}+xml"/>`).join('') +
    '</Types>'
  );
}

/** Text that is deflated at a time. */
const PIECE = 256 * 1024;
const ENTRY = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true };

/** A zip file without time stamps, so that equal content gives equal bytes. */
export class ZipWriter {
  private readonly zip = new ZipFile();
  private readonly written: Promise<void>;

  constructor(out: WriteStream) {
    this.written = pipeline(this.zip.outputStream, out);
  }

  add(name: string, content: string | Uint8Array): void {
    this.zip.addBuffer(Buffer.from(content as string), name, ENTRY);
  }

  /** Answers when the last piece was taken. */
  addPieces(name: string, pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.zip.addReadStreamLazy(name, ENTRY, (give) => {
        const stream = Readable.from(joined(pieces), { objectMode: false });
        stream.on('end', resolve).on('error', reject);
        give(null, stream);
      });
    });
  }

  async close(): Promise<void> {
    this.zip.end();
    await this.written;
  }
}

async function* joined(pieces: Iterable<string> | AsyncIterable<string>): AsyncGenerator<Buffer> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length < PIECE) continue;
    yield Buffer.from(text, 'utf8');
    text = '';
  }
  yield Buffer.from(text, 'utf8');
}
