import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { withScratch } from '../../src/run/scratch.js';

test('a session that serves again knows nothing of what was done in it, and its engine lets go of the file', () =>
  withScratch(undefined, async (dir) => {
    const path = join(dir, 'work.duckdb');
    const engine = await DuckDb.open({ path, rowsPerGroup: 2048 });
    await engine.run('CREATE TABLE t (a INTEGER)');
    const first = await engine.session();
    await expect(
      first.transaction(async () => {
        await first.run('INSERT INTO t VALUES (1)');
        await first.run('no SQL');
      }),
    ).rejects.toThrow(/syntax/);
    // As many rows as are given at a time, and more of them that nobody asks for.
    for await (const rows of first.stream('SELECT range FROM range(100000)')) {
      expect(rows[0]).toEqual([0]);
      break;
    }
    first.close();
    const again = await engine.session();
    expect(await again.rows('SELECT count(*) AS n FROM t')).toEqual([{ n: 0 }]);
    await again.run('INSERT INTO t VALUES (2)');
    again.close();
    expect(await engine.rows('SELECT a FROM t')).toEqual([{ a: 2 }]);
    engine.close();
    const reopened = await DuckDb.open({ path });
    expect(await reopened.rows('SELECT a FROM t')).toEqual([{ a: 2 }]);
    reopened.close();
    rmSync(path);
  }));

test('a result of many rows comes whole and in order, empty ones as none', async () => {
  const engine = await DuckDb.open();
  const rows = await engine.rows<{ n: number; text: string | null }>(
    `SELECT range AS n, CASE WHEN range % 2 = 0 THEN 'x' || range END AS text FROM range(5000) ORDER BY range`,
  );
  expect(rows.length).toBe(5000);
  expect(rows.every((r, i) => r.n === i && r.text === (i % 2 === 0 ? `x${i}` : null))).toBe(true);
  expect(await engine.rows('SELECT 1 AS one WHERE FALSE')).toEqual([]);
  engine.close();
});
