import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Sql } from '../../engine/dialect.js';
import { named } from '../file-names.js';
import { anomaliesFor, type ReportModel } from '../model.js';
import { sideBySide } from '../side-by-side.js';
import { type Sheet, writeWorkbook } from '../xlsx/package.js';
import { MAX_ROWS } from '../xlsx/sheet.js';
import { anomalySheet, HEAD_ROWS, WORDS } from './anomaly-sheet.js';
import { sheetColumns } from './columns.js';
import { countAnomalies, total } from './counts.js';
import { type CoverTheme, coverSheet } from './cover.js';
import { Looks } from './looks.js';
import { sheetNames } from './sheet-names.js';

export interface AnomalyWorkbook {
  /** Below the directory of reports. */
  file: string;
  title: string;
  /** The table with the columns of `report.anomalies`, and which of its rows. */
  table: Sql;
  where: Sql;
  department?: { id: string; name: string };
  /** Anomalies that a sheet holds at most. */
  sheetRows?: number;
}

/** anomalies.xlsx, and one workbook for each department: its work list, without what is suppressed. */
export async function writeWorkbooks(m: ReportModel): Promise<string[]> {
  const zh = m.lang === 'zh';
  const all: AnomalyWorkbook[] = [
    {
      file: 'anomalies.xlsx',
      title: zh ? '无感式联合监管：疑似异常清单' : 'Joint supervision without visits: possible anomalies',
      table: 'report.anomalies',
      where: 'TRUE',
    },
    ...named(m.departments).map((department) => ({
      file: `by-department/${department.name}.xlsx`,
      title: zh ? `${department.name}：疑似异常核查工作簿` : `${department.name}: possible anomalies to check`,
      table: anomaliesFor(m, `department:${department.id}`),
      where: `_department = ${m.session.dialect.text(department.id)} AND NOT _suppressed`,
      department,
    })),
  ];
  return sideBySide(
    m,
    all.map((workbook) => async (own) => {
      await writeAnomalyWorkbook(own, workbook);
      return workbook.file;
    }),
  );
}

/** A workbook of some anomalies: a cover and a sheet for each theme. */
export async function writeAnomalyWorkbook(m: ReportModel, w: AnomalyWorkbook): Promise<void> {
  const counted = await countAnomalies(m.session, w.table, w.where);
  const looks = new Looks();
  const cover = m.lang === 'zh' ? '首页' : 'Cover';
  const limit = w.sheetRows ?? MAX_ROWS - HEAD_ROWS;
  const themes = themesOf(m, w);
  const parts = themes.flatMap((t) =>
    Array.from({ length: Math.max(1, Math.ceil(total(counted, { theme: t.id }) / limit)) }, (_, i) => ({
      theme: t,
      from: i * limit,
    })),
  );
  const names = sheetNames(
    parts.map((p) => p.theme.title),
    [cover],
  );
  const { columns, printed } = sheetColumns({ followed: m.followed, department: w.department !== undefined });
  const sheets: Sheet[] = parts.map((p, i) =>
    anomalySheet({
      ...{ session: m.session, lang: m.lang, looks, name: names[i]!, columns, printed, table: w.table },
      where: `(${w.where}) AND _theme = ${m.session.dialect.text(p.theme.id)}`,
      part: { from: p.from, rows: limit },
    }),
  );
  const first = coverSheet({
    ...{ model: m, looks, name: cover, title: w.title, counted, department: w.department },
    themes: themes.map((t) => ({ ...t, sheets: names.filter((_, i) => parts[i]!.theme === t) })),
    file: w.file.slice(w.file.lastIndexOf('/') + 1),
  });
  const path = join(m.dir, w.file);
  mkdirSync(dirname(path), { recursive: true });
  await writeWorkbook(path, {
    sheets: [first.sheet, ...sheets],
    styles: looks.styles,
    names: { [WORDS]: first.words },
    title: w.title,
    subject: m.lang === 'zh' ? `基准日 ${m.summary.as_of}` : `As of ${m.summary.as_of}`,
    creator: `bidui ${m.version}`,
  });
}

/** The themes of the run, or those with checks of the department, with the outcomes of these checks. */
function themesOf(m: ReportModel, w: AnomalyWorkbook): Omit<CoverTheme, 'sheets'>[] {
  const own = new Set(
    m.entries.filter((e) => w.department === undefined || e.department_id === w.department.id).map((e) => e.check_id),
  );
  return m.themes.flatMap((t) => {
    const checks = m.summary.by_check.filter((c) => c.theme === t.id && own.has(c.check));
    if (checks.length === 0) return [];
    const sum = (k: 'consistent' | 'anomaly' | 'not_comparable' | 'not_applicable') =>
      checks.reduce((n, c) => n + c[k], 0);
    return [
      {
        ...{ id: t.id, title: t.name, checks: checks.length },
        consistent: sum('consistent'),
        anomaly: sum('anomaly'),
        not_comparable: sum('not_comparable'),
        not_applicable: sum('not_applicable'),
      },
    ];
  });
}
