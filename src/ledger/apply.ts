import type { CheckedCheck } from '../checks/checked.js';
import type { Engine, Session } from '../engine/engine.js';
import type { IngestRecord } from '../ingest/record.js';
import type { LifeCounts } from './counts.js';
import type { Night, Standing } from './night.js';
import { type Profiles, writeProfiles } from './profiles.js';
import { ANOMALY, anomalyColumns } from './tables.js';

export interface NightRecord {
  night: Night;
  recordedAt: string;
  counts: LifeCounts;
  record: IngestRecord;
  outcomes: ReadonlyMap<
    string,
    { consistent: number; anomaly: number; not_comparable: number; not_applicable: number }
  >;
  checks: readonly CheckedCheck[];
  profiles: Profiles;
  /** Whether the library has the enterprises' addresses and tags. */
  address: boolean;
  tags: boolean;
}

/**
 * Writes the night into the ledger, and whatever `also` has to be written with it, whole or not at all. Answers false where
 * the ledger knew all of it already.
 */
export async function applyNight(
  engine: Engine,
  standing: Standing,
  r: NightRecord,
  also: () => Promise<void> = async () => {},
): Promise<boolean> {
  if (standing === 'same') return false;
  await engine.transaction(async () => {
    await takeBack(engine, standing, r.night.asOf);
    await writeAnomalies(engine);
    await writeRun(engine, r);
    await writeProfiles(engine, r.night.asOf, r.profiles);
    await also();
  });
  return true;
}

/** What an earlier run of the same night did is undone as far as this one judges anew. */
async function takeBack(s: Session, standing: Standing, asOf: string): Promise<void> {
  const d = s.dialect;
  if (standing === 'next') {
    await s.run('DELETE FROM ledger.undo');
    return;
  }
  const restored = 'id IN (SELECT id FROM life.restored)';
  await s.run(`DELETE FROM ledger.anomaly WHERE ${restored}`);
  await s.run(`INSERT INTO ledger.anomaly SELECT ${anomalyColumns(d)} FROM life.restored WHERE existed`);
  for (const table of ['event', 'version']) {
    await s.run(`DELETE FROM ledger.${table} WHERE as_of = ${d.date(asOf)} AND ${restored}`);
  }
  await s.run(`DELETE FROM ledger.undo WHERE ${restored}`);
}

async function writeAnomalies(s: Session): Promise<void> {
  const d = s.dialect;
  const columns = anomalyColumns(d);
  // What names an anomaly is kept of new ones too: whether a later run of the night covers them depends on it.
  const before = Object.keys(ANOMALY).map((c) => `${['id', 'uscc', 'check_id'].includes(c) ? 'n' : 'b'}.${d.ident(c)}`);
  await s.run(`INSERT INTO ledger.undo (${columns}, existed)
SELECT ${before.join(', ')}, b.id IS NOT NULL FROM life.next n LEFT JOIN life.base b ON b.id = n.id
WHERE n.id NOT IN (SELECT id FROM ledger.undo)`);
  await s.run('DELETE FROM ledger.anomaly WHERE id IN (SELECT id FROM life.next)');
  await s.run(`INSERT INTO ledger.anomaly (${columns}) SELECT ${columns} FROM life.next ORDER BY id`);
  await s.run('INSERT INTO ledger.event SELECT id, as_of, kind, reason FROM life.event ORDER BY id, kind');
  await s.run(
    'INSERT INTO ledger.version SELECT id, as_of, severity, fingerprint, message, evidence FROM life.version ORDER BY id',
  );
}

async function writeRun(s: Session, r: NightRecord): Promise<void> {
  const d = s.dialect;
  const day = d.date(r.night.asOf);
  await s.run('DELETE FROM ledger.enterprise WHERE uscc IN (SELECT uscc FROM src.enterprise)');
  await s.run(`INSERT INTO ledger.enterprise
SELECT e.uscc, e.name, ${r.address ? 'e.address' : 'NULL'}, ${r.tags ? d.listJoin('e.scope_tags', '、') : 'NULL'}, ${day} FROM src.enterprise e
WHERE e.uscc IN (SELECT uscc FROM ledger.anomaly) ORDER BY e.uscc`);

  const { night, counts: c } = r;
  const text = (x: string) => d.text(x);
  await s.run(`DELETE FROM ledger.run WHERE as_of = ${day} AND coverage = ${text(night.coverage)}`);
  await s.run(`INSERT INTO ledger.run SELECT coalesce((SELECT max(seq) FROM ledger.run), 0) + 1, ${day},
  ${[night.inputs, night.checks, night.coverage, night.bidui, r.recordedAt].map(text).join(', ')},
  ${[c.enterprises, c.found, c.new, c.persisting, c.reopened, c.resolved, c.not_comparable, c.not_covered, c.red, c.yellow, c.blue].join(', ')}`);

  await s.run(`DELETE FROM ledger.run_source WHERE as_of = ${day}`);
  const sources = Object.entries(r.record.sources).map(([id, x]) => {
    const dates = x.files.flatMap((i) => r.record.files[i]?.extractDate ?? []).sort();
    return `(${day}, ${text(id)}, ${x.delivered ? 'TRUE' : 'FALSE'}, ${x.counts.data}, ${text(dates.at(-1) ?? '')})`;
  });
  if (sources.length > 0) await s.run(`INSERT INTO ledger.run_source VALUES ${sources.join(', ')}`);

  const ids = r.checks.map((x) => text(x.id)).join(', ');
  await s.run(`DELETE FROM ledger.run_check WHERE as_of = ${day} AND check_id IN (${ids})`);
  const outcomes = r.checks.map((x) => {
    const o = r.outcomes.get(x.id)!;
    return `(${text(x.id)}, ${o.consistent}, ${o.anomaly}, ${o.not_comparable}, ${o.not_applicable})`;
  });
  await s.run(`INSERT INTO ledger.run_check
SELECT ${day}, v.check_id, v.consistent, v.anomaly, v.not_comparable, v.not_applicable, coalesce(n.found, 0)
FROM (VALUES ${outcomes.join(', ')}) v(check_id, consistent, anomaly, not_comparable, not_applicable)
LEFT JOIN (SELECT check_id, count(*) AS found FROM life.found GROUP BY check_id) n ON n.check_id = v.check_id`);
}
