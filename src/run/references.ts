import { join } from 'node:path';
import pLimit from 'p-limit';
import type { Pack } from '../config/pack.js';
import type { Engine } from '../engine/engine.js';
import { inputError } from '../errors.js';
import { expectation } from '../ingest/expectation.js';
import { findFiles } from '../ingest/find-files.js';
import { loadSources } from '../ingest/load.js';
import { readFile } from '../ingest/read-file.js';

/** Loads the reference tables that ship with the checks into `ref`, for running examples against them. */
export async function loadReferences(engine: Engine, pack: Pack, tempDir: string): Promise<void> {
  const contracts = [...pack.contracts.values()].filter((c) => c.kind === 'reference');
  await engine.run('CREATE SCHEMA ref');
  if (contracts.length === 0) return;
  const found = await findFiles(join(pack.dir, 'reference'), contracts);
  if (found.problems.length > 0) throw inputError(found.problems);
  const inputs = contracts
    .flatMap((c) => (found.bySource.get(c.source)?.files ?? []).map((f) => ({ ...f, source: c.source })))
    .map((f, index) => ({ ...f, index }));
  await engine.run('CREATE SCHEMA raw');
  await loadSources(engine, pack, {
    contracts,
    inputs,
    read: (input, contract) =>
      readFile(engine, { path: input.path, name: input.name }, expectation(contract), {
        table: `raw.file_${input.index}`,
        tempDir,
      }),
    limit: pLimit(1),
  });
  for (const { source } of contracts) {
    const table = engine.dialect.ident(source);
    await engine.run(`CREATE TABLE ref.${table} AS SELECT * FROM src.${table}`);
  }
}
