import { DuckDb } from '../../../src/engine/duckdb/database.js';
import { ANOMALY_COLUMNS } from '../../../src/report/anomaly-columns.js';
import type { ReportModel } from '../../../src/report/model.js';

/** Rows of `report.anomalies`: what is not said is blank. `i` is the row's number from 0. */
export interface Made {
  rows: number;
  columns?: Readonly<Record<string, string>>;
  theme?: string;
}

/** A model of one theme and one department with as many anomalies as are wanted, made by the engine. */
export async function model(dir: string, made: Made): Promise<ReportModel & { session: DuckDb }> {
  const session = await DuckDb.open({ threads: 2 });
  const columns: Readonly<Record<string, string>> = {
    anomaly_id: `'T-01-' || printf('%012d', i)`,
    severity: `'红'`,
    disposal_status: `'待核查'`,
    a_row: 'i',
    b_row: 'NULL',
    ...made.columns,
  };
  const values = ANOMALY_COLUMNS.map((c) => `${columns[c.id] ?? `''`} AS ${c.id}`);
  await session.run('CREATE SCHEMA report');
  await session.run(
    `CREATE TABLE report.anomalies AS SELECT ${values.join(', ')}, 't' AS _theme, 'd' AS _department, 'red' AS _severity,
      FALSE AS _suppressed, i + 1 AS _order FROM range(${made.rows}) r(i)`,
  );
  const outcomes = { consistent: 1, anomaly: 1, not_comparable: 0, not_applicable: 0 };
  const title = made.theme ?? '主题';
  const summary = {
    as_of: '2026-07-31',
    ...{ lang: 'zh', enterprises: 2, enterprises_anomalous: 1, checks: 1, outcomes, anomalies: made.rows },
    by_severity: [{ severity: 'red', title: '红', anomalies: made.rows }],
    by_department: [{ department: 'd', title: '部门', anomalies: made.rows }],
    by_theme: [],
    by_check: [{ check: 'T-01', title: '规则', theme: 't', ...outcomes, anomalies: made.rows }],
    by_source: [],
  };
  return {
    ...{ session, engine: session, dir, summary, lang: 'zh', version: '1', followed: false },
    entries: [{ check_id: 'T-01', department_id: 'd' }],
    themes: [{ id: 't', name: title }],
    departments: [{ id: 'd', name: '部门' }],
  } as unknown as ReportModel & { session: DuckDb };
}
