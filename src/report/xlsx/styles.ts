import { escapeXml, MAIN, XML } from './xml.js';

/** How a cell looks. Colours are RRGGBB. */
export interface Style {
  bold?: boolean;
  size?: number;
  color?: string;
  underline?: boolean;
  fill?: string;
  /** A thin line around the cell. */
  border?: string;
  horizontal?: 'left' | 'center' | 'right';
  vertical?: 'top' | 'center';
  wrap?: boolean;
  indent?: number;
  /** A number format, such as yyyy-mm-dd or @. */
  format?: string;
}

/** The looks of a workbook: each is written once, in the order in which it was first asked for. */
export class Styles {
  private readonly fonts: string[] = [];
  private readonly fills: string[] = ['<patternFill patternType="none"/>', '<patternFill patternType="gray125"/>'];
  private readonly borders: string[] = ['<left/><right/><top/><bottom/><diagonal/>'];
  private readonly formats: string[] = [];
  private readonly cells: string[] = [];
  /** Sheets of one kind ask for the same looks, a cell of a header each. */
  private readonly known = new Map<string, number>();

  constructor(
    /** The workbook's font, which column widths are measured in. */
    private readonly font: string,
    private readonly size: number,
  ) {
    this.of({});
  }

  /** The number by which cells refer to a look. */
  of(style: Style): number {
    const key = JSON.stringify(style);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const nth = place(this.cells, this.cellFormat(style));
    this.known.set(key, nth);
    return nth;
  }

  xml(): string {
    const list = (tag: string, item: string, all: readonly string[]) =>
      `<${tag} count="${all.length}">${all.map((x) => `<${item}>${x}</${item}>`).join('')}</${tag}>`;
    const codes = this.formats.map((f, i) => `<numFmt numFmtId="${FIRST_FORMAT + i}" formatCode="${escapeXml(f)}"/>`);
    return (
      `${XML}<styleSheet xmlns="${MAIN}">` +
      (codes.length > 0 ? `<numFmts count="${codes.length}">${codes.join('')}</numFmts>` : '') +
      list('fonts', 'font', this.fonts) +
      list('fills', 'fill', this.fills) +
      list('borders', 'border', this.borders) +
      '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
      `<cellXfs count="${this.cells.length}">${this.cells.join('')}</cellXfs>` +
      '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>' +
      '</styleSheet>'
    );
  }

  private cellFormat(s: Style): string {
    const format = s.format === undefined ? 0 : s.format === '@' ? TEXT : FIRST_FORMAT + place(this.formats, s.format);
    const font = place(this.fonts, this.fontXml(s));
    const fill = s.fill ? place(this.fills, solid(s.fill)) : 0;
    const border = s.border ? place(this.borders, box(s.border)) : 0;
    const alignment = [
      s.horizontal && `horizontal="${s.horizontal}"`,
      `vertical="${s.vertical ?? 'top'}"`,
      s.wrap && 'wrapText="1"',
      s.indent && `indent="${s.indent}"`,
    ].filter(Boolean);
    return (
      `<xf numFmtId="${format}" fontId="${font}" fillId="${fill}" borderId="${border}" xfId="0" applyNumberFormat="1" ` +
      `applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment ${alignment.join(' ')}/></xf>`
    );
  }

  private fontXml(s: Style): string {
    return (
      (s.bold ? '<b/>' : '') +
      (s.underline ? '<u/>' : '') +
      `<sz val="${s.size ?? this.size}"/>` +
      (s.color ? `<color rgb="FF${s.color}"/>` : '<color rgb="FF000000"/>') +
      `<name val="${escapeXml(this.font)}"/>`
    );
  }
}

/** Numbers below are those of formats that every spreadsheet program has built in; this one is text. */
const TEXT = 49;
const FIRST_FORMAT = 164;

const solid = (color: string) =>
  `<patternFill patternType="solid"><fgColor rgb="FF${color}"/><bgColor indexed="64"/></patternFill>`;

const box = (color: string) =>
  ['left', 'right', 'top', 'bottom']
    .map((side) => `<${side} style="thin"><color rgb="FF${color}"/></${side}>`)
    .join('')
    .concat('<diagonal/>');

function place(all: string[], item: string): number {
  const known = all.indexOf(item);
  return known >= 0 ? known : all.push(item) - 1;
}
