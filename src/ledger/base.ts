import type { Dialect, Sql } from '../engine/dialect.js';
import type { Standing } from './night.js';
import { anomalyColumns } from './tables.js';

/**
 * What the ledger knew before this night.
 *
 * `life.restored`: where the night was run before, the anomalies that run touched, as they were before it, as far as this
 * run judges them anew: the last run of a night counts, check by check and enterprise by enterprise.
 * `life.base`: anomalies that are open, or found tonight.
 */
export function baseTables(standing: Standing, wholeLibrary: boolean, d: Dialect): Sql[] {
  const columns = anomalyColumns(d);
  const covered = coveredSql('u', wholeLibrary);
  const restored = `SELECT u.* FROM ledger.undo u WHERE ${standing === 'next' ? 'FALSE' : covered}`;
  return [
    `CREATE TABLE life.restored AS ${restored}`,
    `CREATE TABLE life.base AS
SELECT ${columns} FROM (
  SELECT ${columns} FROM ledger.anomaly WHERE id NOT IN (SELECT id FROM life.restored)
  UNION ALL SELECT ${columns} FROM life.restored WHERE existed
) b
WHERE state <> ${d.text('resolved')} OR id IN (SELECT id FROM life.found)`,
  ];
}

/** Whether this run looked for an anomaly at all: its check was run, and its enterprise was not left out by a scope. */
export function coveredSql(row: string, wholeLibrary: boolean): Sql {
  const check = `${row}.check_id IN (SELECT check_id FROM life.covered)`;
  return wholeLibrary ? check : `${check} AND ${row}.uscc IN (SELECT uscc FROM life.subject)`;
}

/** `life.subject`: the enterprises that were judged. */
export const subjectTable = (): Sql =>
  'CREATE TABLE life.subject AS SELECT o._eid AS _eid, e.uscc AS uscc FROM run.outcomes o JOIN src.enterprise e ON e._eid = o._eid';
