import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileMode } from '../access.js';
import { type Engine, StoreBusy, StoreUnusable } from '../engine/engine.js';
import { inputError, outputError, usageError } from '../errors.js';
import { busyError, readHolder } from './holder.js';
import { createLedgerTable, HOUSEKEEPING_TABLES, hasTable, LEDGER_TABLES, LEDGER_VERSION } from './tables.js';

/** Where commands other than `run` look for the ledger when they are not told. */
export const DEFAULT_STATE = 'bidui.duckdb';

/**
 * Makes the ledger's tables visible as `ledger.*`. A store opened for writing is this process's alone until the engine
 * closes, so that two nights cannot be written into each other.
 */
export async function openLedger(engine: Engine, path: string, mode: 'read' | 'write'): Promise<void> {
  const file = resolve(path);
  if (mode === 'read' && !existsSync(file)) throw noLedger(path);
  const isNew = !existsSync(file);
  if (isNew) makeRoom(file, path);
  try {
    await engine.attach('ledger', file, mode);
  } catch (error) {
    throw cannotOpen(path, error);
  }
  if (isNew) chmodSync(file, fileMode());
  await prepareTables(engine, path, mode);
}

async function prepareTables(engine: Engine, path: string, mode: 'read' | 'write'): Promise<void> {
  const version = await versionOf(engine);
  if (version === LEDGER_VERSION) {
    if (mode === 'write') await makeHousekeeping(engine);
    return;
  }
  if (version !== undefined) {
    throw usageError({
      what: `${path} is a ledger of another version of bidui (${version}, this one writes ${LEDGER_VERSION})`,
      fix: version > LEDGER_VERSION ? 'use the newer bidui that wrote it' : 'give a new file with --state',
    });
  }
  if (mode === 'read') throw notALedger(path);
  const tables = await engine.rows(`SELECT table_name FROM information_schema.tables WHERE table_catalog = 'ledger'`);
  if (tables.length > 0) throw notALedger(path);
  await engine.transaction(async () => {
    for (const name of Object.keys(LEDGER_TABLES)) await engine.run(createLedgerTable(name, engine.dialect));
    for (const name of Object.keys(HOUSEKEEPING_TABLES)) await engine.run(createLedgerTable(name, engine.dialect));
    await engine.run(`INSERT INTO ledger.about VALUES ('version', '${LEDGER_VERSION}')`);
  });
}

/** A store that an earlier bidui made does not have them yet. */
async function makeHousekeeping(engine: Engine): Promise<void> {
  for (const name of [...Object.keys(LEDGER_TABLES), ...Object.keys(HOUSEKEEPING_TABLES)]) {
    if (!(await hasTable(engine, name))) await engine.run(createLedgerTable(name, engine.dialect));
  }
}

async function versionOf(engine: Engine): Promise<number | undefined> {
  if (!(await hasTable(engine, 'about'))) return undefined;
  const [row] = await engine.rows<{ value: string }>(`SELECT value FROM ledger.about WHERE key = 'version'`);
  return row ? Number(row.value) : undefined;
}

function makeRoom(file: string, path: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch {
    throw outputError({ what: `the ledger cannot be made at ${path}`, fix: 'give another path with --state' });
  }
}

export const noLedger = (path: string) =>
  usageError({
    what: `there is no ledger at ${path}`,
    fix: 'give it with --state, or make one: `bidui run <extracts> --as-of <date> --out <dir> --state <file>`',
  });

const notALedger = (path: string) =>
  usageError({
    what: `${path} is not a ledger of bidui`,
    fix: 'give the file that an earlier run wrote, or the name of a new one, with --state',
  });

function cannotOpen(path: string, error: unknown): unknown {
  if (error instanceof StoreBusy) return busyError(path, readHolder(resolve(path)), error.holder);
  if (error instanceof StoreUnusable) {
    return inputError({
      what: `the ledger ${path} cannot be opened`,
      why: error.message,
      fix: 'check that it is a file of bidui, whole and writable; or put a copy from backup in its place',
    });
  }
  return error;
}
