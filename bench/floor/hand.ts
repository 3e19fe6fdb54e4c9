import { resolve } from 'node:path';
import type { CheckedCheck } from '../../src/checks/checked.js';
import { allChecks } from '../../src/checks/load-themes.js';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import type { Engine } from '../../src/engine/engine.js';
import { loadChecks } from '../../src/run/load-checks.js';
import type { HandFloor } from '../results.js';
import type { EngineSettings } from '../settings.js';
import { domainMacros } from './functions.js';
import { costOf } from './read.js';
import { themeQueries } from './sql-files.js';

/** Hand-written SQL over the typed tables of `file`, held against the anomalies that bidui found in them. */
export async function runHand(file: string, o: EngineSettings, only: readonly string[] = []): Promise<HandFloor> {
  const engine = await DuckDb.open(o);
  try {
    await engine.attach('typed', file, 'read');
    await engine.run(`SET search_path = 'memory.main,typed.src,typed.meta'`);
    for (const sql of domainMacros(engine.dialect)) await engine.run(sql);
    await engine.run('CREATE TABLE found (check_id VARCHAR, _eid BIGINT, about VARCHAR)');
    const { themes } = loadChecks(resolve('checks'));
    const queries = themeQueries().filter((q) => only.length === 0 || only.includes(q.theme));
    const seconds: Record<string, number> = {};
    const cost = await costOf(async () => {
      for (const q of queries) seconds[q.theme] = await timed(() => engine.run(`INSERT INTO found ${q.sql}`));
      seconds.superseding = await timed(() => engine.run(told(engine, allChecks(themes))));
    });
    const [count] = await engine.rows<{ n: number }>('SELECT count(*) AS n FROM told');
    return {
      ...cost,
      themes: seconds,
      rows: Number(count!.n),
      differences: await differences(
        engine,
        themes.filter((t) => queries.some((q) => q.theme === t.def.theme)).flatMap((t) => t.checks),
      ),
    };
  } finally {
    engine.close();
  }
}

/** One cause is told once, and one row for each thing an anomaly is about. */
function told(engine: Engine, checks: readonly CheckedCheck[]): string {
  const pairs = checks.flatMap((c) =>
    c.def.supersedes.map((s) => `(${engine.dialect.text(c.id)}, ${engine.dialect.text(s)})`),
  );
  return `CREATE TABLE told AS
SELECT DISTINCT f.check_id, f._eid, f.about FROM found f
WHERE NOT EXISTS (
  SELECT 1 FROM found s JOIN (VALUES ${pairs.join(', ')}) p(superseder, superseded) ON p.superseder = s.check_id
  WHERE p.superseded = f.check_id AND s._eid = f._eid AND (s.about = f.about OR s.about = '' OR f.about = ''))`;
}

async function differences(engine: Engine, checks: readonly CheckedCheck[]): Promise<string[]> {
  const ids = checks.map((c) => engine.dialect.text(c.id));
  const mine = 'SELECT check_id, _eid, about FROM told';
  const theirs = `SELECT check_id, _eid, about_key AS about FROM typed.run.anomalies WHERE check_id IN (${ids.join(', ')})`;
  const rows = await engine.rows<{ row: string }>(
    `SELECT '+ ' || check_id || ' ' || _eid || ' ' || about AS row FROM (${mine} EXCEPT ${theirs})
     UNION ALL SELECT '- ' || check_id || ' ' || _eid || ' ' || about FROM (${theirs} EXCEPT ${mine}) ORDER BY row`,
  );
  return rows.map((r) => r.row);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
