import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { allChecks } from '../../src/checks/load-themes.js';
import { workdaysTable } from '../../src/compile/language-functions.js';
import { planFrames } from '../../src/compile/plan.js';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { ingest } from '../../src/ingest/ingest.js';
import { compare } from '../../src/run/compare.js';
import { factsOf, wordingOf } from '../../src/run/facts.js';
import { loadChecks } from '../../src/run/load-checks.js';
import { loadAliases } from '../../src/run/references.js';
import { withScratch } from '../../src/run/scratch.js';
import { type Counted, counting, type Planned } from './counting.js';

/**
 * What a run of the pilot asks of the engine, in numbers that do not wobble: a change that makes it read a table once more
 * fails here, on the smallest and busiest machine. Seconds are measured by `npm run bench`.
 */
const GOLDEN = 'test/bench/counts.golden.json';
const RENEW =
  'if that is meant: RENEW_COUNTS=1 npx vitest run test/bench, and say in the commit what it buys and what it costs';

/** How much more than the golden file says is let pass. Texts in SQL may grow a little; a scan is a scan. */
const SLACK = { statements: 1, bytes: 1.03, ingest: 1.1 };

interface Counts {
  statements: Record<string, number>;
  bytes: Record<string, number>;
  /** By theme, and of the steps that all themes share. */
  operators: Record<string, number>;
  rows_scanned: Record<string, number>;
  scans: Record<string, Record<string, number>>;
}

let counts: Counts;

beforeAll(async () => {
  counts = await countRun();
  if (process.env.RENEW_COUNTS) writeFileSync(GOLDEN, `${JSON.stringify(counts, null, 2)}\n`);
});

async function countRun(): Promise<Counts> {
  const { pack, themes } = loadChecks(resolve('checks'));
  const checks = allChecks(themes);
  return withScratch(undefined, async (tempDir) => {
    const db = await DuckDb.open({ path: join(tempDir, 'work.duckdb'), threads: 1 });
    try {
      const reading = counting(db, false);
      const aliases = await loadAliases(reading.engine, pack, tempDir);
      const record = await ingest(reading.engine, pack, { inputDir: 'fixtures/pilot', tempDir, aliases });
      const facts = await factsOf(db, pack, record, { asOf: '2026-07-31', lang: 'zh', unmasked: false });
      await db.run(workdaysTable(db.dialect));
      const comparing = counting(db, true);
      await compare(comparing.engine, checks, facts, wordingOf(pack));
      const themeOf = new Map(planFrames(checks).map((f) => [f.name, f.checks[0]!.theme.theme]));
      return countsOf(reading.counted, comparing.counted, themeOf, await rowsOf(db));
    } finally {
      db.close();
    }
  });
}

/** Rows of every table that is still there; those of a step that dropped its own are not counted. */
async function rowsOf(db: DuckDb): Promise<Map<string, number>> {
  const tables = await db.rows<{ name: string; n: number }>(
    `SELECT schema_name || '.' || table_name AS name, estimated_size AS n FROM duckdb_tables()`,
  );
  return new Map(tables.map((t) => [t.name, Number(t.n)]));
}

function countsOf(
  reading: Counted,
  comparing: Counted,
  themeOf: ReadonlyMap<string, string>,
  rows: ReadonlyMap<string, number>,
): Counts {
  const counts: Counts = {
    statements: { ingest: reading.statements, compare: comparing.statements },
    bytes: { ingest: reading.bytes, compare: comparing.bytes },
    operators: {},
    rows_scanned: {},
    scans: {},
  };
  for (const p of comparing.planned) {
    const part = partOf(p, themeOf);
    counts.operators[part] = (counts.operators[part] ?? 0) + p.operators;
    counts.rows_scanned[part] ??= 0;
    counts.scans[part] ??= {};
    for (const table of p.scans) {
      counts.rows_scanned[part] += rows.get(table) ?? 0;
      counts.scans[part][table] = (counts.scans[part][table] ?? 0) + 1;
    }
  }
  return {
    ...counts,
    operators: sorted(counts.operators),
    rows_scanned: sorted(counts.rows_scanned),
    scans: sorted(Object.fromEntries(Object.entries(counts.scans).map(([part, s]) => [part, sorted(s)]))),
  };
}

/** The theme whose outcomes a statement makes; `details` words the anomalies, `shared` is what comes between. */
function partOf(p: Planned, themeOf: ReadonlyMap<string, string>): string {
  if (/^INSERT INTO run\.found\b/.test(p.sql)) return 'details';
  const frame = /^CREATE TABLE run\.(frame_\d+)/.exec(p.sql)?.[1];
  return (frame && themeOf.get(frame)) ?? 'shared';
}

const sorted = <T>(x: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(x).sort(([a], [b]) => (a < b ? -1 : 1)));

const golden = (): Counts => {
  if (!existsSync(GOLDEN)) throw new Error(`${GOLDEN} is not there: RENEW_COUNTS=1 npx vitest run test/bench`);
  return JSON.parse(readFileSync(GOLDEN, 'utf8')) as Counts;
};

/** What is above what the golden file allows, in words. */
function above(name: string, now: Record<string, number>, then: Record<string, number> = {}, slack = 1): string[] {
  return Object.entries(now)
    .filter(([key, n]) => n > (then[key] ?? 0) * slack)
    .map(([key, n]) => `${name} of ${key}: ${n}, and it was ${then[key] ?? 0}`);
}

test('there are plans of all eight themes, with the tables they read', () => {
  const themes = Object.keys(counts.operators).filter((t) => t !== 'details' && t !== 'shared');
  expect(themes).toHaveLength(8);
  for (const theme of themes) expect(counts.scans[theme]?.['src.enterprise']).toBeGreaterThan(0);
});

test('no theme has more operators in its plan', () => {
  expect(above('operators', counts.operators, golden().operators), RENEW).toEqual([]);
});

test('no theme reads a table more often, or more rows', () => {
  const then = golden();
  const scans = Object.entries(counts.scans).flatMap(([theme, s]) => above(`scans in ${theme}`, s, then.scans[theme]));
  expect([...scans, ...above('rows scanned', counts.rows_scanned, then.rows_scanned)], RENEW).toEqual([]);
});

test('a run has no more statements and hardly longer ones', () => {
  const then = golden();
  const over = (of: 'statements' | 'bytes') => [
    ...above(of, { compare: counts[of].compare! }, then[of], SLACK[of]),
    ...above(of, { ingest: counts[of].ingest! }, then[of], SLACK.ingest),
  ];
  expect([...over('statements'), ...over('bytes')], RENEW).toEqual([]);
});
