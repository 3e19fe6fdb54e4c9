import type { Dialect, Sql } from '../../engine/dialect.js';
import { anomaliesFor, type ReportModel } from '../model.js';
import { MACHINE_COLUMNS, type MachineType } from './columns.js';

/** Made once, by the first format that asks for it. */
export const MACHINE_TABLE = 'report.machine';

/**
 * `report.machine`: `report.anomalies` in types. The words are those of every report; days, counts and ids come from where the
 * words were made. What there is none of is NULL, never ''.
 */
export async function machineTable(m: ReportModel): Promise<void> {
  const d = m.session.dialect;
  const columns = expressions(m.followed, d);
  const ledger = m.followed ? 'LEFT JOIN life.standing s ON s.id = a.anomaly_id' : '';
  const selected = MACHINE_COLUMNS.map((c) => {
    const x = columns[c.id] ?? (c.type === 'text' ? `nullif(a.${d.ident(c.id)}, '')` : `a.${d.ident(c.id)}`);
    return `${d.cast(x, c.type satisfies MachineType)} AS ${d.ident(c.id)}`;
  });
  await m.session.run(
    `CREATE TABLE IF NOT EXISTS ${MACHINE_TABLE} AS\nSELECT ${selected.join(',\n  ')}, a._order AS _order\nFROM ${anomaliesFor(m, 'machine')} a JOIN report.gate g ON g.id = a.anomaly_id ${ledger}`,
  );
}

function expressions(followed: boolean, d: Dialect): Record<string, Sql> {
  const of = (x: Sql): Sql => (followed ? x : 'NULL');
  const whenSuppressed = (x: Sql): Sql => of(`CASE WHEN s.suppressed_by IS NOT NULL THEN ${x} END`);
  return {
    theme_id: 'a._theme',
    severity_id: 'a._severity',
    department_id: 'a._department',
    state_id: of('s.state'),
    first_seen: of('s.first_seen'),
    runs: of('s.runs'),
    due_on: of('s.due_on'),
    due_on_provisional: of('s.due_guessed'),
    overdue: of('coalesce(s.overdue, FALSE)'),
    overdue_days: of('CASE WHEN s.overdue THEN s.days_over END'),
    suppressed: 'a._suppressed',
    suppressed_until: whenSuppressed('s.suppressed_until'),
    suppressed_by: whenSuppressed('s.suppressed_owner'),
    suppressed_reason: whenSuppressed('s.suppressed_reason'),
    known: 'g.known',
    disposal_status_id: followed ? 's.disposal' : d.text('pending'),
    disposal_on: of('s.handled_on'),
  };
}
