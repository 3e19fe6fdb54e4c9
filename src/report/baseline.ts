import { OUTCOME } from '../compile/facts.js';
import { type Bilingual, say } from '../config/text.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import { relabel } from '../engine/relabel.js';
import { anomalyColumn, type Column, column } from './anomaly-columns.js';
import type { ReportModel } from './model.js';
import { writeCsv } from './write.js';

/** What a run says of the baseline. */
export const BASELINE_STATES = {
  new: say('新发现', 'New'),
  graver: say('较基线加重', 'Graver than the baseline says'),
  known: say('基线中已有', 'Known'),
  gone: say('已不再发现', 'Gone'),
  not_comparable: say('本次无法比对', 'Not comparable this time'),
  not_covered: say('本次未查', 'Not looked for this time'),
} as const;
export type BaselineState = keyof typeof BASELINE_STATES;

/** entries = known + graver + gone + not_comparable + not_covered; anomalies of the run = known + graver + new. */
export type BaselineSummary = { entries: number } & Record<BaselineState, number>;

/**
 * `report.baseline`: every anomaly of this run or of the baseline, and how the two agree. What is not found is gone only if the
 * enterprise was judged by that check this time and could be compared: an absent extract makes nothing go away.
 */
export function baselineTable(checks: readonly string[], d: Dialect): Sql {
  const outcome = `CASE b.check_id ${checks.map((c) => `WHEN ${d.text(c)} THEN o.${d.ident(c)}`).join(' ')} END`;
  const missing = `CASE WHEN ${outcome} IS NULL THEN ${d.text('not_covered')} WHEN ${outcome} = ${OUTCOME.not_comparable} THEN ${d.text('not_comparable')} ELSE ${d.text('gone')} END`;
  const found = `CASE WHEN b.id IS NULL THEN ${d.text('new')} WHEN g.known THEN ${d.text('known')} ELSE ${d.text('graver')} END`;
  return `CREATE TABLE report.baseline AS
SELECT *, row_number() OVER (ORDER BY ${rank('state', d)}, found_order, anomaly_id) AS _order FROM (
  SELECT coalesce(a.anomaly_id, b.id) AS anomaly_id, coalesce(a.uscc, b.uscc) AS uscc, coalesce(a.enterprise, e.name) AS enterprise,
    coalesce(a.check_id, b.check_id) AS check_id, a._severity AS severity_id, b.severity AS was_id,
    CASE WHEN a.anomaly_id IS NULL THEN ${missing} ELSE ${found} END AS state, a._order AS found_order
  FROM baseline.entries b
  FULL JOIN report.anomalies a ON a.anomaly_id = b.id
  LEFT JOIN report.gate g ON g.id = a.anomaly_id
  LEFT JOIN src.enterprise e ON e.uscc = b.uscc
  LEFT JOIN run.outcomes o ON o._eid = e._eid
)`;
}

const rank = (x: Sql, d: Dialect): Sql =>
  `CASE ${x} ${Object.keys(BASELINE_STATES)
    .map((s, i) => `WHEN ${d.text(s)} THEN ${i}`)
    .join(' ')} END`;

export async function baselineSummary(session: Session): Promise<BaselineSummary> {
  const rows = await session.rows<{ state: BaselineState; n: number }>(
    'SELECT state, count(*) AS n FROM report.baseline GROUP BY state',
  );
  const of = (state: BaselineState) => Number(rows.find((r) => r.state === state)?.n ?? 0);
  const counts = Object.fromEntries(Object.keys(BASELINE_STATES).map((s) => [s, of(s as BaselineState)])) as Record<
    BaselineState,
    number
  >;
  return { entries: rows.reduce((n, r) => n + Number(r.n), 0) - counts.new, ...counts };
}

export const BASELINE_COLUMNS: readonly Column[] = [
  column('state', '与基线相比', 'Against the baseline', ['与基线文件相比', 'Compared with the baseline file'], {
    required: true,
    values: 'baseline_state',
  }),
  anomalyColumn('anomaly_id'),
  anomalyColumn('uscc'),
  // What is only in the baseline may be of an enterprise that is no longer in the library, and has no severity today.
  { ...anomalyColumn('enterprise'), required: false },
  anomalyColumn('check_id'),
  { ...anomalyColumn('severity'), required: false },
  column(
    'was',
    '基线风险等级',
    'Severity in the baseline',
    ['基线中的风险等级', 'How grave the baseline says it was'],
    {
      values: 'severity',
    },
  ),
];

/** baseline.csv: what is new, known and gone, row by row. */
export async function writeBaselineReport(m: ReportModel): Promise<string> {
  const d = m.session.dialect;
  const word = (x: Sql, words: Readonly<Record<string, Bilingual>>) =>
    relabel(
      x,
      Object.entries(words).map(([id, w]) => [id, w[m.lang]] as const),
      d,
    );
  const { severities } = m.pack.vocabulary;
  await m.session.run(
    `CREATE TABLE report.baseline_words AS SELECT ${word('state', BASELINE_STATES)} AS state, anomaly_id, uscc, enterprise, check_id,
  ${word('severity_id', severities)} AS severity, ${word('was_id', severities)} AS was, _order FROM report.baseline`,
  );
  return writeCsv(m, 'baseline.csv', BASELINE_COLUMNS, 'report.baseline_words');
}

/** Lines of a baseline file: plain, sorted, one anomaly each, so that a change of it can be read in a diff. */
export const baselineLines = (d: Dialect): Sql => {
  const line = (...cells: Sql[]) => d.concat(...cells.flatMap((c, i) => (i === 0 ? [c] : [d.text(','), c])));
  return `SELECT line FROM (
  SELECT 0 AS part, '' AS id, ${d.text('anomaly_id,check_id,uscc,severity')} AS line
  UNION ALL SELECT 1, anomaly_id, ${line('anomaly_id', 'check_id', 'uscc', '_severity')} FROM report.anomalies
) ORDER BY part, id`;
};
