import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { filterRange, type Row, type SheetLook, sheetXml } from './sheet.js';
import type { Styles } from './styles.js';
import { escapeXml, MAIN, OFFICE, PACKAGE, quoteSheet, XML } from './xml.js';

export interface Sheet {
  name: string;
  look: SheetLook;
  /** Asked for when its turn comes. */
  rows: () => Iterable<Row> | AsyncIterable<Row>;
  /** What is repeated on each page: rows 1 to n. */
  printRows?: number;
  /** What is printed: columns 1 to n. */
  printColumns?: number;
}

export interface WorkbookOptions {
  sheets: readonly Sheet[];
  styles: Styles;
  /** Names for places: { 核查状态: "'首页'!$A$1:$A$6" } */
  names?: Readonly<Record<string, string>>;
  title: string;
  subject: string;
  creator: string;
}

/**
 * Zip entries want a time. The fields are those of a local clock, so the same local time gives the same bytes wherever it is
 * written.
 */
const ENTRY = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, compressionLevel: 4 };
/** Text that goes to the compressor at a time. */
const PIECE = 64 * 1024;

/** Writes a workbook as a stream: of its rows, no more than some dozens of kilobytes are in memory at a time. */
export async function writeWorkbook(path: string, o: WorkbookOptions): Promise<void> {
  const zip = new ZipFile();
  const out = pipeline(zip.outputStream as Readable, createWriteStream(path));
  const failed = new Promise<never>((_, reject) => {
    zip.on('error', reject);
    out.catch(reject);
  });
  failed.catch(() => {});
  const add = (name: string, text: string) => zip.addBuffer(Buffer.from(text, 'utf8'), name, ENTRY);
  try {
    const written: Written[] = [];
    for (const sheet of o.sheets) {
      const part = written.length + 1;
      const lastRow = await Promise.race([failed, addSheet(zip, `xl/worksheets/sheet${part}.xml`, sheet)]);
      written.push({ ...sheet, part, lastRow });
    }
    add('xl/workbook.xml', workbookXml(written, o.names ?? {}));
    add('xl/_rels/workbook.xml.rels', relations(workbookParts(written)));
    add('xl/styles.xml', o.styles.xml());
    add('docProps/core.xml', coreXml(o));
    add(
      'docProps/app.xml',
      `${XML}<Properties xmlns="${OFFICE_PROPERTIES}"><Application>bidui</Application></Properties>`,
    );
    add('_rels/.rels', relations(ROOT_PARTS));
    add('[Content_Types].xml', contentTypes(written));
    zip.end();
    await Promise.race([failed, out]);
  } catch (error) {
    (zip.outputStream as Readable).destroy();
    await out.catch(() => {});
    throw error;
  }
}

type Written = Sheet & { part: number; lastRow: number };

function addSheet(zip: ZipFile, name: string, sheet: Sheet): Promise<number> {
  return new Promise((resolve, reject) => {
    zip.addReadStreamLazy(name, ENTRY, (give) => {
      const stream = Readable.from(pieces(sheetXml(sheet.look, sheet.rows()), resolve), { objectMode: false });
      stream.on('error', reject);
      give(null, stream);
    });
  });
}

/** Rows joined to pieces that are worth a call of the compressor. */
async function* pieces(xml: AsyncGenerator<string, number>, done: (lastRow: number) => void): AsyncGenerator<Buffer> {
  let text = '';
  for (;;) {
    const next = await xml.next();
    if (next.done) {
      if (text !== '') yield Buffer.from(text, 'utf8');
      done(next.value);
      return;
    }
    text += next.value;
    if (text.length >= PIECE) {
      yield Buffer.from(text, 'utf8');
      text = '';
    }
  }
}

