import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';

export interface HistoryFilter {
  uscc?: string;
  check?: string;
  anomaly?: string;
  /** Anomalies of which something happened on this day or later. */
  since?: string;
}

export interface AnomalyHistory {
  id: string;
  uscc: string;
  enterprise: string;
  check: string;
  severity: string;
  about: string;
  state: string;
  reason: string | null;
  first_seen: string;
  last_seen: string;
  runs: number;
  reopened: number;
  entries: HistoryEntry[];
}

export interface HistoryEntry {
  on: string;
  /** What life did to it, or 'feedback', 'suppressed', 'unsuppressed', 'assigned'. */
  kind: string;
  /** A reason or a status, to be put into words. */
  code: string | null;
  text: string | null;
  by: string | null;
}

export interface NightLine {
  as_of: string;
  coverage: string;
  enterprises: number;
  found: number;
  new: number;
  persisting: number;
  reopened: number;
  resolved: number;
  not_comparable: number;
  red: number;
  yellow: number;
  blue: number;
  missing_sources: string[];
}

/** Every anomaly that the filter names, with all that happened to it, oldest first. */
export async function historyOf(session: Session, f: HistoryFilter): Promise<AnomalyHistory[]> {
  const d = session.dialect;
  const where = [
    ...(f.uscc ? [`a.uscc = ${d.text(f.uscc)}`] : []),
    ...(f.check ? [`a.check_id = ${d.text(f.check)}`] : []),
    ...(f.anomaly ? [`a.id = ${d.text(f.anomaly)}`] : []),
    ...(f.since ? [`a.id IN (SELECT id FROM (${timeline(d)}) t WHERE t.day >= ${d.date(f.since)})`] : []),
  ];
  const chosen = `SELECT a.* FROM ledger.anomaly a WHERE ${where.join(' AND ') || 'TRUE'}`;
  const anomalies = await session.rows<Omit<AnomalyHistory, 'entries'>>(
    `SELECT id, uscc, enterprise, check_id AS ${d.ident('check')}, severity, about, state, reason,
  ${d.formatDate('first_seen')} AS first_seen, ${d.formatDate('last_seen')} AS last_seen, runs, reopened
FROM (${chosen}) a ORDER BY uscc, check_id, id`,
  );
  const entries = await session.rows<HistoryEntry & { id: string }>(
    `SELECT t.id AS id, ${d.formatDate('t.day')} AS ${d.ident('on')}, t.kind AS kind, t.code AS code, t.text AS text, t.who AS ${d.ident('by')}
FROM (${timeline(d)}) t WHERE t.id IN (SELECT id FROM (${chosen}) c) ORDER BY t.id, t.day, t.rank, t.kind, t.text`,
  );
  const byId = new Map<string, HistoryEntry[]>();
  for (const { id, ...entry } of entries) byId.set(id, [...(byId.get(id) ?? []), entry]);
  return anomalies.map((a) => ({ ...a, entries: byId.get(a.id) ?? [] }));
}

/** Everything that happened to anomalies: id, day, rank (order within a day), kind, code, text, who. */
function timeline(d: Dialect): Sql {
  const none = d.cast('NULL', 'text');
  const open = `(s.anomaly_id = a.id OR (s.anomaly_id IS NULL AND coalesce(s.uscc, a.uscc) = a.uscc AND coalesce(s.check_id, a.check_id) = a.check_id))`;
  return `SELECT e.id AS id, e.as_of AS day, 1 AS rank, e.kind AS kind, e.reason AS code, v.message AS text, ${none} AS who
FROM ledger.event e LEFT JOIN ledger.version v ON v.id = e.id AND v.as_of = e.as_of
UNION ALL SELECT f.id, f.handled_on, 2, ${d.text('feedback')}, f.status, f.note, f.handled_by FROM ledger.feedback f
UNION ALL SELECT g.anomaly_id, g.as_of, 3, ${d.text('assigned')}, ${none}, g.visit, ${d.concat('g.inspector_1_name', d.text('、'), 'g.inspector_2_name')} FROM ledger.assignment g
UNION ALL SELECT a.id, s.from_date, 4, ${d.text('suppressed')}, ${none}, ${d.concat('s.reason', d.text(' → '), d.formatDate('s.until_date'))}, s.owner
  FROM ledger.suppression s JOIN ledger.anomaly a ON ${open}
UNION ALL SELECT a.id, s.ended_on, 5, ${d.text('unsuppressed')}, ${none}, ${none}, s.ended_by
  FROM ledger.suppression s JOIN ledger.anomaly a ON ${open} WHERE s.ended_on IS NOT NULL`;
}

/** The nights themselves, oldest first. */
export async function nightsOf(session: Session, since?: string): Promise<NightLine[]> {
  const d = session.dialect;
  const nights = await session.rows<Omit<NightLine, 'missing_sources'>>(
    `SELECT as_of, coverage, enterprises, found, ${['new', 'persisting', 'reopened', 'resolved', 'not_comparable'].map((c) => d.ident(c)).join(', ')}, red, yellow, blue
FROM ledger.run ${since ? `WHERE as_of >= ${d.date(since)}` : ''} ORDER BY as_of, seq`,
  );
  const missing = await session.rows<{ as_of: string; source: string }>(
    `SELECT DISTINCT s.as_of AS as_of, s.source AS source FROM ledger.run_source s
WHERE NOT s.delivered AND s.source IN (SELECT source FROM ledger.run_source WHERE delivered) ORDER BY 1, 2`,
  );
  return nights.map((n) => ({
    ...n,
    missing_sources: missing.filter((m) => m.as_of === n.as_of).map((m) => m.source),
  }));
}
