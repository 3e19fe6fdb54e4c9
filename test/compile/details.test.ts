import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { allChecks } from '../../src/checks/load-themes.js';
import { detailSelect } from '../../src/compile/details.js';
import { workdaysTable } from '../../src/compile/language-functions.js';
import { outcomeStatements, rowsTable } from '../../src/compile/outcomes.js';
import { planFrames } from '../../src/compile/plan.js';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { ingest } from '../../src/ingest/ingest.js';
import { compare } from '../../src/run/compare.js';
import { factsOf, wordingOf } from '../../src/run/facts.js';
import { loadChecks } from '../../src/run/load-checks.js';
import { withScratch } from '../../src/run/scratch.js';

test('anomalies are told alike whether lookups among all rows are confined to what is asked for or not', async () => {
  const { pack, themes } = loadChecks(resolve('checks'));
  const checks = allChecks(themes);
  await withScratch(undefined, async (tempDir) => {
    const db = await DuckDb.open({ path: join(tempDir, 'work.duckdb') });
    try {
      const record = await ingest(db, pack, { inputDir: 'fixtures/pilot', tempDir });
      await db.run(workdaysTable(db.dialect));
      const facts = await factsOf(db, pack, record, { asOf: '2026-07-31', lang: 'zh', unmasked: false });
      await compare(db, checks, facts, wordingOf(pack));
      // Enterprises are few, as in a copy of those that have an anomaly; the rows of all are there.
      await db.run('CREATE SCHEMA few');
      for (const source of pack.contracts.keys()) {
        const where = source === 'enterprise' ? ' WHERE _eid IN (SELECT _eid FROM run.flagged)' : '';
        await db.run(`CREATE VIEW few."${source}" AS SELECT * FROM src."${source}"${where}`);
      }
      let confinedSomewhere = 0;
      for (const frame of planFrames(checks)) {
        const outcomes = frame.each ? rowsTable(frame) : 'run.outcomes';
        const told = async (confined: boolean) => {
          const { select } = detailSelect(frame, db.dialect, facts, wordingOf(pack), 'few', outcomes, confined);
          if (confined && /IN \(SELECT .* FROM few\.enterprise e\)/.test(select)) confinedSomewhere += 1;
          return db.rows(`SELECT CAST(told AS VARCHAR) AS told FROM (${select}) AS told ORDER BY 1`);
        };
        expect(await told(true), frame.name).toEqual(await told(false));
      }
      expect(confinedSomewhere).toBeGreaterThan(0);
    } finally {
      await db.discard();
    }
  });
});

test('outcomes are alike whether what every enterprise asks for alike is left of a source alone or not', async () => {
  const { pack, themes } = loadChecks(resolve('checks'));
  const checks = allChecks(themes);
  await withScratch(undefined, async (tempDir) => {
    const db = await DuckDb.open({ path: join(tempDir, 'work.duckdb') });
    try {
      const record = await ingest(db, pack, { inputDir: 'fixtures/pilot', tempDir });
      await db.run(workdaysTable(db.dialect));
      const facts = await factsOf(db, pack, record, { asOf: '2026-07-31', lang: 'zh', unmasked: false });
      await db.run('CREATE SCHEMA run');
      let leftAlone = 0;
      for (const frame of planFrames(checks)) {
        const judged = async (large: boolean) => {
          const statements = outcomeStatements(frame, db.dialect, facts, 'src', large);
          for (const sql of statements) await db.run(sql.replace('CREATE TABLE', 'CREATE OR REPLACE TABLE'));
          return db.rows(`SELECT CAST(o AS VARCHAR) AS o FROM run.${frame.name} AS o ORDER BY 1`);
        };
        if (outcomeStatements(frame, db.dialect, facts, 'src', true).some((sql) => / AS nobody/.test(sql))) {
          leftAlone += 1;
          expect(await judged(true), frame.name).toEqual(await judged(false));
        }
      }
      expect(leftAlone).toBeGreaterThan(0);
    } finally {
      await db.discard();
    }
  });
});
