import { TAIL_ROWS } from '../body-rows.js';
import { type FoundHeader, findHeader, type SampleRow } from '../find-header.js';
import type { HeaderMatcher } from '../header-names.js';
import { HEAD_ROWS } from '../limits.js';
import { type CsvDialect, type CsvRecord, CsvRecords } from './csv-records.js';

export interface SniffedCsv {
  dialect: CsvDialect;
  header: FoundHeader | undefined;
  /** Most cells of any row of the head, empty ones at the end included, as far as they stay within the header. */
  width: number;
  /** Nothing but white space in the head. */
  empty: boolean;
  /** Cells of the header, or of a first line that does not end within the head. */
  widest: number;
  quotedNewline: boolean;
  /** Of a text that is all in its head, the last records of data that may be a footer's; undefined otherwise. */
  tail: SampleRow[] | undefined;
}

const DELIMITERS = [',', '\t', ';', '|'];

/** Finds what separates the cells of a text, and its header, from its head. */
export function sniffCsv(text: string, complete: boolean, matcher: HeaderMatcher): SniffedCsv {
  const bytes = Buffer.from(text.replace(/^\uFEFF/, ''), 'utf8');
  // What does not occur cuts nothing: all such delimiters are alike, and the first of them stands for them.
  const [absent] = DELIMITERS.filter((x) => !text.includes(x));
  const tries = DELIMITERS.filter((x) => x === absent || text.includes(x)).map((delimiter) =>
    tryDelimiter(bytes, text, complete, delimiter, matcher),
  );
  // The header decides; without one, the delimiter that cuts most rows into the same number of cells.
  tries.sort((a, b) => b.score - a.score || b.regular - a.regular);
  return tries[0]!;
}

function tryDelimiter(bytes: Buffer, text: string, complete: boolean, delimiter: string, matcher: HeaderMatcher) {
  const dialect = { delimiter, quote: quoteOf(text, delimiter) };
  const rows: SampleRow[] = [];
  const last: Pick<CsvRecord, 'number' | 'bytes'>[] = [];
  let widest = 0;
  const records = new CsvRecords(
    { ...dialect, cells: Number.MAX_SAFE_INTEGER, width: Number.MAX_SAFE_INTEGER },
    { recordBytes: Number.MAX_SAFE_INTEGER },
    (r) => {
      if (r.kind !== 'data') return;
      if (rows.length < 10 * HEAD_ROWS) rows.push(rowOf(r, dialect));
      // All bytes are here, so that those of a record stay what they are.
      if (complete) last.push({ number: r.number, bytes: r.bytes });
    },
  );
  records.push(bytes);
  if (complete) endQuietly(records);
  else if (records.records === 0) {
    widest = bytes.toString('latin1').split(delimiter).length;
    rows.push({ row: 1, cells: splitCells(bytes.toString('utf8').slice(0, 10_000), dialect) });
  }
  const header = findHeader(rows.slice(0, HEAD_ROWS), matcher);
  const headerWidth = header?.headers.length ?? 0;
  widest = Math.max(widest, headerWidth);
  const body = rows.filter((r) => r.row > (header?.last ?? 0));
  const width = Math.max(
    headerWidth,
    1,
    ...rows.filter((r) => lastFilled(r) <= headerWidth).map((r) => r.cells.length),
  );
  const same = body.filter((r) => r.cells.length === headerWidth).length / Math.max(1, body.length);
  const result: SniffedCsv & { score: number; regular: number } = {
    dialect,
    header,
    width,
    empty: rows.every((r) => r.cells.every((c) => c.trim() === '')),
    widest,
    quotedNewline: records.quotedNewline,
    tail: complete
      ? last
          .slice(-TAIL_ROWS)
          .filter((r) => r.number > (header?.last ?? 0))
          .map((r) => rowOf(r, dialect))
      : undefined,
    score: header?.score ?? 0,
    regular: headerWidth > 1 ? 1 + same + Math.min(headerWidth, 50) / 1000 : 0,
  };
  return result;
}

const rowOf = (r: Pick<CsvRecord, 'number' | 'bytes'>, dialect: CsvDialect): SampleRow => ({
  row: r.number,
  cells: splitCells(r.bytes.toString('utf8'), dialect),
});

function endQuietly(records: CsvRecords): void {
  try {
    records.end();
  } catch {
    // A quote that never closes; the pass over the whole file says so, with its place.
  }
}

/** Single quotes only where every cell of a row stands in them: otherwise they are the guard that Excel users type. */
function quoteOf(text: string, delimiter: string): string {
  if (text.includes('"')) return '"';
  for (const line of text.split(/\r\n|\n|\r/, 10)) {
    const cells = line.split(delimiter);
    if (cells.length > 1 && cells.every((c) => /^'[^']*'$/.test(c))) return "'";
  }
  return '"';
}

/** Cells of one record that is known to be well formed. */
export function splitCells(record: string, { delimiter, quote }: CsvDialect): string[] {
  const cells: string[] = [];
  let i = 0;
  for (;;) {
    let cell = '';
    const opening = i + (/^ */.exec(record.slice(i, i + 100))?.[0].length ?? 0);
    if (record[opening] === quote) {
      i = opening;
      i++;
      for (;;) {
        const end = record.indexOf(quote, i);
        if (end < 0) {
          cell += record.slice(i);
          i = record.length;
          break;
        }
        cell += record.slice(i, end);
        i = end + 1;
        if (record[i] !== quote) break;
        cell += quote;
        i++;
      }
    }
    const end = record.indexOf(delimiter, i);
    cells.push(cell + record.slice(i, end < 0 ? record.length : end));
    if (end < 0) return cells;
    i = end + 1;
  }
}

function lastFilled(row: SampleRow): number {
  for (let i = row.cells.length; i > 0; i--) if (row.cells[i - 1] !== '') return i;
  return 0;
}
