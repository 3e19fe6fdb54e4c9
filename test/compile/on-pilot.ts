import { join, resolve } from 'node:path';
import type { CheckedCheck } from '../../src/checks/checked.js';
import { allChecks } from '../../src/checks/load-themes.js';
import { columnsRead } from '../../src/compile/columns-read.js';
import type { RunFacts } from '../../src/compile/facts.js';
import { workdaysTable } from '../../src/compile/language-functions.js';
import type { Pack } from '../../src/config/pack.js';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { ingest } from '../../src/ingest/ingest.js';
import { factsOf } from '../../src/run/facts.js';
import { loadChecks } from '../../src/run/load-checks.js';
import { withScratch } from '../../src/run/scratch.js';

/** The pilot's extracts ingested and nothing judged yet, with the checks that ship. */
export const onPilot = (
  work: (pilot: { db: DuckDb; pack: Pack; checks: CheckedCheck[]; facts: RunFacts }) => Promise<void>,
): Promise<void> =>
  withScratch(undefined, async (tempDir) => {
    const { pack, themes } = loadChecks(resolve('checks'));
    const db = await DuckDb.open({ path: join(tempDir, 'work.duckdb') });
    try {
      const columns = columnsRead(allChecks(themes));
      const record = await ingest(db, pack, { inputDir: 'fixtures/pilot', tempDir, columns });
      await db.run(workdaysTable(db.dialect));
      const facts = await factsOf(db, pack, record, { asOf: '2026-07-31', lang: 'zh', unmasked: false });
      await work({ db, pack, checks: allChecks(themes), facts });
    } finally {
      await db.discard();
    }
  });
