import type { Lang } from '../../config/text.js';
import type { Sql } from '../../engine/dialect.js';
import type { Session, Cell as Value } from '../../engine/engine.js';
import type { Sheet } from '../xlsx/package.js';
import type { Row, SheetLook, Validation } from '../xlsx/sheet.js';
import { columnLetters } from '../xlsx/xml.js';
import { dayNumber } from './cells.js';
import type { Read, SheetColumn } from './columns.js';
import { heightOf, linesOf } from './fit.js';
import { type Band, type Looks, TABS } from './looks.js';

/** The band of groups and the header. */
export const HEAD_ROWS = 2;
/** The place of the words that a department may answer with. */
export const WORDS = 'disposal_words';

const BAND_TITLES: Record<Band, Record<Lang, string>> = {
  who: { zh: '哪家企业、什么问题', en: 'Who and what' },
  sides: { zh: '两方数据', en: 'The two sides' },
  basis: { zh: '依据与建议', en: 'Basis and advice' },
  fill: { zh: '▼ 请核查部门在此填写', en: '▼ Fill in here' },
  more: { zh: '更多信息（不打印）', en: 'More (not printed)' },
};

export interface AnomalySheet {
  session: Session;
  lang: Lang;
  looks: Looks;
  name: string;
  columns: readonly SheetColumn[];
  /** How many of them are printed. */
  printed: number;
  /** Rows of this table, which has an `_order`, where this holds; a part of them if they are too many for a sheet. */
  table: Sql;
  where: Sql;
  part: { from: number; rows: number };
}

/** The anomalies of a theme, as a sheet that is filled in and sent back. */
export function anomalySheet(o: AnomalySheet): Sheet {
  return {
    name: o.name,
    look: lookOf(o),
    rows: () => rowsOf(o),
    printRows: HEAD_ROWS,
    printColumns: o.printed,
  };
}

async function* rowsOf(o: AnomalySheet): AsyncGenerator<Row> {
  yield bandRow(o);
  yield headerRow(o);
  const needs = [...new Set(o.columns.flatMap((c) => c.needs))];
  const at = new Map(needs.map((id, i) => [id, i]));
  let row: readonly Value[] = [];
  const read: Read = (id) => row[at.get(id)!] ?? null;
  const select = needs.map(o.session.dialect.ident).join(', ');
  const part = `LIMIT ${o.part.rows} OFFSET ${o.part.from}`;
  const sql = `SELECT ${select} FROM ${o.table} WHERE ${o.where} ORDER BY _order ${part}`;
  for await (const rows of o.session.stream(sql)) {
    for (row of rows) yield anomalyRow(o, read);
  }
}

function anomalyRow({ columns, looks, lang }: AnomalySheet, read: Read): Row {
  const cells: (string | number | null)[] = [];
  const styles: number[] = [];
  let lines = 1;
  for (const column of columns) {
    const cell = column.cell(read, lang);
    cells.push(cell);
    styles.push(column.look(looks, read, cell));
    if (column.wraps && typeof cell === 'string') lines = Math.max(lines, linesOf(cell, column.width));
  }
  return { cells, styles, height: heightOf(lines) };
}

function bandRow({ columns, looks, lang }: AnomalySheet): Row {
  const starts = (i: number) => columns[i]?.band !== columns[i - 1]?.band;
  return {
    cells: columns.map((c, i) => (starts(i) ? BAND_TITLES[c.band][lang] : null)),
    styles: columns.map((c) => looks.band(c.band)),
    height: 20,
  };
}

const headerRow = ({ columns, looks, lang }: AnomalySheet): Row => ({
  cells: columns.map((c) => c.title[lang]),
  styles: columns.map((c) => looks.header(c.band)),
  height: lang === 'zh' ? 24 : 36,
});

function lookOf(o: AnomalySheet): SheetLook {
  return {
    widths: o.columns.map((c) => c.width),
    tab: TABS.theme,
    // Who and how grave stay in sight while the eye goes to the right.
    freeze: { rows: HEAD_ROWS, columns: 2 },
    filter: { row: HEAD_ROWS, columns: o.columns.length },
    validations: (lastRow) => (lastRow > HEAD_ROWS ? validations(o, lastRow) : []),
    footer: `&L${o.name.replaceAll('&', '&&')}&R&P / &N`,
  };
}

function validations({ columns, lang }: AnomalySheet, lastRow: number): Validation[] {
  const range = (id: string) => {
    const letters = columnLetters(columns.findIndex((c) => c.id === id));
    return `${letters}${HEAD_ROWS + 1}:${letters}${lastRow}`;
  };
  const zh = lang === 'zh';
  return [
    {
      range: range('disposal_status'),
      rule: { kind: 'list', from: WORDS },
      prompt: zh
        ? { title: '核查状态', text: '从下拉列表中选择。各词的含义见首页。' }
        : { title: 'Disposal status', text: 'Choose from the list. The cover says what each word means.' },
      error: zh
        ? { title: '核查状态', text: '只能填写下拉列表中的词。' }
        : { title: 'Disposal status', text: 'Only a word of the list can stand here.' },
    },
    {
      range: range('disposal_on'),
      rule: { kind: 'date', first: dayNumber('2000-01-01')!, last: dayNumber('2099-12-31')! },
      prompt: zh
        ? { title: '反馈日期', text: '填写核查的日期，例如 2026-08-05。' }
        : { title: 'Feedback date', text: 'The day of the check, such as 2026-08-05.' },
      error: zh
        ? { title: '反馈日期', text: '请填写日期，例如 2026-08-05。' }
        : { title: 'Feedback date', text: 'Write a day, such as 2026-08-05.' },
    },
  ];
}
