import type { CheckedCheck } from '../checks/checked.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import { OTHER_TEXTS, toldText, wordedFor } from './details.js';
import { OUTCOME } from './facts.js';
import type { Frame } from './plan.js';
import { fill, inPortion, type Portion } from './portions.js';
import { FILE_SHIFT } from './tables.js';

/** What the frames that judge rows say of their enterprises, together. */
const OF_ROWS = 'of_rows';

/**
 * `run.outcomes`: every enterprise of the schema, every check. A frame that judges rows has no row of an enterprise that it says nothing
 * of. Those frames are put together first, with one row an enterprise: to join each of them by itself hands all columns on as often as
 * there are frames. Of a portion, its enterprises.
 */
export function outcomesTable(
  frames: readonly Frame[],
  checks: readonly CheckedCheck[],
  d: Dialect,
  schema: string,
  portion?: Portion,
): Sql {
  const frameOf = new Map(frames.flatMap((f) => f.checks.map((c) => [c, f] as const)));
  const nothing = d.cast(String(OUTCOME.not_applicable), 'tiny');
  const columns = checks.map((c) => {
    const { name, each } = frameOf.get(c) as Frame;
    const column = d.ident(c.id);
    return each ? `coalesce(${OF_ROWS}.${column}, ${nothing}) AS ${column}` : `${name}.${column}`;
  });
  const [first, ...others] = frames.filter((f) => !f.each);
  const rowsOf = (table: string) => (portion ? `(SELECT * FROM ${table} WHERE ${inPortion(portion)})` : table);
  const base = first ? `${rowsOf(`run.${first.name}`)} AS ${first.name}` : `${rowsOf(`${schema}.enterprise`)} AS e`;
  const eid = `${first?.name ?? 'e'}._eid`;
  const joins = others.map((f) => `JOIN ${rowsOf(`run.${f.name}`)} AS ${f.name} ON ${f.name}._eid = ${eid}`);
  const judgingRows = frames.filter((f) => f.each);
  if (judgingRows.length > 0)
    joins.push(`LEFT JOIN (${ofRows(judgingRows, rowsOf, d)}) AS ${OF_ROWS} ON ${OF_ROWS}._eid = ${eid}`);
  return fill(
    'run.outcomes',
    `SELECT ${eid} AS _eid, ${columns.join(', ')}\nFROM ${base}\n${joins.join('\n')}`,
    portion,
  );
}

/** Each frame has at most one row of an enterprise, and its own checks: the greatest of a column is its only value. */
function ofRows(frames: readonly Frame[], rowsOf: (table: string) => Sql, d: Dialect): Sql {
  const columns = frames.flatMap((f) => f.checks.map((c) => d.ident(c.id)));
  const rows = d.unionByName(frames.map((f) => `SELECT * FROM ${rowsOf(`run.${f.name}`)}`));
  return `SELECT _eid, ${columns.map((c) => `max(${c}) AS ${c}`).join(', ')} FROM (${rows}) AS said GROUP BY _eid`;
}

/** `run.flagged`: enterprises with an anomaly of any check. A chain of OR asks of a row only until one check says yes. */
export function flaggedTable(checks: readonly CheckedCheck[], d: Dialect): Sql {
  const any = checks.map((c) => `${d.ident(c.id)} = ${OUTCOME.anomaly}`).join(' OR ');
  return `CREATE TABLE run.flagged AS SELECT _eid FROM run.outcomes WHERE ${any}`;
}

/**
 * How many enterprises came out how: `nth` of the checks, from 1, the outcome, and how many. Most enterprises come out as many others
 * do, so those that are alike are counted first; a count for each check and outcome would be hundreds of aggregates.
 */
export function outcomeCounts(checks: readonly CheckedCheck[], d: Dialect): Sql {
  const columns = checks.map((c) => d.ident(c.id));
  const outcomes = d.anyList(...columns);
  return `SELECT nth, outcome, ${d.cast('sum(alike)', 'int')} AS n
FROM (
  SELECT ${d.positions(outcomes)} AS nth, ${d.unnest(outcomes)} AS outcome, alike
  FROM (SELECT ${columns.join(', ')}, count(*) AS alike FROM run.outcomes GROUP BY ${columns.join(', ')}) AS judged
) AS each_check
GROUP BY nth, outcome`;
}

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

/** An enterprise whose anomaly of a check is told by another check is 不适用 for it: outcomes and rows always agree. */
export function supersedeOutcomes(check: CheckedCheck, d: Dialect): Sql {
  const column = d.ident(check.id);
  return `UPDATE run.outcomes SET ${column} = ${OUTCOME.not_applicable}
WHERE ${column} = ${OUTCOME.anomaly}
  AND _eid NOT IN (SELECT _eid FROM run.anomalies WHERE check_id = ${d.text(check.id)})`;
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
