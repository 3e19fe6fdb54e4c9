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
      return;
    }
    this.out.write(Buffer.from(`${record.number}${this.shape.delimiter}`));
    this.out.write(record.bytes);
    for (let cells = record.cells; cells < this.shape.width; cells++) this.out.write(this.delimiter);
    this.out.write(this.lineEnd);
  }
}
