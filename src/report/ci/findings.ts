import { gravity } from '../gate.js';
import { anomaliesFor, type ReportModel } from '../model.js';

/** An anomaly as a build server shows it. */
export interface Finding {
  id: string;
  uscc: string;
  enterprise: string;
  check: string;
  check_title: string;
  department: string;
  severity: string;
  severity_id: string;
  about: string | null;
  message: string;
  a_source: string | null;
  a_field: string | null;
  a_value: string | null;
  a_file: string | null;
  a_row: number | null;
  b_source: string | null;
  b_field: string | null;
  b_value: string | null;
  b_file: string | null;
  b_row: number | null;
  /** Neither suppressed nor known to the baseline: what a build ought to fail on. */
  counts: boolean;
}

export type Side = 'a' | 'b';

/** The first `limit` anomalies, of the run or of each check; those that count come first, of the run the gravest, then as in every report. */
export function findings(m: ReportModel, limit: number, perCheck: boolean): Promise<Finding[]> {
  const sides = (['a', 'b'] as Side[]).flatMap((s) =>
    ['source', 'field', 'value', 'file', 'row'].map((x) => `a.${s}_${x}`),
  );
  const gravest = perCheck ? '' : `${gravity('a._severity', m.session.dialect)} DESC, `;
  const order = `CASE WHEN g.counts THEN 0 ELSE 1 END, ${gravest}a._order`;
  return m.session.rows<Finding>(
    `SELECT * FROM (
  SELECT a.anomaly_id AS id, a.uscc, a.enterprise, a.check_id AS ${m.session.dialect.ident('check')}, a.check_title, a.department, a.severity,
    a._severity AS severity_id, a.about, a.message, ${sides.join(', ')}, g.counts,
    row_number() OVER (${perCheck ? 'PARTITION BY a.check_id ' : ''}ORDER BY ${order}) AS nth, a._position, a._order
  FROM ${anomaliesFor(m, 'ci')} a JOIN report.gate g ON g.id = a.anomaly_id
) WHERE nth <= ${limit} ORDER BY ${perCheck ? '_position, ' : ''}nth`,
  );
}

export interface CheckCounts {
  check: string;
  /** Anomalies that count, by severity. */
  red: number;
  yellow: number;
  blue: number;
  /** Suppressed, or known to the baseline. */
  dismissed: number;
}

/** How many anomalies of each check count, and how many do not. */
export async function countsByCheck(m: ReportModel): Promise<Map<string, CheckCounts>> {
  const d = m.session.dialect;
  const of = (severity: string) => `${d.countIf(`g.counts AND g.severity = ${d.text(severity)}`)} AS ${severity}`;
  const rows = await m.session.rows<CheckCounts>(
    `SELECT a.check_id AS ${d.ident('check')}, ${['red', 'yellow', 'blue'].map(of).join(', ')}, ${d.countIf('NOT g.counts')} AS dismissed
FROM report.anomalies a JOIN report.gate g ON g.id = a.anomaly_id GROUP BY a.check_id`,
  );
  return new Map(rows.map((r) => [r.check, r]));
}
