import type { Lang } from '../config/text.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import { anomalyColumn, type Column, column } from './anomaly-columns.js';
import { type ReportScope, writeCsv } from './write.js';

export const HELD_COLUMNS: readonly Column[] = [
  ...['anomaly_id', 'uscc', 'enterprise', 'theme', 'check_id', 'check_title', 'severity', 'department', 'about'].map(
    anomalyColumn,
  ),
  anomalyColumn('message'),
  column('file', '文件', 'File', ['第一项证据所在的提取文件', 'The extract that the first evidence stands in']),
  column('row', '行号', 'Row', ['该文件中的行号，从1起', 'Row of that file, from 1'], { type: 'integer' }),
  column('reason', '暂缓原因', 'Held back because', ['为什么不采信', 'Why it is not believed'], { required: true }),
];

/** `report.held_back`: what checks found that a guard did not believe. `reasons`: by check. */
export function heldBackReport(
  reasons: readonly (readonly [check: string, why: string])[],
  severities: Readonly<Record<string, Record<Lang, string>>>,
  lang: Lang,
  d: Dialect,
): Sql {
  const cases = (of: Sql, pairs: readonly (readonly [string, string])[]) =>
    `CASE ${of} ${pairs.map(([id, w]) => `WHEN ${d.text(id)} THEN ${d.text(w)}`).join(' ')} END`;
  return `CREATE TABLE report.held_back AS
SELECT h.id AS anomaly_id, h.uscc AS uscc, h.enterprise AS enterprise, c.theme AS theme, h.check_id AS check_id,
  c.check_title AS check_title,
  ${cases(
    'h.severity',
    Object.entries(severities).map(([id, w]) => [id, w[lang]]),
  )} AS severity,
  c.department AS department, h.about AS about, h.message AS message, f.name AS file, h._row AS ${d.ident('row')},
  ${cases('h.check_id', reasons)} AS reason,
  row_number() OVER (ORDER BY c.position, h.uscc, h.about_key, h.id) AS _order
FROM run.held h
JOIN run.checks c ON c.check_id = h.check_id
LEFT JOIN meta.files f ON f._file = h._file`;
}

/** held-back.csv: for whoever looks for what is wrong with the data; no department's work. */
export const writeHeldBack = (scope: ReportScope): Promise<string> =>
  writeCsv(scope, 'held-back.csv', HELD_COLUMNS, 'report.held_back');
