import { chmodSync, existsSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileMode } from '../access.js';
import { type Engine, StoreBusy, StoreUnusable } from '../engine/engine.js';
import { BiduiError, inputError, outputError, usageError } from '../errors.js';
import { ownName, sweepForgotten } from '../own-dirs.js';
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
  if (!existsSync(file)) await make(engine, file, path);
  await attach(engine, file, path, mode);
}

async function attach(engine: Engine, file: string, path: string, mode: 'read' | 'write'): Promise<void> {
  try {
    await engine.attach('ledger', file, mode);
    await prepareTables(engine, path, mode);
  } catch (error) {
    throw cannotOpen(path, error);
  }
}

/** A store is there whole or not at all: killed while it is made, or out of room, the next command makes it anew. */
async function make(engine: Engine, file: string, path: string): Promise<void> {
  makeRoom(file, path);
  const dir = dirname(file);
  const prefix = `.${basename(file)}.bidui-new-`;
  sweepForgotten(dir, prefix);
  const fresh = join(dir, ownName(prefix));
  try {
    await attach(engine, fresh, path, 'write');
    await engine.detach('ledger');
    chmodSync(fresh, fileMode());
    putThere(fresh, file);
  } catch (error) {
    throw ledgerFault(file, error, fresh);
  } finally {
    for (const left of [fresh, `${fresh}.wal`]) rmSync(left, { force: true });
  }
}

/** Never over one that somebody else has made meanwhile. */
function putThere(fresh: string, file: string): void {
  try {
    linkSync(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    // A file system without links.
    if (!existsSync(file)) renameSync(fresh, file);
  }
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

const CLOSED = /Permission denied|Read-only file system|EACCES|EPERM|EROFS/i;
const FULL = /No space left on device|Disk quota exceeded|ENOSPC|EDQUOT|File too large/i;

/**
 * What the engine says about the disk that the ledger lies on, in words for the operator. It names the file it could not
 * write, which tells this disk from the one for intermediate data. Anything else stays as it is.
 */
export function ledgerFault(path: string, error: unknown, file = resolve(path)): unknown {
  if (!(error instanceof Error)) return error;
  const said = [error.message, ...(error instanceof BiduiError ? error.problems.map((p) => p.why ?? '') : [])].join(
    '\n',
  );
  if (!FULL.test(said) || !said.includes(file)) return error;
  return outputError({
    what: `the disk that the ledger ${path} lies on is full`,
    why: said.split('\n').find((line) => FULL.test(line)),
    fix: 'make room there and run again; what the ledger knows is as it was before, and so are the reports',
  });
}

function cannotOpen(path: string, error: unknown): unknown {
  const full = ledgerFault(path, error);
  if (full !== error) return full;
  if (error instanceof StoreBusy) return busyError(path, readHolder(resolve(path)), error.holder);
  if (error instanceof StoreUnusable && CLOSED.test(error.message)) {
    return outputError({
      what: `the ledger ${path} cannot be written`,
      why: error.message,
      fix: 'make its directory and its files writable for this user, or give another place with --state',
    });
  }
  if (error instanceof StoreUnusable) {
    return inputError({
      what: `the ledger ${path} cannot be opened`,
      why: error.message,
      fix: 'check that it is a file of bidui, whole and writable; or put a copy from backup in its place',
    });
  }
  return error;
}
