import { LIMITS } from '../limits.js';
import type { RawTable } from '../raw-table.js';
import type { SpoolFile } from '../spool-file.js';
import type { CsvRecord, CsvShape } from './csv-records.js';

/** Too many rows of a file cannot be split. */
export class TooManyMalformed extends Error {}

/**
 * Copies the readable records of a text, each numbered and of the same width, to a file that DuckDB's parallel reader
 * takes without any exception to its rules; keeps the others as evidence.
 */
export class CsvNormaliser {
  readonly malformed: RawTable['malformed'] = [];
  /** Records that swallowed lines which may have been rows: one refused row stands for several that are lost. */
  readonly swallowing: { row: number; line: number; lines: number }[] = [];
  private readonly delimiter: Buffer;
  private readonly lineEnd = Buffer.from('\n');

  constructor(
    private readonly shape: CsvShape,
    private readonly out: SpoolFile,
  ) {
    this.delimiter = Buffer.from(shape.delimiter);
  }

  take(record: CsvRecord): void {
    if (record.kind === 'blank') return;
    if (record.kind === 'malformed') {
      if (this.malformed.length >= LIMITS.malformed) throw new TooManyMalformed();
      const text = record.bytes
        .subarray(0, LIMITS.malformedText * 4)
        .toString('utf8')
        .replaceAll('\0', '␀');
      this.malformed.push({
        row: record.number,
        text: [...text].slice(0, LIMITS.malformedText).join(''),
        reason: record.reason ?? 'malformed',
      });
      const lines = lineFeeds(record.bytes);
      if (lines > 0) this.swallowing.push({ row: record.number, line: record.line, lines });
      return;
    }
    this.out.write(Buffer.from(`${record.number}${this.shape.delimiter}`));
    this.out.write(record.bytes);
    for (let cells = record.cells; cells < this.shape.width; cells++) this.out.write(this.delimiter);
    this.out.write(this.lineEnd);
  }
}

function lineFeeds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}
