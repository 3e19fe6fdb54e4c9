import { rm } from 'node:fs/promises';
import type { Session } from '../engine/engine.js';
import { keepBodyRows } from './body-rows.js';
import type { FoundHeader } from './find-header.js';
import { loadCsv } from './formats/csv-load.js';
import type { RawTable } from './raw-table.js';
import { SpoolFile } from './spool-file.js';

const DIALECT = { delimiter: ',', quote: '"' };
const NEEDS_QUOTES = /[",\r\n]|^ /;

/**
 * Rows that JavaScript had to take apart (workbooks, Arrow), on their way to the engine: written to a file as they
 * come, so that memory stays bounded, and loaded in one go.
 */
export class SpoolTable {
  rows = 0;
  lastRow = 0;
  private readonly file: SpoolFile;

  constructor(
    readonly path: string,
    readonly width: number,
  ) {
    this.file = new SpoolFile(path);
  }

  /** Cells beyond the width are left out, missing ones are empty. */
  add(row: number, cells: readonly (string | undefined)[]): void {
    let line = String(row);
    for (let i = 0; i < this.width; i++) {
      const cell = cells[i] ?? '';
      line += NEEDS_QUOTES.test(cell) ? `,"${cell.replaceAll('"', '""')}"` : `,${cell}`;
    }
    this.file.writeText(`${line}\n`);
    this.rows++;
    this.lastRow = Math.max(this.lastRow, row);
  }

  async load(
    session: Session,
    table: string,
    o: { header: FoundHeader | undefined; requiredColumns: readonly number[]; footers?: boolean },
  ): Promise<Omit<RawTable['counts'], 'data'> & { data: number }> {
    this.file.close();
    const loaded = await loadCsv(session, table, {
      path: this.path,
      dialect: DIALECT,
      width: this.width,
      numbered: true,
      padded: false,
    });
    if (loaded !== this.rows) throw new Error(`${this.rows} rows were written to the spool, ${loaded} came back`);
    const removed = await keepBodyRows(session, table, { ...o, columns: this.width });
    const gone = removed.title + removed.header + removed.blank + removed.footer;
    return { ...removed, data: loaded - gone };
  }

  async remove(): Promise<void> {
    this.file.remove();
    await rm(this.path, { force: true });
  }
}
