import { afterEach, expect, test, vi } from 'vitest';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import type { Session } from '../../src/engine/engine.js';
import { inProcess, runOf } from '../cli/bidui.js';
import { world } from '../cli/world.js';

afterEach(() => {
  vi.restoreAllMocks();
});

test('from the end of ingest on, a run reads no other file: not while it compares, not while it writes reports', async () => {
  const session = Object.getPrototypeOf(DuckDb.prototype) as Session;
  const { run, writeLines } = session;
  const answers = new Set<string>();
  const tryIt = async (s: Session) => {
    const said = await run.call(s, `SELECT * FROM read_text('/etc/passwd')`).then(
      () => 'it was read',
      (error: Error) => error.message,
    );
    answers.add(said.split('\n')[0]?.split(' - ').at(-1) ?? said);
  };
  vi.spyOn(session, 'run').mockImplementation(async function (this: Session, sql) {
    if (/^CREATE SCHEMA (?:run|report)$/.test(sql)) await tryIt(this);
    return run.call(this, sql);
  });
  vi.spyOn(session, 'writeLines').mockImplementation(async function (this: Session, select, path) {
    await tryIt(this);
    return writeLines.call(this, select, path);
  });
  expect((await inProcess(runOf(world()))).code).toBe(0);
  expect([...answers]).toEqual(['file system operations are disabled by configuration']);
});
