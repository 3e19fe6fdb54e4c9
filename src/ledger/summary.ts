import type { Session } from '../engine/engine.js';
import type { LifeCounts } from './counts.js';
import { activeSuppressions } from './standing.js';

export interface LedgerSummary extends LifeCounts {
  /** The night before this one, if there was one. */
  previous: string | null;
  /** Beyond their deadline, and nobody has said what came of them. */
  overdue: number;
  /** Reported as rectified, but still found: 整改未见效. */
  ineffective: number;
  /** Open, not suppressed, and waiting for somebody to look. */
  needs_eyes: number;
  suppressed: number;
  suppressions: SuppressionLine[];
  /** What departments said of each check's anomalies. */
  feedback_by_check: FeedbackLine[];
}

export interface SuppressionLine {
  number: number;
  anomaly: string | null;
  uscc: string | null;
  check: string | null;
  owner: string;
  reason: string;
  until: string;
  /** Open anomalies that it covers. */
  anomalies: number;
}

export interface FeedbackLine {
  check: string;
  /** Anomalies on which a department has come to a conclusion. */
  concluded: number;
  false_alarms: number;
  data_issues: number;
  /** false_alarms ÷ concluded. */
  false_alarm_rate: number;
}

export async function ledgerSummary(session: Session, asOf: string, counts: LifeCounts): Promise<LedgerSummary> {
  const d = session.dialect;
  const open = `state <> ${d.text('resolved')}`;
  const [row] = await session.rows<Record<string, number>>(
    `SELECT ${[
      `${d.countIf('overdue')} AS overdue`,
      `${d.countIf(`${open} AND disposal = ${d.text('ineffective')}`)} AS ineffective`,
      `${d.countIf('needs_eyes')} AS needs_eyes`,
      `${d.countIf(`${open} AND suppressed_by IS NOT NULL`)} AS suppressed`,
    ].join(', ')} FROM life.standing`,
  );
  const [previous] = await session.rows<{ day: string | null }>(
    `SELECT ${d.formatDate('max(as_of)')} AS day FROM ledger.run WHERE as_of < ${d.date(asOf)}`,
  );
  const n = (key: string) => Number(row?.[key] ?? 0);
  return {
    previous: previous?.day ?? null,
    ...counts,
    overdue: n('overdue'),
    ineffective: n('ineffective'),
    needs_eyes: n('needs_eyes'),
    suppressed: n('suppressed'),
    suppressions: await suppressionLines(session, asOf),
    feedback_by_check: await feedbackByCheck(session),
  };
}

async function suppressionLines(session: Session, asOf: string): Promise<SuppressionLine[]> {
  const d = session.dialect;
  return session.rows<SuppressionLine>(
    `SELECT s.seq AS number, s.anomaly_id AS anomaly, s.uscc AS uscc, s.check_id AS ${d.ident('check')}, s.owner AS owner,
  s.reason AS reason, ${d.formatDate('s.until_date')} AS until, coalesce(n.anomalies, 0) AS anomalies
FROM (${activeSuppressions(d.date(asOf))}) s
LEFT JOIN (
  SELECT suppressed_by, count(*) AS anomalies FROM life.standing WHERE state <> ${d.text('resolved')} GROUP BY suppressed_by
) n ON n.suppressed_by = s.seq
ORDER BY s.seq`,
  );
}

/** Each anomaly counts once per check, by the last conclusion on it: what a rule is worth does not depend on how long it was followed. */
export async function feedbackByCheck(session: Session): Promise<FeedbackLine[]> {
  const d = session.dialect;
  const status = (...all: string[]) => d.countIf(`status IN (${all.map((x) => d.text(x)).join(', ')})`);
  const rows = await session.rows<Omit<FeedbackLine, 'false_alarm_rate'>>(
    `SELECT a.check_id AS ${d.ident('check')}, count(*) AS concluded, ${status('false_alarm')} AS false_alarms, ${status('data_issue')} AS data_issues
FROM (
  SELECT *, row_number() OVER (PARTITION BY id ORDER BY handled_on DESC, seq DESC) AS nth_conclusion
  FROM ledger.feedback WHERE status NOT IN (${d.text('pending')}, ${d.text('checking')})
) f JOIN ledger.anomaly a ON a.id = f.id
WHERE nth_conclusion = 1
GROUP BY a.check_id ORDER BY a.check_id`,
  );
  return rows.map((r) => ({ ...r, false_alarm_rate: Math.round((r.false_alarms / r.concluded) * 1000) / 1000 }));
}
