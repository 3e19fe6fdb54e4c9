import type { Dialect, Sql } from '../engine/dialect.js';
import type { Row, Session } from '../engine/engine.js';
import type { FoundHeader } from './find-header.js';
import type { RawTable } from './raw-table.js';

/** Labels that only ever stand below a table. A colon, or nothing else in the cell, sets them apart from a name. */
const TOTAL = /^(合计|总计|小计|共计|累计|本页合计|本页小计)(数|金额|户数)?([:：(（].*)?$/s;
const SIGNATURE = new RegExp(
  '^(制表|制表人|填表人|填表|填报人|填报单位|填报日期|填表日期|制表日期|制表单位|报送日期|报送人|审核|审核人|复核|复核人|经办人|负责人|' +
    '单位负责人|单位负责人签字|统计负责人|主管领导|联系人|联系电话|打印日期|打印时间|打印人|导出时间|导出日期|导出人|数据来源|数据截止|' +
    '数据截止日期|统计时间|统计截止时间)([(（][^)）]*[)）])?([:：].*)?$',
  's',
);
const REMARK =
  /^((备注|注|说明|填表说明|附注|注意|备注说明)\d?([:：].*|$)|[*※]?注\d?[:：、.]|共\d+(条|户|家|行|页)|第\d+页|以下空白|\(?以下无正文)/s;
/** Footers are looked for among this many rows at the end. */
export const TAIL_ROWS = 200;
/** Among so many first: mostly the last row is an ordinary one, and that is all there is to know. */
const LAST_ROWS = 8;

/** White space as departments type it: full-width and no-break spaces, tabs, line ends, zero-width marks. */
const SPACES = ' \t\r\n\u3000\u00a0\u200b\ufeff';
const ONLY_SPACES = new RegExp(`^[${SPACES}]*$`);

/** Whether there is nothing to see in a cell. */
export const isEmpty = (cell: string | null | undefined): boolean =>
  cell === null || cell === undefined || ONLY_SPACES.test(cell);

/**
 * Of a row's cells: whether all of them are empty. Nearly every cell begins with a letter, a digit or a Chinese character:
 * one comparison tells, and trimming is dear. The first cell that is not empty settles it.
 */
export function isBlank(cells: readonly Sql[], d: Dialect): Sql {
  if (cells.length === 0) return 'true';
  const filled = (c: Sql) =>
    `WHEN ${c} BETWEEN '!' AND '~' OR ${c} BETWEEN '一' AND '龥' THEN false WHEN NOT (${c} IS NULL OR trim(${c}, ${d.text(SPACES)}) = '') THEN false`;
  return `CASE ${cells.map(filled).join(' ')} ELSE true END`;
}

/** Takes blank rows out of a table of `columns` cells; answers how many. */
export async function dropBlankRows(session: Session, table: string, columns: number): Promise<number> {
  const cells = Array.from({ length: columns }, (_, i) => `c${i}`);
  return session.run(`DELETE FROM ${table} WHERE ${isBlank(cells, session.dialect)}`);
}

/** What tells the rows of a table from what stands above and below it. */
export interface BodyShape {
  header: FoundHeader | undefined;
  columns: number;
  /** Columns of required fields; a total has none of them. */
  requiredColumns: readonly number[];
  /** False for formats that hold records only. */
  footers?: boolean;
}

export interface BodyOptions extends BodyShape {
  /** Rows of the table. Their numbers may have gaps. */
  rows: number;
  /** Whether any row may be blank; those who saw the cells pass know. */
  mayBeBlank: boolean;
}

/** A row by its number, and its cells; those that are missing are empty. */
export interface BodyRow {
  row: number;
  cells: readonly (string | null | undefined)[];
}

const mayEnd = (o: BodyShape): boolean => o.columns >= 2 && o.footers !== false;

/**
 * Takes titles, header, blank rows and footers out of a table that holds every row of the file, and counts them. What
 * stands above and below is some rows, which are looked at here: a statement that judged them would take longer to prepare
 * than most files to read.
 */
export async function keepBodyRows(
  session: Session,
  table: string,
  o: BodyOptions,
): Promise<Pick<RawTable['counts'], 'title' | 'header' | 'blank' | 'footer'>> {
  const blank = o.mayBeBlank ? await dropBlankRows(session, table, o.columns) : 0;
  const { first, last } = o.header ?? { first: 0, last: 0 };
  const footers = mayEnd(o);
  if (!footers && last === 0) return { title: 0, header: 0, blank, footer: 0 };
  // A row's number is never less than its place.
  const tailOf = (n: number) => `_row > ${Math.max(o.rows - blank - n, last)}`;
  const rowsWhere = async (meant: string): Promise<BodyRow[]> => {
    const rows = await session.rows<Row>(`SELECT * FROM ${table} WHERE ${meant} ORDER BY _row`);
    const names = Array.from({ length: o.columns }, (_, i) => `c${i}`);
    return rows.map((r) => ({ row: Number(r._row), cells: names.map((c) => r[c] as string | null) }));
  };
  const rows = await rowsWhere(`_row <= ${last}${footers ? ` OR ${tailOf(LAST_ROWS)}` : ''}`);
  const above = rows.filter((r) => r.row <= last);
  const header = above.filter((r) => r.row >= first).length;
  let footer = findFooter(rows.slice(above.length), o);
  if (!footer.ended && tailOf(LAST_ROWS) !== tailOf(TAIL_ROWS))
    footer = findFooter(await rowsWhere(tailOf(TAIL_ROWS)), o);
  const unwanted = [
    ...(above.length > 0 ? [`_row <= ${last}`] : []),
    ...(footer.rows > 0 ? [`_row >= ${footer.from}`] : []),
  ];
  if (unwanted.length > 0) await session.run(`DELETE FROM ${table} WHERE ${unwanted.join(' OR ')}`);
  return { title: above.length - header, header, blank, footer: footer.rows };
}

/**
 * The same where the last rows were seen already, and the table holds no row above them that is not of its body: only a footer may
 * have to go. No row is blank, so that each stands where its number says.
 */
export async function dropFooter(
  session: Session,
  table: string,
  tail: readonly BodyRow[],
  o: BodyShape,
): Promise<Pick<RawTable['counts'], 'title' | 'header' | 'blank' | 'footer'>> {
  const { from, rows } = findFooter(tail, o);
  if (rows > 0) await session.run(`DELETE FROM ${table} WHERE _row >= ${from}`);
  const { first, last } = o.header ?? { first: 1, last: 0 };
  return { title: first - 1, header: last - first + 1, blank: 0, footer: rows };
}

/** Where the footer begins that ends a table, and how many rows it takes up. */
export interface Footer {
  from: number;
  rows: number;
  /** An ordinary row stands above it, so that rows further up would change nothing. */
  ended: boolean;
}

/** The rows given are the last ones of the table, none of them blank; of too many, the last are looked at. */
export function findFooter(last: readonly BodyRow[], o: BodyShape): Footer {
  if (!mayEnd(o)) return { from: 0, rows: 0, ended: true };
  const tail = last.slice(-TAIL_ROWS);
  const required = o.requiredColumns.filter((c) => c < o.columns);
  let from: number | undefined;
  let ended = false;
  for (let at = tail.length - 1; at >= 0; at--) {
    const { cells } = tail[at]!;
    const filled: number[] = [];
    for (let c = 0; c < o.columns; c++) if (!isEmpty(cells[c])) filled.push(c);
    const labelColumn = filled[0]!;
    // The label may stand in a required column itself; the others are what an ordinary row would have.
    const keyless = required.length > 0 && required.every((c) => c === labelColumn || !filled.includes(c));
    if ((filled.length <= 2 || keyless) && isLabel(String(cells[labelColumn]))) from = at;
    // A lone cell may be part of a remark; any other row is an ordinary one.
    else if (o.columns < 4 || filled.length !== 1) {
      ended = true;
      break;
    }
  }
  return from === undefined ? { from: 0, rows: 0, ended } : { from: tail[from]!.row, rows: tail.length - from, ended };
}

function isLabel(cell: string): boolean {
  const label = cell.replaceAll(/[\t\n\f\r \u3000\u00a0]/g, '');
  return TOTAL.test(label) || SIGNATURE.test(label) || REMARK.test(label);
}

/** Drops the columns beyond the last header; the reader has made sure that they are empty in every row. */
export async function trimColumns(
  session: Session,
  table: string,
  o: { columns: number; headers: readonly string[] },
): Promise<void> {
  for (let i = o.headers.length; i < o.columns; i++) await session.run(`ALTER TABLE ${table} DROP COLUMN c${i}`);
}
