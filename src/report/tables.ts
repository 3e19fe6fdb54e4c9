import { wordedFor } from '../compile/details.js';
import { omittedWord } from '../compile/format.js';
import { KINDS, type Treatment } from '../config/masking/schema.js';
import { strictest, type Treat } from '../config/masking/treat.js';
import type { Pack } from '../config/pack.js';
import type { Lang } from '../config/text.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import { maskSql } from '../values/personal.js';
import { type ReasonText, reasons } from '../values/reasons.js';
import { rowReasons } from '../values/row-reasons.js';
import { ANOMALY_COLUMNS, QUARANTINE_COLUMNS } from './anomaly-columns.js';

/** Words as a table, for joins. */
function words(name: string, entries: readonly (readonly string[])[], columns: readonly string[], d: Dialect): Sql {
  const rows = entries.map((e) => `(${e.map((x) => d.text(x)).join(', ')})`);
  return `(VALUES ${rows.join(', ')}) ${name}(${columns.join(', ')})`;
}

const sourceTitles = (pack: Pack, lang: Lang) => [...pack.contracts.values()].map((c) => [c.source, c.title[lang]]);

/** What the ledger says of an anomaly, in `run.standing`: see src/ledger/standing.ts. */
const STANDING_COLUMNS = [
  'state',
  'first_seen',
  'runs',
  'due_on',
  'overdue',
  'suppressed',
  'disposal_status',
  'disposal_by',
  'disposal_on',
  'disposal_note',
];

/** Where the anomalies stand in the words of one circle of readers: 0 is everybody who sees run-wide reports. */
export const anomalyTable = (circle: number): Sql => wordedFor('report.anomalies', circle);

/**
 * `report.anomalies`: one row per anomaly with every column of every report, text but for the row numbers, and beside them the
 * ids that reports are split by. All formats read this table, so that no two can disagree.
 * For readers who see more or less of its values there is another like it, the same but for these.
 */
export function anomalyReport(pack: Pack, lang: Lang, asOf: string, d: Dialect, circle = 0): Sql {
  const severities = Object.entries(pack.vocabulary.severities).map(([id, t], i) => [id, t[lang], String(i)]);
  const side = (n: number, p: string) => [
    `e${n}.source_title AS ${p}_source`,
    `e${n}.label AS ${p}_field`,
    `e${n}.${wordedFor('value', circle)} AS ${p}_value`,
    `e${n}.file AS ${p}_file`,
    `e${n}._row AS ${p}_row`,
  ];
  const columns: Record<string, Sql> = {
    anomaly_id: 'a.id',
    uscc: 'a.uscc',
    enterprise: 'a.enterprise',
    theme: 'c.theme',
    check_id: 'a.check_id',
    check_title: 'c.check_title',
    item: 'c.item',
    key_point: 'c.key_point',
    classification: 'c.classification',
    severity: 's.title',
    department: 'c.department',
    helping_departments: 'c.helping_departments',
    about: `a.${wordedFor('about', circle)}`,
    message: `a.${wordedFor('message', circle)}`,
    other_evidence: 'o.text',
    legal_basis: 'c.legal_basis',
    advice: 'c.advice',
    as_of: d.text(asOf),
    ...Object.fromEntries(STANDING_COLUMNS.map((c) => [c, `l.${c}`])),
  };
  const sides = [...side(1, 'a'), ...side(2, 'b')];
  const selected = ANOMALY_COLUMNS.flatMap((c) =>
    c.id in columns ? [`${columns[c.id]} AS ${c.id}`] : sides.filter((s) => s.endsWith(` AS ${c.id}`)),
  );
  const [open, close, more] = lang === 'zh' ? ['（', '）', '等'] : [' (', ')', ' and more, '];
  const row = lang === 'zh' ? [`第`, `行`] : ['row ', ''];
  const place = `CASE WHEN v.file IS NOT NULL THEN ${d.concat(d.text(open), 'v.source_title', d.text(' '), 'v.file', d.text(` ${row[0]}`), d.cast('v._row', 'text'), d.text(row[1] ?? ''), `CASE WHEN v.rows > 1 THEN ${d.concat(d.text(more), d.cast('v.rows', 'text'), d.text(lang === 'zh' ? '行' : ' rows'))} ELSE ${d.text('')} END`, d.text(close))} ELSE ${d.text('')} END`;
  const item = d.concat('v.label', d.text(lang === 'zh' ? '：' : ': '), `v.${wordedFor('value', circle)}`, place);
  return `CREATE TABLE ${anomalyTable(circle)} AS
WITH v AS (
  SELECT e.*, f.name AS file, t.title AS source_title
  FROM run.evidence e
  LEFT JOIN meta.files f ON f._file = e._file
  LEFT JOIN ${words('t', sourceTitles(pack, lang), ['id', 'title'], d)} ON t.id = e.source
)
SELECT ${selected.join(',\n  ')},
  c.theme_id AS _theme, c.department_id AS _department, a.severity AS _severity, c.position AS _position, a._eid AS _eid,
  l.is_suppressed AS _suppressed,
  row_number() OVER (ORDER BY l.urgency, c.position, a.uscc, a.about_key, a.id) AS _order
FROM run.anomalies a
JOIN run.checks c ON c.check_id = a.check_id
JOIN run.standing l ON l.id = a.id
JOIN ${words('s', severities, ['id', 'title', 'rank'], d)} ON s.id = a.severity
LEFT JOIN v e1 ON e1.id = a.id AND e1.position = 1
LEFT JOIN v e2 ON e2.id = a.id AND e2.position = 2
LEFT JOIN (
  SELECT id, ${d.joinOrdered('text', 'position', lang === 'zh' ? '；' : '; ')} AS text
  FROM (SELECT v.id, v.position, ${item} AS text FROM v WHERE v.position > 2)
  GROUP BY id
) o ON o.id = a.id`;
}

