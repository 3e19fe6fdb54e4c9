import type { Dialect, Sql } from '../engine/dialect.js';
import { anomalyColumns } from './tables.js';

/**
 * The night's work: `life.next` (the anomalies it touches, as they are after it), `life.event` and `life.version` (what is
 * new to tell of them), and `life.now` (all that is open after it, or was ended by it).
 */
export function nextTables(asOf: string, d: Dialect): Sql[] {
  const day = d.date(asOf);
  const t = d.text;
  const columns = anomalyColumns(d);
  const graver = (x: Sql) => `CASE ${x} WHEN ${t('red')} THEN 3 WHEN ${t('yellow')} THEN 2 ELSE 1 END`;
  const state = `CASE WHEN b.id IS NULL THEN ${t('new')} WHEN b.state = ${t('resolved')} THEN ${t('reopened')} ELSE ${t('persisting')} END`;
  const opens = `(b.id IS NULL OR b.state = ${t('resolved')})`;
  const none = d.cast('NULL', 'text');
  const found: Record<string, Sql> = {
    id: 'f.id',
    uscc: 'f.uscc',
    enterprise: 'f.enterprise',
    check_id: 'f.check_id',
    department: 'f.department',
    severity: 'f.severity',
    about: 'f.about',
    state,
    reason: none,
    first_seen: `coalesce(b.first_seen, ${day})`,
    opened_on: `CASE WHEN ${opens} THEN ${day} ELSE b.opened_on END`,
    last_seen: day,
    judged_on: day,
    state_since: `CASE WHEN b.state = ${state} THEN b.state_since ELSE ${day} END`,
    runs: 'coalesce(b.runs, 0) + 1',
    reopened: `coalesce(b.reopened, 0) + CASE WHEN b.state = ${t('resolved')} THEN 1 ELSE 0 END`,
    fingerprint: 'f.fingerprint',
    changed_on: `CASE WHEN b.fingerprint = f.fingerprint THEN b.changed_on ELSE ${day} END`,
    data_on: 'f.data_on',
    clock_from: `CASE WHEN ${opens} OR ${graver('f.severity')} > ${graver('b.severity')} THEN ${day} ELSE b.clock_from END`,
  };
  const lost: Record<string, Sql> = {
    ...Object.fromEntries(Object.keys(found).map((c) => [c, `b.${d.ident(c)}`])),
    state: 'l.state',
    reason: 'l.reason',
    judged_on: day,
    state_since: `CASE WHEN b.state = l.state THEN b.state_since ELSE ${day} END`,
  };
  const select = (of: Record<string, Sql>) =>
    Object.entries(of)
      .map(([c, x]) => `${x} AS ${d.ident(c)}`)
      .join(', ');
  return [
    `CREATE TABLE life.next AS
SELECT ${select(found)} FROM life.found f LEFT JOIN life.base b ON b.id = f.id
UNION ALL
SELECT ${select(lost)} FROM life.lost l JOIN life.base b ON b.id = l.id`,
    `CREATE TABLE life.now AS
SELECT ${columns} FROM life.next
UNION ALL SELECT ${columns} FROM life.base WHERE id NOT IN (SELECT id FROM life.next)`,
    `CREATE TABLE life.event AS
SELECT n.id AS id, n.as_of AS as_of, n.kind AS kind, n.reason AS reason FROM (
  SELECT n.id AS id, ${day} AS as_of, n.reason AS reason, CASE
    WHEN n.state IN (${t('new')}, ${t('reopened')}) THEN n.state
    WHEN n.state IN (${t('resolved')}, ${t('not_comparable')}) THEN CASE WHEN b.state <> n.state THEN n.state END
    WHEN b.state = ${t('not_comparable')} THEN ${t('comparable')}
  END AS kind
  FROM life.next n LEFT JOIN life.base b ON b.id = n.id
) n WHERE n.kind IS NOT NULL
UNION ALL
SELECT n.id, ${day}, ${t('changed')}, ${none} FROM life.next n JOIN life.base b ON b.id = n.id
WHERE n.last_seen = ${day} AND b.fingerprint <> n.fingerprint`,
    `CREATE TABLE life.version AS
SELECT f.id AS id, ${day} AS as_of, f.severity AS severity, f.fingerprint AS fingerprint, f.message AS message, f.evidence AS evidence
FROM life.found f LEFT JOIN life.base b ON b.id = f.id
WHERE b.id IS NULL OR b.fingerprint <> f.fingerprint`,
  ];
}
