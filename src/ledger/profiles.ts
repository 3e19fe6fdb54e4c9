import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';

/** What a source looked like in a night, for the nights after it. */
export interface SourceProfile {
  source: string;
  rows: number;
  headers: readonly string[];
  /** No guard stopped it: it may serve as a measure. */
  taken: boolean;
  /** A guard would have stopped it, but somebody looked and let it in: what was before is no measure any more. */
  accepted: boolean;
}

/** How a check came out, before anything was held back. */
export interface CheckProfile {
  check: string;
  judged: number;
  anomalous: number;
  taken: boolean;
  accepted: boolean;
}

export interface Profiles {
  /** The enterprises that were judged: shares are of them. */
  coverage: string;
  sources: readonly SourceProfile[];
  checks: readonly CheckProfile[];
}

/** Nights that are kept: more than any guard may ask for. */
const KEPT = 400;

/** Earlier nights of each source, the newest first, back to the last one that somebody accepted. */
export async function sourceHistory(
  s: Session,
  asOf: string,
): Promise<Map<string, { rows: number; headers: string[] }[]>> {
  const rows = await s.rows<{ source: string; rows: number; headers: string }>(
    since('source_profile', 'source', `source, ${s.dialect.ident('rows')}, headers`, `as_of < ${s.dialect.date(asOf)}`),
  );
  return grouped(
    rows,
    (r) => r.source,
    (r) => ({ rows: Number(r.rows), headers: JSON.parse(r.headers) as string[] }),
  );
}

/** Earlier shares of each check, of runs over the same enterprises. */
export async function checkHistory(s: Session, asOf: string, coverage: string): Promise<Map<string, number[]>> {
  const d = s.dialect;
  const rows = await s.rows<{ check_id: string; judged: number; anomalous: number }>(
    since(
      'check_profile',
      'check_id',
      'check_id, judged, anomalous',
      `as_of < ${d.date(asOf)} AND coverage = ${d.text(coverage)} AND judged > 0`,
    ),
  );
  return grouped(
    rows,
    (r) => r.check_id,
    (r) => Number(r.anomalous) / Number(r.judged),
  );
}

const since = (table: string, key: string, columns: string, where: Sql): Sql => `SELECT ${columns} FROM (
  SELECT *, max(CASE WHEN accepted THEN as_of END) OVER (PARTITION BY ${key}) AS _since FROM ledger.${table} WHERE ${where}
) p WHERE taken AND (_since IS NULL OR as_of >= _since) ORDER BY ${key}, as_of DESC`;

function grouped<R, T>(rows: readonly R[], key: (r: R) => string, value: (r: R) => T): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const r of rows) {
    const group = groups.get(key(r)) ?? [];
    group.push(value(r));
    groups.set(key(r), group);
  }
  return groups;
}

/** Written with the night they are of. */
export async function writeProfiles(s: Session, asOf: string, p: Profiles): Promise<void> {
  const { coverage } = p;
  const d = s.dialect;
  const day = d.date(asOf);
  const bool = (x: boolean) => (x ? 'TRUE' : 'FALSE');
  await s.run(`DELETE FROM ledger.source_profile WHERE as_of = ${day}`);
  await insert(
    s,
    'source_profile',
    p.sources.map((x) => [
      day,
      d.text(x.source),
      String(x.rows),
      d.text(JSON.stringify(x.headers)),
      bool(x.taken),
      bool(x.accepted),
    ]),
  );
  const checks = p.checks.map((x) => d.text(x.check)).join(', ');
  if (checks) {
    await s.run(
      `DELETE FROM ledger.check_profile WHERE as_of = ${day} AND coverage = ${d.text(coverage)} AND check_id IN (${checks})`,
    );
  }
  await insert(
    s,
    'check_profile',
    p.checks.map((x) => [
      day,
      d.text(coverage),
      d.text(x.check),
      String(x.judged),
      String(x.anomalous),
      bool(x.taken),
      bool(x.accepted),
    ]),
  );
  for (const table of ['source_profile', 'check_profile']) {
    await s.run(`DELETE FROM ledger.${table} WHERE as_of < (${oldest(d, table)})`);
  }
}

const oldest = (d: Dialect, table: string): Sql =>
  `SELECT min(as_of) FROM (SELECT DISTINCT as_of FROM ledger.${d.ident(table)} ORDER BY as_of DESC LIMIT ${KEPT}) n`;

async function insert(s: Session, table: string, rows: readonly Sql[][]): Promise<void> {
  if (rows.length === 0) return;
  await s.run(`INSERT INTO ledger.${table} VALUES ${rows.map((r) => `(${r.join(', ')})`).join(', ')}`);
}
