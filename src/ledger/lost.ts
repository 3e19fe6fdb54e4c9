import type { CheckedCheck } from '../checks/checked.js';
import { aboutSelect } from '../compile/abouts.js';
import { anomalyId } from '../compile/anomalies.js';
import { OUTCOME, type RunFacts } from '../compile/facts.js';
import { planFrames, sourcesOf } from '../compile/plan.js';
import { BUILTIN_CONTRACTS } from '../config/builtin.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { Engine } from '../engine/engine.js';
import { coveredSql } from './base.js';
import type { Reason, State } from './words.js';

const BUILTIN = BUILTIN_CONTRACTS.map((c) => c.source);

/**
 * `life.lost`: anomalies that were open and were not found tonight, each with what that means. Gone is only what tonight's
 * data could have shown; everything else stays open as 无法比对.
 */
export async function findLost(
  engine: Engine,
  checks: readonly CheckedCheck[],
  facts: RunFacts,
  wholeLibrary: boolean,
): Promise<void> {
  const d = engine.dialect;
  const outcome = checks.map((c) => `WHEN ${d.text(c.id)} THEN o.${d.ident(c.id)}`).join(' ');
  await engine.run(`CREATE TABLE life.unfound AS
SELECT b.id AS id, b.check_id AS check_id, b.uscc AS uscc, b.last_seen AS last_seen, s._eid AS _eid,
  CASE b.check_id ${outcome} END AS outcome
FROM life.base b
LEFT JOIN life.subject s ON s.uscc = b.uscc
LEFT JOIN run.outcomes o ON o._eid = s._eid
WHERE b.state <> ${d.text('resolved')} AND b.id NOT IN (SELECT id FROM life.found) AND ${coveredSql('b', wholeLibrary)}`);
  await findRows(engine, checks, facts);
  await engine.run(superseded(d));
  await engine.run(verdicts(d));
}

/** `life.row`: what was said tonight of each row of the enterprises and checks in question, for checks that judge rows. */
async function findRows(engine: Engine, checks: readonly CheckedCheck[], facts: RunFacts): Promise<void> {
  const d = engine.dialect;
  await engine.run(
    `CREATE TABLE life.row (_eid ${d.typeName('int')}, check_id ${d.typeName('text')}, about_key ${d.typeName('text')}, outcome ${d.typeName('tiny')}, unread ${d.typeName('bool')})`,
  );
  const unfound = await engine.rows<{ check_id: string }>('SELECT DISTINCT check_id FROM life.unfound');
  const wanted = new Set(unfound.map((r) => r.check_id));
  const judged = checks.filter((c) => c.each && wanted.has(c.id));
  if (judged.length === 0) return;
  // A copy of the rows of these enterprises alone: they are few.
  await engine.run('CREATE SCHEMA judged');
  for (const source of new Set(judged.flatMap((c) => [...sourcesOf(c)]))) {
    const table = d.ident(source);
    const linked = facts.source(source).linked;
    const where = linked ? ' WHERE _eid IN (SELECT _eid FROM life.unfound)' : '';
    await engine.run(`CREATE ${linked ? 'TABLE' : 'VIEW'} judged.${table} AS SELECT * FROM src.${table}${where}`);
  }
  for (const check of judged) {
    const [frame] = planFrames([check]);
    await engine.run(`INSERT INTO life.row ${aboutSelect(frame!, d, facts, 'judged')}`);
  }
  await engine.run('DROP SCHEMA judged CASCADE');
}

/** `life.superseded`: found tonight, but told by another check. */
const superseded = (d: Dialect): Sql => `CREATE TABLE life.superseded AS
SELECT DISTINCT ${anomalyId(d)} AS id FROM run.found f JOIN src.enterprise e ON e._eid = f._eid
WHERE f._eid IN (SELECT _eid FROM life.unfound)`;

