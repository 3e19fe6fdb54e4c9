import { rm } from 'node:fs/promises';
import type { Session } from '../engine/engine.js';
import { isEmpty, keepBodyRows } from './body-rows.js';
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
  /** Rows that were not written down because there is nothing to see in them. */
  blank = 0;
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
    this.lastRow = Math.max(this.lastRow, row);
    if (this.isBlank(cells)) {
      this.blank++;
      return;
    }
    let line = String(row);
    for (let i = 0; i < this.width; i++) {
      const cell = cells[i] ?? '';
      line += NEEDS_QUOTES.test(cell) ? `,"${cell.replaceAll('"', '""')}"` : `,${cell}`;
    }
    this.file.writeText(`${line}\n`);
    this.rows++;
  }

  private isBlank(cells: readonly (string | undefined)[]): boolean {
    for (let i = 0; i < this.width; i++) if (!isEmpty(cells[i])) return false;
    return true;
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
    const { rows, blank } = this;
    const removed = await keepBodyRows(session, table, {
      ...o,
      columns: this.width,
      rows,
      mayBeBlank: false,
    });
    return { ...removed, data: rows - removed.title - removed.header - removed.footer, blank };
  }

  async remove(): Promise<void> {
    this.file.remove();
    await rm(this.path, { force: true });
  }
}