/** How much of a row was not let in. */
export const QUARANTINE_SCOPES = { row: { zh: '整行', en: 'row' }, field: { zh: '单个字段', en: 'field' } };

/** `report.quarantine`: what was not let in, why, and what to do about it. */
export function quarantineReport(pack: Pack, lang: Lang, treat: Treat, d: Dialect): Sql {
  const explained = Object.entries({ ...reasons, ...rowReasons } as Record<string, ReasonText>).map(([id, r]) =>
    lang === 'zh' ? [id, r.zh, r.fix_zh] : [id, r.en, r.fix_en],
  );
  const fields = [...pack.contracts.values()].flatMap((c) =>
    Object.entries(c.fields).map(([id, f]) => [c.source, id, f.title[lang]]),
  );
  const columns: Record<string, Sql> = {
    source: 't.title',
    file: 'q.file',
    row: `q.${d.ident('row')}`,
    scope: `CASE q.scope WHEN 'row' THEN ${d.text(QUARANTINE_SCOPES.row[lang])} ELSE ${d.text(QUARANTINE_SCOPES.field[lang])} END`,
    field: 'coalesce(f.title, q.field)',
    raw: rawSql(pack, lang, treat, d),
    reason: 'q.reason',
    explanation: 'r.explanation',
    fix: 'r.fix',
    name: 'q.name',
  };
  return `CREATE TABLE report.quarantine AS
SELECT ${QUARANTINE_COLUMNS.map((c) => `${columns[c.id]} AS ${d.ident(c.id)}`).join(',\n  ')},
  row_number() OVER (ORDER BY q.source, q.file, q.${d.ident('row')}, q.field, q.reason) AS _order
FROM meta.quarantine q
LEFT JOIN ${words('t', sourceTitles(pack, lang), ['id', 'title'], d)} ON t.id = q.source
LEFT JOIN ${words('f', fields, ['source', 'id', 'title'], d)} ON f.source = q.source AND f.id = q.field
LEFT JOIN ${words('r', explained, ['id', 'explanation', 'fix'], d)} ON r.id = q.reason`;
}

/** What stands in the file, as far as its readers may see it. */
function rawSql(pack: Pack, lang: Lang, treat: Treat, d: Dialect): Sql {
  const omitted = d.text(omittedWord(lang));
  // What could not be read may be anything, such as a name beside the number: only a number is shown in part.
  const number = d.matches('q.raw', '^[0-9]{15}([0-9]{2}[0-9Xx])?$');
  const masks = KINDS.map((k) => {
    const masked = maskSql('q.raw', k, d);
    return `WHEN ${d.text(k)} THEN ${k === 'id_no' ? `CASE WHEN ${number} THEN ${masked} ELSE ${d.text('***')} END` : masked}`;
  });
  const masked = `CASE q.personal ${masks.join(' ')} ELSE ${d.text('***')} END`;
  const as: Record<Treatment, Sql> = { show: 'q.raw', mask: masked, omit: omitted };
  const cases = [...pack.contracts.values()].flatMap((c) => {
    const values = Object.entries(c.fields).map(([field, f]) => ({
      field,
      treatment: treat({ source: c.source, field, kind: f.personal }),
    }));
    if (values.every((v) => v.treatment === 'show')) return [];
    const key = strictest(values.filter((v) => c.key.includes(v.field)).map((v) => v.treatment));
    const line = strictest(values.map((v) => v.treatment));
    const whens = [
      ...values
        .filter((v) => v.treatment !== 'show')
        .map((v) => `WHEN q.field = ${d.text(v.field)} THEN ${as[v.treatment]}`),
      // The parts of a key are known as one text, and of a line that could not be split nobody knows what stands where.
      `WHEN q.reason = ${d.text('ambiguous_key')} THEN ${as[key]}`,
      `WHEN q.field IS NULL THEN ${line === 'mask' ? d.text('***') : as[line]}`,
    ];
    return [`WHEN q.source = ${d.text(c.source)} THEN CASE ${whens.join(' ')} ELSE q.raw END`];
  });
  return cases.length === 0 ? 'q.raw' : `CASE ${cases.join('\n    ')} ELSE q.raw END`;
}
