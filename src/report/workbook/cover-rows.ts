import type { Cell, Row } from '../xlsx/sheet.js';
import { columnLetters } from '../xlsx/xml.js';
import { heightOf, linesOf } from './fit.js';
import { FONT_SIZE, LINE, type Looks } from './looks.js';

export interface CoverCell {
  cell: Cell;
  style: number;
  /** A sheet that a click leads to. */
  link?: string;
}

/** A cover sheet in the making: rows, and what spans or leads somewhere. */
export class CoverRows {
  readonly rows: Row[] = [];
  readonly merges: string[] = [];
  /** Rows that a printed page begins with. */
  readonly breaks: number[] = [];
  readonly links: { cell: string; sheet: string }[] = [];

  constructor(
    private readonly looks: Looks,
    /** The first column is a margin. */
    readonly widths: readonly number[],
  ) {}

  get next(): number {
    return this.rows.length + 1;
  }

  gap(height = 10): void {
    this.rows.push({ cells: [], styles: [], height });
  }

  /** Text across the page, as high as it needs to be. */
  wide(text: string, style: number, size: number = FONT_SIZE): void {
    const width = this.widths.slice(1).reduce((a, b) => a + b, 0) * (FONT_SIZE / size);
    const last = columnLetters(this.widths.length - 1);
    this.merges.push(`B${this.next}:${last}${this.next}`);
    this.rows.push({
      cells: [null, text, ...this.widths.slice(2).map(() => null)],
      styles: [this.looks.plain, ...this.widths.slice(1).map(() => style)],
      height: heightOf(linesOf(text, width), (LINE * size) / FONT_SIZE),
    });
  }

  /** A row of a table, from the second column on; a text at its end may span the rest of the page. */
  table(cells: readonly CoverCell[], o: { height?: number; spanLast?: boolean } = {}): void {
    const all = [...cells];
    const last = all.at(-1)!;
    if (o.spanLast) {
      const from = columnLetters(all.length);
      this.merges.push(`${from}${this.next}:${columnLetters(this.widths.length - 1)}${this.next}`);
      while (all.length < this.widths.length - 1) all.push({ cell: null, style: last.style });
    }
    for (const [i, c] of all.entries()) {
      if (c.link !== undefined) this.links.push({ cell: `${columnLetters(i + 1)}${this.next}`, sheet: c.link });
    }
    const lines = all.map((c, i) =>
      typeof c.cell !== 'string' ? 1 : linesOf(c.cell, o.spanLast && c === last ? this.rest(i) : this.widths[i + 1]!),
    );
    this.rows.push({
      cells: [null, ...all.map((c) => c.cell)],
      styles: [this.looks.plain, ...all.map((c) => c.style)],
      height: o.height ?? heightOf(Math.max(...lines)),
    });
  }

  private rest(from: number): number {
    return this.widths.slice(from + 1).reduce((a, b) => a + b, 0);
  }
}
