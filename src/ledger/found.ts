import type { Dialect, Sql } from '../engine/dialect.js';

/** `life.found`: tonight's anomalies, in the words a ledger keeps whatever the language and masking of the reports. */
export function foundTable(asOf: string, d: Dialect): Sql {
  const item = d.json(
    d.struct({ label: 'e.kept_label', value: 'e.kept', source: 'e.source', file: 'f.name', row: 'e._row' }),
  );
  return `CREATE TABLE life.found AS
SELECT a.id AS id, a._eid AS _eid, a.uscc AS uscc, a.enterprise AS enterprise, a.check_id AS check_id,
  c.department_id AS department, a.severity AS severity, a.kept_about AS about, a.kept_message AS message,
  ${d.md5(d.concat('a.severity', d.text('|'), 'v.steady'))} AS fingerprint,
  ${d.concat(d.text('['), 'v.items', d.text(']'))} AS evidence,
  coalesce(v.day, ${d.date(asOf)}) AS data_on
FROM run.anomalies a
JOIN run.checks c ON c.check_id = a.check_id
LEFT JOIN (
  SELECT e.id AS id,
    ${d.joinOrdered(`CASE WHEN e.steady = ${d.text('steady')} THEN ${d.concat('e.kept_label', d.text('='), 'e.kept')} ELSE ${d.text('')} END`, 'e.position', '|')} AS steady,
    ${d.joinOrdered(item, 'e.position', ',')} AS items,
    max(l.day) AS day
  FROM run.evidence e
  LEFT JOIN meta.files f ON f._file = e._file
  LEFT JOIN life.file l ON l._file = e._file
  GROUP BY e.id
) v ON v.id = a.id`;
}
