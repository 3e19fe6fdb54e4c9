import { DuckDb } from '../../src/engine/duckdb/database.js';

/**
 * Rows `<check> <enterprise> <about>` that only one side has: `+` the peer, `-` bidui. A peer tells every cause by itself; where
 * one check replaces another in bidui, the replaced rows are no difference.
 */
export async function differencesOf(
  typed: string,
  checks: readonly string[],
  found: readonly string[],
): Promise<string[]> {
  const engine = await DuckDb.open();
  try {
    const d = engine.dialect;
    await engine.attach('typed', typed, 'read');
    const rows = await engine.rows<{ row: string; told: boolean }>(
      `SELECT f.check_id || ' ' || f._eid || ' ' || f.about_key AS row, bool_or(a._eid IS NOT NULL) AS told
       FROM typed.run.found f
       LEFT JOIN typed.run.anomalies a ON a.check_id = f.check_id AND a._eid = f._eid AND a.about_key = f.about_key
       WHERE f.check_id IN (${checks.map((c) => d.text(c)).join(', ')}) GROUP BY ALL`,
    );
    const theirs = new Set(found);
    const all = new Set(rows.map((r) => r.row));
    return [
      ...[...theirs].filter((r) => !all.has(r)).map((r) => `+ ${r}`),
      ...rows.filter((r) => r.told && !theirs.has(r.row)).map((r) => `- ${r.row}`),
    ];
  } finally {
    engine.close();
  }
}
