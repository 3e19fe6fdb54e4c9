import { fill, h } from './dom.js';

/** Drawn above and below what is seen, so that scrolling meets rows. */
const MARGIN = 8;

export interface RowsOptions {
  body: HTMLTableSectionElement;
  columns: number;
  /** One row, `--row` high. Its first link or button is what the keyboard goes to. */
  draw(index: number): HTMLTableRowElement;
}

/**
 * The rows of a long table: only those in sight stand in the document, between two spacers. Rows are equally high (`--row` of
 * the style sheet), and the page scrolls as a whole. Up, down, page and end keys go from row to row.
 */
export class Rows {
  private count = 0;
  private first = -1;
  private last = -1;
  /** The one row that the tab key stops at. */
  private active = 0;
  private waiting = false;

  constructor(private readonly o: RowsOptions) {
    o.body.addEventListener('keydown', (e) => this.key(e));
    o.body.addEventListener('focusin', (e) => {
      const row = (e.target as Element).closest<HTMLElement>('tr[data-index]');
      if (row) this.activate(Number(row.dataset.index));
    });
    window.addEventListener('scroll', this.later, { passive: true });
    window.addEventListener('resize', this.later);
  }

  /** Another list: drawn from its beginning. */
  show(count: number): void {
    this.count = count;
    this.active = 0;
    this.redraw();
  }

  redraw(): void {
    this.first = -1;
    this.draw();
  }

  stop(): void {
    window.removeEventListener('scroll', this.later);
    window.removeEventListener('resize', this.later);
  }

  focus(index: number): void {
    this.activate(index);
    this.reveal(index);
    this.draw();
    this.row(index)?.querySelector<HTMLElement>('a, button')?.focus({ preventScroll: true });
  }

  private readonly later = (): void => {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      if (this.o.body.isConnected) this.draw();
    });
  };

  private get height(): number {
    return Number.parseFloat(getComputedStyle(this.o.body).getPropertyValue('--row')) || 56;
  }

  private draw(): void {
    const height = this.height;
    const top = this.o.body.getBoundingClientRect().top;
    const seen = Math.ceil(window.innerHeight / height);
    const from = Math.floor(-top / height);
    const first = Math.max(0, Math.min(from - MARGIN, this.count - seen - MARGIN));
    const last = Math.min(this.count, Math.max(from, 0) + seen + MARGIN);
    if (first === this.first && last === this.last) return;
    const focused = this.o.body.contains(document.activeElement);
    this.first = first;
    this.last = last;
    const rows: HTMLTableRowElement[] = [];
    for (let i = first; i < last; i++) rows.push(this.drawn(i));
    fill(this.o.body, this.spacer(first * height), rows, this.spacer((this.count - last) * height));
    this.markActive();
    if (focused) this.row(this.active)?.querySelector<HTMLElement>('a, button')?.focus({ preventScroll: true });
  }

  private drawn(index: number): HTMLTableRowElement {
    const row = this.o.draw(index);
    row.dataset.index = String(index);
    // The header is the first row.
    row.setAttribute('aria-rowindex', String(index + 2));
    for (const stop of row.querySelectorAll<HTMLElement>('a, button')) stop.tabIndex = -1;
    return row;
  }

  private spacer(height: number): HTMLTableRowElement {
    const cell = h('td', { colspan: this.o.columns });
    cell.style.height = `${height}px`;
    const row = h('tr', { class: 'spacer', 'aria-hidden': 'true' }, cell);
    row.hidden = height === 0;
    return row;
  }

  private row(index: number): HTMLTableRowElement | null {
    return this.o.body.querySelector(`tr[data-index="${index}"]`);
  }

  private activate(index: number): void {
    this.active = index;
    this.markActive();
  }

  private markActive(): void {
    const shown = this.row(this.active) ? this.active : Math.max(this.first, 0);
    for (const row of this.o.body.querySelectorAll<HTMLElement>('tr[data-index]')) {
      const stop = row.querySelector<HTMLElement>('a, button');
      if (stop) stop.tabIndex = Number(row.dataset.index) === shown ? 0 : -1;
    }
  }

  private key(e: KeyboardEvent): void {
    if (e.altKey || e.ctrlKey || e.metaKey) return;
    const page = Math.max(1, Math.floor(window.innerHeight / this.height) - 3);
    const to: Record<string, number> = {
      ArrowDown: this.active + 1,
      ArrowUp: this.active - 1,
      PageDown: this.active + page,
      PageUp: this.active - page,
      Home: 0,
      End: this.count - 1,
    };
    const target = to[e.key];
    if (target === undefined) return;
    e.preventDefault();
    this.focus(Math.max(0, Math.min(target, this.count - 1)));
  }

  private reveal(index: number): void {
    const height = this.height;
    const top = this.o.body.getBoundingClientRect().top + index * height;
    // Below the table's header, which stays in sight.
    const above = 3 * height;
    if (top < above) window.scrollBy(0, top - above);
    else if (top + height > window.innerHeight) window.scrollBy(0, top + 2 * height - window.innerHeight);
  }
}