function workbookXml(sheets: readonly Written[], names: Readonly<Record<string, string>>): string {
  const list = sheets.map((s) => `<sheet name="${escapeXml(s.name)}" sheetId="${s.part}" r:id="rId${s.part}"/>`);
  const defined = [...sheets.flatMap(localNames), ...Object.entries(names).map(([n, ref]) => definedName(n, ref))];
  return (
    `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><workbookPr/>` +
    '<bookViews><workbookView xWindow="0" yWindow="0" windowWidth="28800" windowHeight="15600" tabRatio="800"/></bookViews>' +
    `<sheets>${list.join('')}</sheets>` +
    (defined.length > 0 ? `<definedNames>${defined.join('')}</definedNames>` : '') +
    '</workbook>'
  );
}

const definedName = (name: string, ref: string, attributes = '') =>
  `<definedName name="${escapeXml(name)}"${attributes}>${escapeXml(ref)}</definedName>`;

/** What printing and filters are told by. `localSheetId` counts places, not sheet ids. */
function localNames(s: Written, place: number): string[] {
  const sheet = quoteSheet(s.name);
  const local = ` localSheetId="${place}"`;
  const all: string[] = [];
  const absolute = (range: string) => range.replace(/([A-Z]+)([0-9]+)/g, '$$$1$$$2');
  if (s.look.filter) {
    const range = absolute(filterRange(s.look.filter, s.lastRow));
    all.push(definedName('_xlnm._FilterDatabase', `${sheet}!${range}`, `${local} hidden="1"`));
  }
  if (s.printColumns) {
    const range = absolute(filterRange({ row: 1, columns: s.printColumns }, s.lastRow));
    all.push(definedName('_xlnm.Print_Area', `${sheet}!${range}`, local));
  }
  if (s.printRows) all.push(definedName('_xlnm.Print_Titles', `${sheet}!$1:$${s.printRows}`, local));
  return all;
}

const OFFICE_PROPERTIES = 'http://schemas.openxmlformats.org/officeDocument/2006/extended-properties';

/** Title and maker; no time and no person, which would differ from one run to the next. */
function coreXml(o: WorkbookOptions): string {
  return (
    `${XML}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
    `<dc:title>${escapeXml(o.title)}</dc:title><dc:subject>${escapeXml(o.subject)}</dc:subject>` +
    `<dc:creator>${escapeXml(o.creator)}</dc:creator></cp:coreProperties>`
  );
}

interface Relation {
  id: string;
  type: string;
  target: string;
}

const ROOT_PARTS: readonly Relation[] = [
  { id: 'rId1', type: `${OFFICE}/officeDocument`, target: 'xl/workbook.xml' },
  { id: 'rId2', type: `${PACKAGE}/relationships/metadata/core-properties`, target: 'docProps/core.xml' },
  { id: 'rId3', type: `${OFFICE}/extended-properties`, target: 'docProps/app.xml' },
];

const workbookParts = (sheets: readonly Written[]): Relation[] => [
  ...sheets.map((s) => ({ id: `rId${s.part}`, type: `${OFFICE}/worksheet`, target: `worksheets/sheet${s.part}.xml` })),
  { id: `rId${sheets.length + 1}`, type: `${OFFICE}/styles`, target: 'styles.xml' },
];

const relations = (all: readonly Relation[]): string =>
  `${XML}<Relationships xmlns="${PACKAGE}/relationships">${all
    .map((r) => `<Relationship Id="${r.id}" Type="${r.type}" Target="${r.target}"/>`)
    .join('')}</Relationships>`;

function contentTypes(sheets: readonly Written[]): string {
  const main = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const parts = [
    ['/xl/workbook.xml', `${main}.sheet.main+xml`],
    ...sheets.map((s) => [`/xl/worksheets/sheet${s.part}.xml`, `${main}.worksheet+xml`]),
    ['/xl/styles.xml', `${main}.styles+xml`],
    ['/docProps/core.xml', 'application/vnd.openxmlformats-package.core-properties+xml'],
    ['/docProps/app.xml', 'application/vnd.openxmlformats-officedocument.extended-properties+xml'],
  ];
  return (
    `${XML}<Types xmlns="${PACKAGE}/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Default Extension="xml" ContentType="application/xml"/>' +
    parts.map(([part, type]) => `<Override PartName="${part}" ContentType="${type}"/>`).join('') +
    '</Types>'
  );
}
