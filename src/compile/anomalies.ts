import type { CheckedCheck } from '../checks/checked.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import { OTHER_TEXTS, toldText, wordedFor } from './details.js';
import type { OutcomeWords } from './outcome-words.js';
import type { Frame } from './plan.js';
import { fill, inPortion, type Portion } from './portions.js';
import { FILE_SHIFT } from './row-columns.js';

/** What the frames that judge rows say of their enterprises, together. */
const OF_ROWS = 'of_rows';

/**
 * The outcomes of every enterprise of the schema by every check, as `words`. A frame that judges rows has no row of an enterprise that it
 * says nothing of. Those frames are put together first, with one row an enterprise: to join each of them by itself hands all columns on as
 * often as there are frames. Of a portion, its enterprises.
 */
export function outcomesTable(
  frames: readonly Frame[],
  words: OutcomeWords,
  d: Dialect,
  schema: string,
  portion?: Portion,
): Sql {
  const said = frames.map((frame) => {
    const names = words.namesFor(frame.checks);
    const where = portion ? ` WHERE ${inPortion(portion)}` : '';
    return { ...frame, words: names, rows: `SELECT ${['_eid', ...names].join(', ')} FROM run.${frame.name}${where}` };
  });
  const [first, ...others] = said.filter((f) => !f.each);
  const judgingRows = said.filter((f) => f.each);
  const everyone = portion
    ? `(SELECT _eid FROM ${schema}.enterprise WHERE ${inPortion(portion)})`
    : `${schema}.enterprise`;
  const base = first ? `(${first.rows}) AS ${first.name}` : `${everyone} AS e`;
  const eid = `${first?.name ?? 'e'}._eid`;
  const joins = others.map((f) => `JOIN (${f.rows}) AS ${f.name} ON ${f.name}._eid = ${eid}`);
  if (judgingRows.length > 0) {
    const bits = [...new Set(judgingRows.flatMap((f) => f.words))].map((w) => `, ${d.bitsOfAnyRow(w)} AS ${w}`);
    const rows = d.unionByName(judgingRows.map((f) => f.rows));
    joins.push(
      `LEFT JOIN (SELECT _eid${bits.join('')} FROM (${rows}) AS said GROUP BY _eid) AS ${OF_ROWS} ON ${OF_ROWS}._eid = ${eid}`,
    );
  }
  const columns = words.names.map((word) => {
    const whole = said.filter((f) => !f.each && f.words.includes(word)).map((f) => `${f.name}.${word}`);
    const ofRows = judgingRows.some((f) => f.words.includes(word)) ? [`coalesce(${OF_ROWS}.${word}, 0)`] : [];
    return `, ${d.bitsOfAny(...whole, ...ofRows)} AS ${word}`;
  });
  return fill(words.table, `SELECT ${eid} AS _eid${columns.join('')}\nFROM ${base}\n${joins.join('\n')}`, portion);
}

/** `run.flagged`: enterprises with an anomaly of any check, and their outcomes. */
export const flaggedTable = (words: OutcomeWords): Sql =>
  `CREATE TABLE run.flagged AS SELECT * FROM ${words.table} WHERE ${words.anyAnomaly()}`;

/** `run.found`: the anomalies as the checks tell them, before one cause is told once. */
export function foundTable(d: Dialect, others = 0): Sql {
  const circles = Array.from({ length: others }, (_, i) => i + 1);
  const empty = d.structList([
    {
      label: d.text(''),
      value: d.text(''),
      source: d.text(''),
      at: d.cast('0', 'int'),
      rows: d.cast('0', 'int'),
      kept_label: d.text(''),
      kept: d.text(''),
      steady: d.text(''),
      ...Object.fromEntries(circles.map((n) => [wordedFor('value', n), d.text('')])),
    },
  ]);
  const texts = ['check_id', 'severity', 'about', 'about_key', 'kept_about', 'kept_message', 'message'].map(
    (c) => `${d.text('')} AS ${c}`,
  );
  const worded = circles.flatMap((n) => OTHER_TEXTS.map((c) => `, ${d.text('')} AS ${wordedFor(c, n)}`));
  const none = `SELECT ${d.cast('0', 'int')} AS _eid, ${texts.join(', ')}, ${d.cast('0', 'int')} AS _at, ${empty} AS evidence${worded.join('')} WHERE FALSE`;
  return `CREATE TABLE run.found AS ${none}`;
}

/** The same in every run that finds it again. `e` is the enterprise, `f` what was found. */
export const anomalyId = (d: Dialect): Sql =>
  `f.check_id || '-' || ${d.upper(d.substr(d.md5(`e.uscc || '|' || f.check_id || '|' || f.about_key`), 1, 12))}`;

/**
 * `run.anomalies`: one row per enterprise, check and what it is about. Its id is the same in every run that finds it again.
 * Where one check explains another (supersedes), the other's row is left out, provided they are about the same thing or
 * one of them is about the enterprise as a whole.
 */
export function anomaliesTable(checks: readonly CheckedCheck[], d: Dialect): Sql[] {
  const pairs = checks.flatMap((c) => c.def.supersedes.map((s) => `(${d.text(c.id)}, ${d.text(s)})`));
  const superseded = pairs.length
    ? `EXISTS (
    SELECT 1 FROM run.found s JOIN (VALUES ${pairs.join(', ')}) p(superseder, superseded) ON p.superseder = s.check_id
    WHERE p.superseded = f.check_id AND s._eid = f._eid AND (s.about_key = f.about_key OR s.about_key = '' OR f.about_key = '')
  )`
    : 'FALSE';
  return [
    `CREATE TABLE run.anomalies AS
SELECT * FROM (
  SELECT ${anomalyId(d)} AS id, e.uscc AS uscc, e.name AS enterprise, f.*,
    ${superseded} AS superseded,
    row_number() OVER (PARTITION BY f._eid, f.check_id, f.about_key ORDER BY f._at) AS _nth
  FROM run.found f JOIN src.enterprise e ON e._eid = f._eid
) WHERE _nth = 1 AND NOT superseded`,
  ];
}

/** `run.evidence`: the values of each anomaly in their order, each with its source, file and row. */
export function evidenceTable(d: Dialect, others = 0): Sql {
  const worded = Array.from({ length: others }, (_, i) => wordedFor('value', i + 1));
  const item = 'x.item';
  const at = d.field(item, 'at');
  return `CREATE TABLE run.evidence AS
SELECT x.id AS id, x.position AS position, ${['label', 'value', 'source', 'rows', 'kept_label', 'kept', 'steady', ...worded].map((f) => `${toldText(item, f, d)} AS ${d.ident(f)}`).join(', ')},
  ${d.cast(`floor(${at} / ${FILE_SHIFT})`, 'int')} AS _file, ${at} % ${FILE_SHIFT} AS _row
FROM (SELECT id, ${d.unnest('evidence')} AS item, ${d.positions('evidence')} AS position FROM run.anomalies) x`;
}
