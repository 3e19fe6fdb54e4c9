import type { Lang } from '../config/text.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import { relabel } from '../engine/relabel.js';
import { DISPOSALS, REASONS, STATES } from '../ledger/words.js';
import { FOLLOWED_COLUMNS } from './anomaly-columns.js';

/** `report.followed`: what was known before and was not found tonight, because it is gone or could not be compared. */
export function followedReport(
  asOf: string,
  lang: Lang,
  severities: Readonly<Record<string, Record<Lang, string>>>,
  d: Dialect,
): Sql {
  const word = (x: Sql, words: Readonly<Record<string, Record<Lang, string>>>) =>
    relabel(
      x,
      Object.entries(words).map(([id, w]) => [id, w[lang]] as const),
      d,
      x,
    );
  const columns: Record<string, Sql> = {
    anomaly_id: 's.id',
    uscc: 's.uscc',
    enterprise: 's.enterprise',
    theme: 'c.theme',
    check_id: 's.check_id',
    check_title: 'c.check_title',
    severity: word('s.severity', severities),
    department: 'c.department',
    about: 's.about',
    state: word('s.state', STATES),
    reason: word('s.reason', REASONS),
    message: 'v.message',
    first_seen: d.formatDate('s.first_seen'),
    last_seen: d.formatDate('s.last_seen'),
    runs: d.cast('s.runs', 'text'),
    disposal_status: word('s.disposal', DISPOSALS),
    disposal_by: 's.handled_by',
    disposal_on: d.formatDate('s.handled_on'),
    disposal_note: 's.note',
  };
  return `CREATE TABLE report.followed AS
SELECT ${FOLLOWED_COLUMNS.map((c) => `${columns[c.id]} AS ${c.id}`).join(',\n  ')},
  row_number() OVER (ORDER BY s.state, c.position, s.uscc, s.id) AS _order
FROM life.standing s
JOIN run.checks c ON c.check_id = s.check_id
LEFT JOIN (
  SELECT * FROM (SELECT id, message, row_number() OVER (PARTITION BY id ORDER BY as_of DESC) AS nth FROM ledger.version) WHERE nth = 1
) v ON v.id = s.id
WHERE s.judged_on = ${d.date(asOf)} AND s.last_seen < s.judged_on`;
}
