import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pLimit from 'p-limit';
import { allChecks } from '../src/checks/load-themes.js';
import { workdaysTable } from '../src/compile/language-functions.js';
import { DuckDb } from '../src/engine/duckdb/database.js';
import type { Engine } from '../src/engine/engine.js';
import { loadSources } from '../src/ingest/load.js';
import { applyNight } from '../src/ledger/apply.js';
import { liveNight } from '../src/ledger/life.js';
import { openLedger } from '../src/ledger/open.js';
import { ledgerPolicy } from '../src/ledger/policy.js';
import { standAll } from '../src/ledger/standing.js';
import { ledgerSummary } from '../src/ledger/summary.js';
import { catalogue, catalogueTable } from '../src/report/catalogue.js';
import { compare } from '../src/run/compare.js';
import { factsOf, wordingOf } from '../src/run/facts.js';
import { loadChecks } from '../src/run/load-checks.js';

/**
 * The ledger's step alone: npx tsx bench/ledger.ts [enterprises] [share of anomalous ones]. The tables that compare would
 * leave are made directly: of each anomalous enterprise one to two anomalies with three values each, a twentieth of them
 * other ones every night.
 */
const count = Number(process.argv[2] ?? 1_000_000);
const share = Number(process.argv[3] ?? 0.05);
const { pack, themes } = loadChecks(resolve('checks'));
const checks = allChecks(themes);
const root = mkdtempSync(join(tmpdir(), 'bidui-bench-'));
const state = join(root, 'ledger.duckdb');

async function night(n: number, asOf: string): Promise<void> {
  const engine = await DuckDb.open({ path: join(root, `work-${n}.duckdb`), tempDirectory: join(root, 'spill') });
  try {
    await openLedger(engine, state, 'write');
    const record = await loadSources(engine, pack, {
      contracts: [...pack.contracts.values()].filter((c) => !pack.builtin.has(c.source)),
      inputs: [],
      read: () => Promise.reject(new Error('nothing to read')),
      limit: pLimit(1),
    });
    for (const s of Object.values(record.sources)) s.delivered = true;
    const facts = await factsOf(engine, pack, record, { asOf, lang: 'zh', unmasked: false });
    await engine.run(workdaysTable(engine.dialect));
    await compare(engine, checks, facts, wordingOf(pack));
    await synthesise(engine, n, asOf);
    const seconds: Record<string, number> = {};
    const timed = async <T>(step: string, work: () => Promise<T>): Promise<T> => {
      const start = performance.now();
      const result = await work();
      seconds[step] = Math.round(performance.now() - start) / 1000;
      return result;
    };
    const key = { asOf, inputs: String(n), checks: 'x', coverage: 'all', bidui: 'bench' };
    const { standing, counts } = await timed('life', () =>
      liveNight(engine, { checks, facts, record, night: key, held: new Set(), wholeLibrary: true }),
    );
    await timed('standing', () =>
      standAll(engine, { asOf, policy: ledgerPolicy.parse({}), of: 'life.now', holidays: 'src.holidays' }),
    );
    const summary = await timed('summary', () => ledgerSummary(engine, asOf, counts));
    const outcomes = new Map(
      checks.map((c) => [c.id, { consistent: 0, anomaly: 0, not_comparable: 0, not_applicable: 0 }]),
    );
    await timed('commit', () =>
      applyNight(engine, standing, {
        night: key,
        counts,
        record,
        outcomes,
        checks,
        profiles: { coverage: 'all', sources: [], checks: [] },
        recordedAt: '',
        address: true,
        tags: true,
      }),
    );
    const { found, resolved, persisting, reopened, not_comparable } = summary;
    const total = Object.values(seconds)
      .reduce((a, b) => a + b, 0)
      .toFixed(2);
    console.log(
      asOf,
      { found, new: summary.new, persisting, reopened, resolved, not_comparable },
      seconds,
      `${total} s`,
    );
  } finally {
    engine.close();
  }
}

/** Every enterprise has every outcome; the anomalous ones rotate slowly from night to night. */
async function synthesise(engine: Engine, n: number, asOf: string): Promise<void> {
  const d = engine.dialect;
  const ids = checks.map((c) => d.text(c.id)).join(', ');
  await engine.run(`INSERT INTO src.enterprise BY NAME SELECT i AS _eid, 'U' || lpad(CAST(i AS VARCHAR), 17, '0') AS uscc,
    '企业' || i AS name, '园区路' || i || '号' AS address, 0 AS _file, i AS _row FROM range(${count}) t(i)`);
  await engine.run(
    `CREATE OR REPLACE TABLE run.outcomes AS SELECT i AS _eid, ${checks.map((c) => `CAST(1 AS UTINYINT) AS "${c.id}"`).join(', ')} FROM range(${count}) t(i)`,
  );
  await engine.run(catalogueTable(catalogue(checks, pack, 'zh', asOf), d));
  await engine.run(`INSERT INTO meta.files SELECT i, 'enterprise', 'f' || i || '.csv' FROM range(3) t(i)`);
  const flagged = `SELECT i, k FROM range(${count}) t(i), range(2) s(k) WHERE hash(i * 7) % 10000 < ${Math.round(share * 10_000)} AND (k = 0 OR i % 2 = 0)
    AND hash(i * 31 + k + ${n}) % 20 > 0`;
  await engine.run(`CREATE OR REPLACE TABLE run.found AS SELECT i AS _eid, list_extract([${ids}], CAST((i + k) % ${checks.length} + 1 AS INTEGER)) AS check_id,
    list_extract(['red', 'yellow', 'blue'], CAST(i % 3 + 1 AS INTEGER)) AS severity, '对象' || k AS about, '对象' || k AS about_key, '对象' || k AS kept_about,
    '疑似某某信息不一致：甲为' || i || '，乙为' || (i + ${n} // 3) AS kept_message, '' AS message, 0 AS _at FROM (${flagged})`);
  await engine.run(`CREATE OR REPLACE TABLE run.anomalies AS SELECT f.check_id || '-' || upper(substr(md5(e.uscc || '|' || f.check_id || '|' || f.about_key), 1, 12)) AS id,
    e.uscc AS uscc, e.name AS enterprise, f.* FROM run.found f JOIN src.enterprise e ON e._eid = f._eid`);
  await engine.run(`CREATE OR REPLACE TABLE run.evidence AS SELECT id, p AS position, '字段' || p AS label, '值' || (_eid + p) AS value, 'enterprise' AS source, 1 AS "rows",
    '字段' || p AS kept_label, '值' || (_eid + p) AS kept, 'steady' AS steady, p % 3 AS _file, _eid AS _row FROM run.anomalies, range(1, 4) t(p)`);
}

try {
  console.log(`${count} enterprises, ${share * 100}% anomalous, ${checks.length} checks`);
  for (let n = 0; n < 5; n++) await night(n, `2026-07-0${n + 1}`);
  console.log(`ledger: ${(statSync(state).size / 2 ** 20).toFixed(1)} MB`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
