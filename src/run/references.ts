import { join } from 'node:path';
import pLimit from 'p-limit';
import type { Pack } from '../config/pack.js';
import type { Engine } from '../engine/engine.js';
import { inputError } from '../errors.js';
import { ALIAS_SOURCE, readAliases } from '../ingest/address-aliases.js';
import { expectation } from '../ingest/expectation.js';
import { findFiles } from '../ingest/find-files.js';
import { loadSources } from '../ingest/load.js';
import { readFile } from '../ingest/read-file.js';
import type { ValueOptions } from '../values/value-type.js';

/**
 * Loads reference tables that ship with the checks into `ref`, leaving nothing else behind: for running examples against
 * them, and for what must be known before any extract is read.
 */
export async function loadReferences(engine: Engine, pack: Pack, tempDir: string, only?: string): Promise<void> {
  const contracts = [...pack.contracts.values()].filter((c) => c.kind === 'reference' && (!only || c.source === only));
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
    read: (session, input, contract) =>
      readFile(session, { path: input.path, name: input.name }, expectation(contract), {
        table: `raw.file_${input.index}`,
        tempDir,
      }),
    limit: pLimit(1),
  });
  for (const { source } of contracts) {
    const table = engine.dialect.ident(source);
    await engine.run(`CREATE TABLE ref.${table} AS SELECT * FROM src.${table}`);
  }
  for (const schema of ['src', 'meta', 'stage', 'raw']) await engine.run(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
}

/** The place's own names of roads and zones: addresses cannot be parsed without them, so they come first. */
export async function loadAliases(engine: Engine, pack: Pack, tempDir: string): Promise<ValueOptions['aliases']> {
  if (!pack.contracts.has(ALIAS_SOURCE)) return undefined;
  await loadReferences(engine, pack, tempDir, ALIAS_SOURCE);
  const aliases = await readAliases(engine, `ref.${engine.dialect.ident(ALIAS_SOURCE)}`);
  await engine.run('DROP SCHEMA ref CASCADE');
  return aliases;
}
