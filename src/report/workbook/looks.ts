import { type Style, Styles } from '../xlsx/styles.js';

/** On every Windows since Vista, with Chinese and Latin letters; others put their own in its place. */
const FONT = 'Microsoft YaHei';
export const FONT_SIZE = 10;
/** Height of a line of that font, in points, and of what stands above and below the text. */
export const LINE = 14.5;
export const PADDING = 5;

const GRID = 'D0D7DE';
/** Dark letters on a light ground: 7:1 and more, and readable when printed in grey. The word stands in the cell besides. */
const SEVERITY_COLORS: Readonly<Record<string, { fill: string; color: string }>> = {
  red: { fill: 'FBD5D5', color: '8B0000' },
  yellow: { fill: 'FFEDB3', color: '5C4300' },
  blue: { fill: 'DBE9FA', color: '0B3D78' },
};

/** Parts of a sheet's columns: the band above the header and the header tell them apart. */
export const BANDS = ['who', 'sides', 'basis', 'fill', 'more'] as const;
export type Band = (typeof BANDS)[number];

const BAND_COLORS: Record<Band, string> = {
  who: '1F3864',
  sides: '2F5597',
  basis: '1F3864',
  fill: 'A34A00',
  more: '595959',
};

/** Everything that the workbook's cells can look like, by number. */
export class Looks {
  readonly styles = new Styles(FONT, FONT_SIZE);
  private readonly body: Style = { border: GRID, vertical: 'top' };
  /** The ground of cells that a department writes into. */
  private readonly open: Style = { ...this.body, fill: 'FFF9DB', border: 'C9B458' };

  readonly text = this.of({ ...this.body, format: '@' });
  readonly wrapped = this.of({ ...this.body, wrap: true, format: '@' });
  readonly centered = this.of({ ...this.body, horizontal: 'center', format: '@' });
  readonly day = this.of({ ...this.body, horizontal: 'center', format: 'yyyy-mm-dd' });
  readonly alarm = this.of({ ...this.body, bold: true, color: '8B0000', wrap: true, format: '@' });

  readonly openWord = this.of({ ...this.open, horizontal: 'center', wrap: true, format: '@' });
  readonly openText = this.of({ ...this.open, wrap: true, format: '@' });
  readonly openDay = this.of({ ...this.open, horizontal: 'center', format: 'yyyy-mm-dd' });

  readonly title = this.of({ bold: true, size: 18, color: '1F3864', vertical: 'center' });
  readonly subtitle = this.of({ size: 11, color: '404040', vertical: 'center', wrap: true });
  readonly section = this.of({ bold: true, size: 12, color: '1F3864', vertical: 'center' });
  readonly prose = this.of({ wrap: true, vertical: 'center' });
  readonly plain = this.of({});

  // Of the cover's tables, whose rows are one line high.
  private readonly entry: Style = { border: GRID, vertical: 'center', format: '@' };
  private readonly figure: Style = { ...this.entry, horizontal: 'right', indent: 1, format: '#,##0' };
  readonly name = this.of({ ...this.entry, indent: 1, horizontal: 'left', wrap: true });
  readonly strongName = this.of({ ...this.entry, bold: true, indent: 1, horizontal: 'left' });
  readonly link = this.of({
    ...this.entry,
    ...{ color: '0B4F9E', underline: true },
    ...{ indent: 1, horizontal: 'left', wrap: true },
  });
  readonly word = this.of({ ...this.entry, horizontal: 'center' });
  readonly alarmWord = this.of({ ...this.entry, bold: true, color: '8B0000', horizontal: 'center' });
  readonly number = this.of(this.figure);
  readonly strongNumber = this.of({ ...this.figure, bold: true });

  /** A word of the ledger that departments choose from, shown as the cells that it goes into. */
  readonly choice = this.of({
    ...this.open,
    ...{ bold: true, vertical: 'center', indent: 1, horizontal: 'left' },
    format: '@',
  });

  /** Asked for in every row. */
  private readonly severities = new Map<string, number>();

  private of(style: Style): number {
    return this.styles.of(style);
  }

  severity(id: string): number {
    let look = this.severities.get(id);
    if (look === undefined) {
      const colors = SEVERITY_COLORS[id] ?? {};
      look = this.of({ ...this.body, ...colors, bold: true, horizontal: 'center', format: '@' });
      this.severities.set(id, look);
    }
    return look;
  }

  /** A figure of a severity; where there is none, nothing calls for attention. */
  severityNumber(id: string, n: number): number {
    return this.of({ ...this.figure, ...(n > 0 ? SEVERITY_COLORS[id] : {}) });
  }

  band(band: Band): number {
    const fill = BAND_COLORS[band];
    return this.of({
      bold: true,
      color: 'FFFFFF',
      fill,
      border: fill,
      vertical: 'center',
      indent: 1,
      horizontal: 'left',
    });
  }

  header(band: Band): number {
    const style: Style = { bold: true, color: 'FFFFFF', fill: BAND_COLORS[band], border: 'FFFFFF' };
    return this.of({ ...style, horizontal: 'center', vertical: 'center', wrap: true });
  }
}

export const TABS = { cover: '1F3864', theme: '2F5597' };
