import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { allChecks } from '../../src/checks/load-themes.js';
import { workdaysTable } from '../../src/compile/language-functions.js';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { ingest } from '../../src/ingest/ingest.js';
import { compare } from '../../src/run/compare.js';
import { factsOf, wordingOf } from '../../src/run/facts.js';
import { loadChecks, pickChecks } from '../../src/run/load-checks.js';
import { loadAliases } from '../../src/run/references.js';
import { withScratch } from '../../src/run/scratch.js';
import { AS_OF, type EngineSettings } from '../settings.js';

/**
 * The clean typed tables that hand-written SQL and the peers start from, and the anomalies that bidui finds in them:
 * `src.*` and `run.anomalies` of a real run, kept in a DuckDB file instead of being thrown away with its directory. Answers the
 * seconds that bidui takes to compare each of `subsets`, lists of check ids, by itself: what a peer that cannot express all
 * checks is held against.
 */
export async function keepTyped(
  extracts: string,
  file: string,
  o: EngineSettings,
  subsets: Readonly<Record<string, readonly string[]>> = {},
): Promise<Record<string, number>> {
  for (const old of [file, `${file}.wal`]) rmSync(old, { force: true });
  const { pack, themes } = loadChecks(resolve('checks'));
  const seconds: Record<string, number> = {};
  await withScratch(undefined, async (tempDir) => {
    const engine = await DuckDb.open({ path: file, tempDirectory: `${tempDir}/spill`, ...o });
    try {
      const aliases = await loadAliases(engine, pack, tempDir);
      const record = await ingest(engine, pack, { inputDir: extracts, tempDir, aliases });
      const facts = await factsOf(engine, pack, record, { asOf: AS_OF, lang: 'zh', unmasked: false });
      await engine.run(workdaysTable(engine.dialect));
      for (const [name, ids] of Object.entries(subsets)) {
        const start = performance.now();
        await compare(engine, pickChecks(themes, ids), facts, wordingOf(pack));
        seconds[name] = (performance.now() - start) / 1000;
        await engine.run('DROP SCHEMA run CASCADE');
      }
      await compare(engine, allChecks(themes), facts, wordingOf(pack));
      await engine.run('CHECKPOINT');
    } finally {
      engine.close();
    }
  });
  return seconds;
}