function verdicts(d: Dialect): Sql {
  const said = (state: State, reason: Reason) => d.text(`${state}:${reason}`);
  const byRow = `CASE
      WHEN r.outcome = ${OUTCOME.not_comparable} THEN ${said('not_comparable', 'outcome')}
      WHEN r.outcome = ${OUTCOME.consistent} THEN ${said('resolved', 'consistent')}
      WHEN r.outcome = ${OUTCOME.not_applicable} THEN ${said('resolved', 'not_applicable')}
      WHEN r.outcome = ${OUTCOME.anomaly} THEN ${said('resolved', 'superseded')}
      WHEN q._eid IS NOT NULL THEN ${said('not_comparable', 'row_refused')}
      WHEN w._eid IS NOT NULL THEN ${said('not_comparable', 'row_unread')}
      WHEN c.complete THEN ${said('resolved', 'row_gone')}
      ELSE ${said('not_comparable', 'row_not_listed')} END`;
  // One verdict for the whole enterprise: an anomaly of something else has taken this one's place, and is open itself.
  const byEnterprise = `CASE u.outcome
      WHEN ${OUTCOME.consistent} THEN ${said('resolved', 'consistent')}
      WHEN ${OUTCOME.not_applicable} THEN ${said('resolved', 'not_applicable')}
      WHEN ${OUTCOME.anomaly} THEN ${said('resolved', 'replaced')}
      ELSE ${said('not_comparable', 'outcome')} END`;
  return `CREATE TABLE life.lost AS
SELECT id, ${d.regexExtract('verdict', '^([a-z_]+):', 1)} AS state, ${d.regexExtract('verdict', ':(.*)$', 1)} AS reason
FROM (
  SELECT u.id AS id, CASE
    WHEN c.held THEN ${said('not_comparable', 'check_held')}
    WHEN s.id IS NOT NULL THEN ${said('resolved', 'superseded')}
    WHEN u._eid IS NULL THEN ${said('not_comparable', 'no_enterprise')}
    WHEN m.id IS NOT NULL OR i.id IS NOT NULL THEN ${said('not_comparable', 'source_missing')}
    WHEN c.each_source IS NOT NULL THEN ${byRow}
    ELSE ${byEnterprise} END AS verdict
  FROM life.unfound u
  JOIN life.covered c ON c.check_id = u.check_id
  LEFT JOIN life.superseded s ON s.id = u.id
  LEFT JOIN (
    -- A source that was there when the anomaly was last found and is not there now.
    SELECT DISTINCT u.id AS id FROM life.unfound u
    JOIN life.check_source t ON t.check_id = u.check_id AND NOT t.delivered
    JOIN ledger.run_source l ON l.as_of = u.last_seen AND l.source = t.source AND l.delivered
  ) m ON m.id = u.id
  LEFT JOIN (
    -- About the rows of such a source as ingest found them: the built-in source is always there, its rows are not.
    SELECT DISTINCT u.id AS id FROM life.unfound u
    JOIN life.covered b ON b.check_id = u.check_id AND b.each_source IN (${BUILTIN.map((s) => d.text(s)).join(', ')})
    JOIN ledger.anomaly a ON a.id = u.id
    JOIN life.missing t ON a.about = t.source OR ${d.startsWith('a.about', d.concat('t.source', d.text(' / ')))}
    JOIN ledger.run_source l ON l.as_of = u.last_seen AND l.source = t.source AND l.delivered
  ) i ON i.id = u.id
  LEFT JOIN (
    SELECT ${anomalyId(d)} AS id, max(f.outcome) AS outcome
    FROM life.row f JOIN src.enterprise e ON e._eid = f._eid GROUP BY 1
  ) r ON r.id = u.id
  LEFT JOIN (SELECT DISTINCT _eid, source FROM meta.quarantine WHERE scope = ${d.text('row')} AND _eid IS NOT NULL) q
    ON q._eid = u._eid AND q.source = c.each_source
  LEFT JOIN (SELECT DISTINCT _eid, check_id FROM life.row WHERE unread) w ON w._eid = u._eid AND w.check_id = u.check_id
)`;
}
