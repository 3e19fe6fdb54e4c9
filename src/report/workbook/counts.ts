import type { Sql } from '../../engine/dialect.js';
import type { Session } from '../../engine/engine.js';

/** How many anomalies of a workbook there are of each kind. */
export interface Counted {
  theme: string;
  department: string;
  severity: string;
  /** In words; empty where there is no ledger. */
  state: string;
  anomalies: number;
}

/** Counted from the very rows that the sheets hold. */
export async function countAnomalies(session: Session, table: Sql, where: Sql): Promise<Counted[]> {
  const by = '_theme, _department, _severity, state';
  const rows = await session.rows<Record<string, string | number>>(
    `SELECT ${by}, count(*) AS anomalies FROM ${table} WHERE ${where} GROUP BY ${by} ORDER BY ${by}`,
  );
  return rows.map((r) => ({
    theme: String(r._theme),
    department: String(r._department),
    severity: String(r._severity),
    state: String(r.state ?? ''),
    anomalies: Number(r.anomalies),
  }));
}

export const total = (all: readonly Counted[], of: Partial<Counted> = {}): number =>
  all
    .filter((c) => Object.entries(of).every(([k, v]) => c[k as keyof Counted] === v))
    .reduce((n, c) => n + c.anomalies, 0);
