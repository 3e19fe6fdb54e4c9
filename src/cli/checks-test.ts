import { DuckDb } from '../engine/duckdb/database.js';
import { EXIT, formatPlace } from '../errors.js';
import { type ExampleResult, runExamples } from '../run/examples.js';
import { loadChecks, pickChecks } from '../run/load-checks.js';
import { loadReferences } from '../run/references.js';
import { withScratch } from '../run/scratch.js';
import { checksDirOf } from './options.js';
import { type Output, printable } from './output.js';
import { progressOn } from './progress.js';

export async function testCommand(ids: string[], options: { checks?: string }, output: Output): Promise<number> {
  const { pack, themes } = loadChecks(checksDirOf(options));
  const checks = pickChecks(themes, ids);
  const progress = progressOn(output);
  const results = await withScratch(undefined, async (tempDir) => {
    const engine = await DuckDb.open();
    try {
      await loadReferences(engine, pack, tempDir);
      return await runExamples(engine, pack, checks, (n, total) => progress.update('examples', n, total));
    } finally {
      progress.end();
      engine.close();
    }
  });
  const failed = results.filter((r) => r.got !== r.example.outcome);
  for (const r of failed) output.out(printable(tell(r)));
  output.out(`${checks.length} checks, ${results.length - failed.length} examples passed, ${failed.length} failed`);
  return failed.length > 0 ? EXIT.usage : EXIT.ok;
}

function tell(r: ExampleResult): string {
  const place = formatPlace(r.check.yaml.place([...r.check.path, 'examples', r.index]));
  const name = r.example.title ? ` (${r.example.title})` : '';
  const what = r.fault ? `could not be run: ${r.fault}` : `expected ${r.example.outcome}, got ${r.got}`;
  return `${place} ${r.check.id} example ${r.index + 1}${name}: ${what}`;
}
