import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import type { FoundHeader } from './find-header.js';
import type { RawTable } from './raw-table.js';

/** Labels that only ever stand below a table. A colon, or nothing else in the cell, sets them apart from a name. */
const TOTAL = '^(合计|总计|小计|共计|累计|本页合计|本页小计)(数|金额|户数)?([:：(（].*)?$';
const SIGNATURE =
  '^(制表|制表人|填表人|填表|填报人|填报单位|填报日期|填表日期|制表日期|制表单位|报送日期|报送人|审核|审核人|复核|复核人|经办人|负责人|' +
  '单位负责人|单位负责人签字|统计负责人|主管领导|联系人|联系电话|打印日期|打印时间|打印人|导出时间|导出日期|导出人|数据来源|数据截止|' +
  '数据截止日期|统计时间|统计截止时间)([(（][^)）]*[)）])?([:：].*)?$';
const REMARK =
  '^((备注|注|说明|填表说明|附注|注意|备注说明)\\d?([:：].*|$)|[*※]?注\\d?[:：、.]|共\\d+(条|户|家|行|页)|第\\d+页|以下空白|\\(?以下无正文)';
/** Footers are looked for among this many rows at the end. */
const TAIL_ROWS = 200;

/** White space as departments type it: full-width and no-break spaces, tabs, line ends, zero-width marks. */
const SPACES = ' \t\r\n\u3000\u00a0\u200b\ufeff';

/** Of a cell: whether there is nothing to see in it. */
const isEmpty = (cell: Sql, d: Dialect): Sql => `(${cell} IS NULL OR trim(${cell}, ${d.text(SPACES)}) = '')`;

/**
 * Of a row's cells: whether all of them are empty. Nearly every cell begins with a letter, a digit or a Chinese character:
 * one comparison tells, and trimming is dear. The first cell that is not empty settles it.
 */
export function isBlank(cells: readonly Sql[], d: Dialect): Sql {
  if (cells.length === 0) return 'true';
  const filled = (c: Sql) =>
    `WHEN ${c} BETWEEN '!' AND '~' OR ${c} BETWEEN '一' AND '龥' THEN false WHEN NOT ${isEmpty(c, d)} THEN false`;
  return `CASE ${cells.map(filled).join(' ')} ELSE true END`;
}

export interface BodyOptions {
  header: FoundHeader | undefined;
  columns: number;
  /** Columns of required fields; a total has none of them. */
  requiredColumns: readonly number[];
  /** False for formats that hold records only. */
  footers?: boolean;
}

/**
 * Takes titles, header, blank rows and footers out of a table that holds every row of the file, and counts them. One look
 * finds them all, and one statement takes them out: for small files it is the statements that take the time.
 */
export async function keepBodyRows(
  session: Session,
  table: string,
  o: BodyOptions,
): Promise<Pick<RawTable['counts'], 'title' | 'header' | 'blank' | 'footer'>> {
  const d = session.dialect;
  const cells = Array.from({ length: o.columns }, (_, i) => `c${i}`);
  const blank = isBlank(cells, d);
  const { first, last } = o.header ?? { first: 0, last: 0 };
  const footers = footerSelect(table, cells, `_row > ${last} AND NOT ${blank}`, o, d);
  const [found] = await session.rows<Record<'blank' | 'title' | 'header' | 'footer', number> & { end: number | null }>(`
    WITH footers AS (${footers ?? 'SELECT NULL AS row'})
    SELECT ${d.countIf('blank')} AS blank, ${d.countIf(`_row < ${first} AND NOT blank`)} AS title,
      ${d.countIf(`_row BETWEEN ${first} AND ${last} AND NOT blank`)} AS header,
      ${footers ? d.countIf('_row >= footers.row AND NOT blank') : '0'} AS footer, min(footers.row) AS "end"
    FROM (SELECT _row, ${blank} AS blank FROM ${table}) AS rows, footers`);
  const of = (kind: 'blank' | 'title' | 'header' | 'footer') => Number(found?.[kind] ?? 0);
  const counts = { blank: of('blank'), title: of('title'), header: of('header'), footer: of('footer') };
  const unwanted = [
    ...(counts.title + counts.header > 0 ? [`_row <= ${last}`] : []),
    ...(counts.footer > 0 ? [`_row >= ${found?.end}`] : []),
    ...(counts.blank > 0 ? [blank] : []),
  ];
  if (unwanted.length > 0) await session.run(`DELETE FROM ${table} WHERE ${unwanted.join(' OR ')}`);
  return counts;
}

/** SELECT of the row that the footers of a table begin with; NULL where it has none. Undefined where none is looked for. */
function footerSelect(table: string, cells: string[], isBody: string, o: BodyOptions, d: Dialect): string | undefined {
  if (cells.length < 2 || o.footers === false) return undefined;
  const empty = (c: string) => isEmpty(c, d);
  const label = `regexp_replace(coalesce(${cells.map((c) => `CASE WHEN ${empty(c)} THEN NULL ELSE ${c} END`).join(', ')}), '[\\s\u3000\u00a0]', '', 'g')`;
  const filled = cells.map((c) => `CASE WHEN ${empty(c)} THEN 0 ELSE 1 END`).join(' + ');
  const labelColumn = `CASE ${cells.map((c, i) => `WHEN NOT ${empty(c)} THEN ${i}`).join(' ')} ELSE -1 END`;
  const required = o.requiredColumns.filter((c) => c < cells.length);
  // The label may stand in a required column itself; the others are what an ordinary row would have.
  const keyless =
    required.length > 0 ? required.map((c) => `(${empty(`c${c}`)} OR label_column = ${c})`).join(' AND ') : 'false';
  const named = (pattern: string) => `regexp_matches(label, ${d.text(pattern)})`;
  const lone = cells.length >= 4 ? 'filled = 1' : 'false';
  return `
    WITH tail AS (
      SELECT * FROM ${table} WHERE ${isBody} ORDER BY _row DESC LIMIT ${TAIL_ROWS}
    ), told AS (
      SELECT *, ${label} AS label, ${filled} AS filled, ${labelColumn} AS label_column FROM tail
    ), judged AS (
      SELECT _row, filled,
        ((filled <= 2 OR (${keyless})) AND (${named(TOTAL)} OR ${named(SIGNATURE)} OR ${named(REMARK)})) AS footer
      FROM told
    ), last_ordinary AS (
      SELECT coalesce(max(_row), 0) AS row FROM judged WHERE NOT footer AND NOT (${lone})
    )
    SELECT min(_row) AS row FROM judged, last_ordinary WHERE footer AND _row > last_ordinary.row`;
}

/** Drops the columns beyond the last header; the reader has made sure that they are empty in every row. */
export async function trimColumns(
  session: Session,
  table: string,
  o: { columns: number; headers: readonly string[] },
): Promise<void> {
  for (let i = o.headers.length; i < o.columns; i++) await session.run(`ALTER TABLE ${table} DROP COLUMN c${i}`);
}
