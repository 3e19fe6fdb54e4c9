import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';

export const SEVERITIES = ['red', 'yellow', 'blue'] as const;
export type SeverityId = (typeof SEVERITIES)[number];

/** What `--fail-on` counts: anomalies that are neither suppressed nor known to the baseline. */
export interface FailCount {
  severity: SeverityId;
  anomalies: number;
  /** Of these, found for the first time or again after they were gone; null where no ledger and no baseline tells. */
  new: number | null;
}

/** 3 is the gravest. */
export const gravity = (severity: Sql, d: Dialect): Sql =>
  `CASE ${severity} WHEN ${d.text('red')} THEN 3 WHEN ${d.text('yellow')} THEN 2 WHEN ${d.text('blue')} THEN 1 END`;

/**
 * `report.gate`: for every anomaly whether it is suppressed, known to the baseline (`known`, NULL without one) and new
 * (`fresh`, NULL where nobody can tell). An anomaly that has become graver than the baseline says is not known.
 */
export function gateTable(given: { ledger: boolean; baseline: boolean }, d: Dialect): Sql {
  const graver = `${gravity('a._severity', d)} > ${gravity('b.severity', d)}`;
  const known = given.baseline
    ? `b.id IS NOT NULL AND (b.severity IS NULL OR NOT (${graver}))`
    : d.cast('NULL', 'bool');
  const came = `s.state IN (${d.text('new')}, ${d.text('reopened')})`;
  const fresh = [given.baseline ? `NOT (${known})` : '', given.ledger ? came : ''].filter(Boolean).join(' AND ');
  return `CREATE TABLE report.gate AS
SELECT a.anomaly_id AS id, a._severity AS severity, a._suppressed AS suppressed, ${known} AS known, ${fresh || d.cast('NULL', 'bool')} AS fresh,
  NOT a._suppressed AND NOT coalesce(${known}, FALSE) AS counts
FROM report.anomalies a
${given.baseline ? 'LEFT JOIN baseline.entries b ON b.id = a.anomaly_id' : ''}
${given.ledger ? 'LEFT JOIN life.standing s ON s.id = a.anomaly_id' : ''}`;
}

/** `told`: a ledger or a baseline tells what is new. */
export async function failCounts(session: Session, told: boolean): Promise<FailCount[]> {
  const rows = await session.rows<{ severity: string; anomalies: number; fresh: number }>(
    `SELECT severity, count(*) AS anomalies, ${session.dialect.countIf('fresh')} AS fresh FROM report.gate WHERE counts GROUP BY severity`,
  );
  return SEVERITIES.map((severity) => {
    const row = rows.find((r) => r.severity === severity);
    return { severity, anomalies: Number(row?.anomalies ?? 0), new: told ? Number(row?.fresh ?? 0) : null };
  });
}
