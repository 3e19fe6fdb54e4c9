import type { Dialect, Sql } from '../engine/dialect.js';
import { anomalyId } from './anomalies.js';
import type { OutcomeWords } from './outcome-words.js';
import { FILE_SHIFT } from './row-columns.js';

/**
 * Takes what these checks found out of `run.found` into `run.held`, before one cause is told once: a check that is not
 * believed explains no other. Outcomes change with them.
 */
export function holdBack(checks: readonly string[], words: OutcomeWords, d: Dialect): Sql[] {
  const held = `check_id IN (${checks.map((c) => d.text(c)).join(', ')})`;
  return [
    `CREATE TABLE run.held AS
SELECT * FROM (
  SELECT ${anomalyId(d)} AS id, e.uscc AS uscc, e.name AS enterprise, f._eid AS _eid, f.check_id AS check_id,
    f.severity AS severity, f.about AS about, f.message AS message, f.about_key AS about_key,
    ${d.cast(`floor(f._at / ${FILE_SHIFT})`, 'int')} AS _file, f._at % ${FILE_SHIFT} AS _row,
    row_number() OVER (PARTITION BY f._eid, f.check_id, f.about_key ORDER BY f._at) AS _nth
  FROM run.found f JOIN src.enterprise e ON e._eid = f._eid WHERE f.${held}
) h WHERE _nth = 1`,
    `DELETE FROM run.found WHERE ${held}`,
    words.holdBack(checks),
  ];
}
