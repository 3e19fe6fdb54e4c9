import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OutcomeWords } from '../compile/outcome-words.js';
import type { Lang } from '../config/text.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import { redacting } from '../secrets.js';
import {
  ANOMALY_COLUMNS,
  type Column,
  FOLLOWED_COLUMNS,
  OUTCOME_COLUMNS,
  QUARANTINE_COLUMNS,
} from './anomaly-columns.js';
import { cellSql, cellsLine, cellText, headerLine, lineSql } from './csv.js';
import { named } from './file-names.js';
import { anomaliesFor, type ReportModel } from './model.js';
import { withheldSql } from './withheld.js';

export interface ReportScope {
  session: Session;
  lang: Lang;
  /** Where files are written. */
  dir: string;
}

/** A CSV that spreadsheet programs open right: BOM, CRLF, quoted cells, nothing that runs or is rounded. */
export async function writeCsv(
  { session, lang, dir }: ReportScope,
  file: string,
  columns: readonly Column[],
  table: string,
  where = 'TRUE',
): Promise<string> {
  const titles = columns.map((c) => c.title[lang]);
  const cells = columns.map((c) => session.dialect.ident(c.id));
  return writeLines(session, dir, file, titles, cells, `${table} WHERE ${where}`);
}

const writeLines = (session: Session, dir: string, file: string, titles: string[], cells: Sql[], from: Sql) =>
  writeMade(session, dir, file, titles, lineSql(cells, session.dialect), `SELECT * FROM ${from} ORDER BY _order`);

/** A `line` for each row of a sorted SELECT: lines are long, and are made when their rows are in order. */
async function writeMade(
  session: Session,
  dir: string,
  file: string,
  titles: string[],
  line: Sql,
  sorted: Sql,
): Promise<string> {
  const path = join(dir, file);
  mkdirSync(dirname(path), { recursive: true });
  const header = `SELECT ${session.dialect.text(headerLine(titles))} AS line`;
  await session.writeLines(`${header}\nUNION ALL SELECT ${line} AS line FROM (${sorted}) AS sorted`, path);
  return file;
}

/** anomalies.csv, and the same split by theme and by department: one file each, also where there is none to tell. */
export async function writeAnomalies(m: ReportModel): Promise<string[]> {
  const { session, lang, dir, themes, departments } = m;
  const d = session.dialect;
  const titles = ANOMALY_COLUMNS.map((c) => c.title[lang]);
  const cells = ANOMALY_COLUMNS.map((c) => d.ident(c.id));
  // Each line stands in three files and is made once.
  await session.run(
    `CREATE TABLE report.lines AS SELECT _order, _theme, _department, _suppressed, ${lineSql(cells, d)} AS line FROM report.anomalies`,
  );
  const write = (file: string, where: Sql) =>
    writeMade(session, dir, file, titles, 'line', `SELECT line FROM report.lines WHERE ${where} ORDER BY _order`);
  const files = [await write('anomalies.csv', 'TRUE')];
  for (const t of named(themes)) files.push(await write(`by-theme/${t.name}.csv`, `_theme = ${d.text(t.id)}`));
  for (const t of named(departments)) {
    // A department's file is its work list: what is suppressed is not in it, but in anomalies.csv.
    const file = `by-department/${t.name}.csv`;
    const where = `_department = ${d.text(t.id)} AND NOT _suppressed`;
    const own = anomaliesFor(m, `department:${t.id}`);
    const made =
      own === anomaliesFor(m, 'tables')
        ? write(file, where)
        : writeLines(session, dir, file, titles, cells, `${own} WHERE ${where}`);
    files.push(await made);
  }
  return files;
}

export const writeFollowed = (m: ReportModel): Promise<string> => {
  const columns = [...FOLLOWED_COLUMNS.map((c) => withheldSql(m, 'tables', c.id)), '_order'].join(', ');
  return writeCsv(m, 'followed.csv', FOLLOWED_COLUMNS, `(SELECT ${columns} FROM report.followed) f`);
};

export const writeQuarantine = (scope: ReportScope): Promise<string> =>
  writeCsv(scope, 'quarantine.csv', QUARANTINE_COLUMNS, 'report.quarantine');

/** outcomes.csv: enterprises down, checks across, one word in each cell. */
export async function writeOutcomes(
  { session, lang, dir, checks: judged }: ReportModel,
  checks: readonly { id: string; title: string }[],
  said: readonly string[],
): Promise<string> {
  const d = session.dialect;
  // Four words, guarded once rather than in every cell.
  const cases = said.map((w, i) => `WHEN ${i} THEN ${d.text(cellText(w))}`).join(' ');
  const words = new OutcomeWords(judged, d);
  const outcome = (id: string) => `CASE ${words.outcome(id)} ${cases} ELSE ${d.text(cellText(''))} END`;
  const titles = [...OUTCOME_COLUMNS.map((c) => c.title[lang]), ...checks.map((c) => `${c.id} ${c.title}`)];
  const cells = [cellSql('uscc', d), cellSql('name', d), ...checks.map((c) => outcome(c.id))];
  // Enterprises are numbered in the order of their credit codes.
  const columns = ['e.uscc AS uscc', 'e.name AS name', ...words.names].join(', ');
  const sorted = `SELECT ${columns} FROM ${words.table} o JOIN src.enterprise e ON e._eid = o._eid ORDER BY o._eid`;
  return writeMade(session, dir, 'outcomes.csv', titles, cellsLine(cells, d), sorted);
}

/** anomalies.json: every cell as the CSV has it, under the ids of the columns, whatever the language. */
export async function writeJsonTable(m: ReportModel): Promise<string[]> {
  const { session, dir } = m;
  await session.writeLines(jsonLines(anomaliesFor(m, 'machine'), session.dialect), join(dir, 'anomalies.json'));
  return ['anomalies.json'];
}

/** An array, one anomaly a line. */
function jsonLines(table: Sql, d: Dialect): Sql {
  const fields = Object.fromEntries(ANOMALY_COLUMNS.map((c) => [c.id, d.ident(c.id)]));
  const row = `${d.json(d.struct(fields))} || CASE WHEN _order = (SELECT max(_order) FROM report.anomalies) THEN '' ELSE ',' END`;
  return `SELECT line FROM (
  SELECT 0 AS part, 0 AS _order, '[' AS line
  UNION ALL SELECT 1, _order, ${row} FROM ${table}
  UNION ALL SELECT 2, 0, ']'
) ORDER BY part, _order`;
}

export function writeJson(dir: string, file: string, value: unknown): string {
  writeFileSync(join(dir, file), `${JSON.stringify(value, redacting, 2)}\n`);
  return file;
}
