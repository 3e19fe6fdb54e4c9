import type { Session } from '../engine/engine.js';
import { type BodyRow, type BodyShape, findFooter, isEmpty, TAIL_ROWS } from './body-rows.js';
import { loadCsv } from './formats/csv-load.js';
import type { RawTable } from './raw-table.js';
import { SpoolFile } from './spool-file.js';

const DIALECT = { delimiter: ',', quote: '"' };
const NEEDS_QUOTES = /[",\r\n]|^ /;

/**
 * Rows that JavaScript had to take apart (workbooks, Arrow), on their way to the engine: written to a file as they
 * come, so that memory stays bounded, and loaded in one go. What stands above and below the table is not written down: the
 * last rows wait until it is known what they are.
 */
export class SpoolTable {
  /** Rows with anything to see in them. */
  rows = 0;
  /** Rows that were not written down because there is nothing to see in them. */
  blank = 0;
  lastRow = 0;
  private readonly above = { title: 0, header: 0 };
  private written = 0;
  /** The last rows, in their order; those before `waitingFrom` are written already. */
  private waiting: BodyRow[] = [];
  private waitingFrom = 0;
  private readonly file: SpoolFile;

  constructor(
    readonly path: string,
    private readonly shape: BodyShape,
  ) {
    this.file = new SpoolFile(path);
  }

  /** Cells beyond the width are left out, missing ones are empty. `cells` may be used again for the next row. */
  add(row: number, cells: readonly (string | undefined)[]): void {
    this.lastRow = Math.max(this.lastRow, row);
    if (this.isBlank(cells)) {
      this.blank++;
      return;
    }
    this.rows++;
    const { header, footers } = this.shape;
    if (header && row <= header.last) {
      this.above[row < header.first ? 'title' : 'header']++;
      return;
    }
    if (footers === false) {
      this.write({ row, cells });
      return;
    }
    this.waiting.push({ row, cells: cells.slice(0, this.shape.columns) });
    if (this.waiting.length - this.waitingFrom > TAIL_ROWS) this.write(this.waiting[this.waitingFrom++]!);
    if (this.waitingFrom < TAIL_ROWS) return;
    this.waiting = this.waiting.slice(this.waitingFrom);
    this.waitingFrom = 0;
  }

  private isBlank(cells: readonly (string | undefined)[]): boolean {
    for (let i = 0; i < this.shape.columns; i++) if (!isEmpty(cells[i])) return false;
    return true;
  }

  private write({ row, cells }: BodyRow): void {
    let line = String(row);
    for (let i = 0; i < this.shape.columns; i++) {
      const cell = cells[i] ?? '';
      line += NEEDS_QUOTES.test(cell) ? `,"${cell.replaceAll('"', '""')}"` : `,${cell}`;
    }
    this.file.writeText(`${line}\n`);
    this.written++;
  }

  async load(session: Session, table: string): Promise<RawTable['counts']> {
    const tail = this.waiting.slice(this.waitingFrom);
    const footer = findFooter(tail, this.shape);
    for (const row of tail.slice(0, tail.length - footer.rows)) this.write(row);
    this.file.close();
    const loaded = await loadCsv(session, table, {
      path: this.path,
      dialect: DIALECT,
      width: this.shape.columns,
      numbered: true,
      padded: false,
    });
    if (loaded !== this.written) throw new Error(`${this.written} rows were written to the spool, ${loaded} came back`);
    return { data: this.written, ...this.above, footer: footer.rows, blank: this.blank };
  }

  remove(): void {
    this.file.remove();
  }
}
