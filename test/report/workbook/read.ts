import { createWriteStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import * as yauzl from 'yauzl';
import { ZipFile } from 'yazl';
import { Archive } from '../../../src/ingest/formats/xlsx/archive.js';
import { SharedStrings } from '../../../src/ingest/formats/xlsx/shared-strings.js';
import { readSheet } from '../../../src/ingest/formats/xlsx/sheet.js';
import { readWorkbook } from '../../../src/ingest/formats/xlsx/workbook.js';

export interface ReadSheet {
  name: string;
  /** Cells as the project's own reader tells them. */
  rows: string[][];
  xml: string;
}

/** The parts of a workbook as text, by name. */
export async function parts(path: string): Promise<Map<string, string>> {
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) =>
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, z) => (z ? resolve(z) : reject(error))),
  );
  const entries = await new Promise<yauzl.Entry[]>((resolve, reject) => {
    const all: yauzl.Entry[] = [];
    zip.on('entry', (e: yauzl.Entry) => {
      all.push(e);
      zip.readEntry();
    });
    zip.on('end', () => resolve(all));
    zip.on('error', reject);
    zip.readEntry();
  });
  const texts = new Map<string, string>();
  for (const entry of entries) {
    const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) =>
      zip.openReadStream(entry, (error, s) => (s ? resolve(s) : reject(error))),
    );
    texts.set(entry.fileName, (await buffer(stream)).toString('utf8'));
  }
  zip.close();
  return texts;
}

export async function sheets(path: string): Promise<ReadSheet[]> {
  const texts = await parts(path);
  const archive = await Archive.open({ path, name: path });
  try {
    const workbook = await readWorkbook(archive);
    const strings = await SharedStrings.read(archive, workbook.sharedStrings, `${path}.strings`);
    const context = { archive, strings, kinds: workbook.kinds, date1904: workbook.date1904 };
    const all: ReadSheet[] = [];
    for (const { name, part } of workbook.sheets) {
      const rows: string[][] = [];
      await readSheet(context, part, (_, cells) => {
        rows.push(Array.from(cells, (c) => c ?? ''));
        return true;
      });
      all.push({ name, rows, xml: texts.get(part)! });
    }
    return all;
  } finally {
    archive.close();
  }
}

/** Rows below the band and the header, by title. */
export function records({ rows }: ReadSheet): Record<string, string>[] {
  const header = rows[1] ?? [];
  return rows.slice(2).map((r) => Object.fromEntries(header.map((h, i) => [h, r[i] ?? ''])));
}

export const themeSheets = (all: readonly ReadSheet[]): ReadSheet[] => all.slice(1);

/** The same workbook with parts changed, as a program that edits it would write it. */
export async function edited(from: string, to: string, change: (part: string, text: string) => string): Promise<void> {
  const zip = new ZipFile();
  const written = pipeline(zip.outputStream, createWriteStream(to));
  for (const [name, text] of await parts(from)) zip.addBuffer(Buffer.from(change(name, text)), name);
  zip.end();
  await written;
}

/** Puts a value into an empty or filled cell of a sheet. */
export function put(xml: string, cell: string, value: string | number): string {
  const found = new RegExp(`<c r="${cell}" s="(\\d+)"(?:/>|[^>]*>.*?</c>)`);
  if (!found.test(xml)) throw new Error(`there is no cell ${cell}`);
  return xml.replace(found, (_, style) =>
    typeof value === 'number'
      ? `<c r="${cell}" s="${style}"><v>${value}</v></c>`
      : `<c r="${cell}" s="${style}" t="inlineStr"><is><t>${value}</t></is></c>`,
  );
}
