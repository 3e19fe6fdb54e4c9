import { posix } from 'node:path';
import type { Archive } from './archive.js';
import { type NumberKind, numberKind } from './number-format.js';
import { parseXml } from './xml.js';

export interface SheetEntry {
  name: string;
  part: string;
  hidden: boolean;
}

export interface Workbook {
  sheets: SheetEntry[];
  date1904: boolean;
  sharedStrings: string | undefined;
  /** By the style number of a cell. */
  kinds: NumberKind[];
}

/** The table of contents of a workbook: its sheets, its epoch, and what its styles mean for numbers. */
export async function readWorkbook(archive: Archive): Promise<Workbook> {
  const root = await relations(archive, '_rels/.rels', '');
  const main = root.find((r) => r.type === 'officeDocument')?.target ?? 'xl/workbook.xml';
  const folder = posix.dirname(main);
  const parts = await relations(archive, `${folder}/_rels/${posix.basename(main)}.rels`, folder);
  const target = (type: string) => parts.find((r) => r.type === type)?.target;
  const sheets: SheetEntry[] = [];
  let date1904 = false;
  await parseXml(await archive.read(main), {
    open(name, a) {
      if (name === 'workbookPr') date1904 = a.date1904 === '1' || a.date1904 === 'true';
      if (name !== 'sheet') return;
      const id = Object.entries(a).find(([key]) => key === 'id' || key.endsWith(':id'))?.[1];
      const part = parts.find((r) => r.id === id);
      // Chart sheets and the like hold no cells.
      if (part?.type === 'worksheet') {
        sheets.push({
          name: a.name ?? '',
          part: part.target,
          hidden: a.state === 'hidden' || a.state === 'veryHidden',
        });
      }
    },
  });
  return {
    sheets,
    date1904,
    sharedStrings: target('sharedStrings'),
    kinds: await styleKinds(archive, target('styles')),
  };
}

interface Relation {
  id: string;
  type: string;
  target: string;
}

async function relations(archive: Archive, part: string, folder: string): Promise<Relation[]> {
  const found: Relation[] = [];
  if (!archive.has(part)) return found;
  await parseXml(await archive.read(part), {
    open(name, a) {
      if (name !== 'Relationship' || a.TargetMode === 'External' || !a.Target) return;
      const target = a.Target.startsWith('/') ? a.Target.slice(1) : posix.normalize(posix.join(folder, a.Target));
      found.push({ id: a.Id ?? '', type: (a.Type ?? '').split('/').at(-1) ?? '', target });
    },
  });
  return found;
}

async function styleKinds(archive: Archive, part: string | undefined): Promise<NumberKind[]> {
  const kinds: NumberKind[] = [];
  if (!part || !archive.has(part)) return kinds;
  const codes = new Map<number, string>();
  let inCellFormats = false;
  await parseXml(await archive.read(part), {
    open(name, a) {
      if (name === 'numFmt') codes.set(Number(a.numFmtId), a.formatCode ?? '');
      else if (name === 'cellXfs') inCellFormats = true;
      else if (name === 'xf' && inCellFormats) {
        const id = Number(a.numFmtId ?? 0);
        kinds.push(numberKind(id, codes.get(id)));
      }
    },
    close(name) {
      if (name === 'cellXfs') inCellFormats = false;
    },
  });
  return kinds;
}
