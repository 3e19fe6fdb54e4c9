import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { directory } from '../cli/world.js';

test('lines stand in the order in which a part of their query was sorted, whatever the threads', async () => {
  const rows = 400_000;
  const path = join(directory(), 'lines.txt');
  const engine = await DuckDb.open({ threads: 4 });
  try {
    // Written in quite another order, in more row groups than there are threads.
    await engine.run(`CREATE TABLE t AS SELECT (i * 7919) % ${rows} AS n FROM range(${rows}) r(i)`);
    await engine.writeLines(
      `SELECT 'head' AS line UNION ALL SELECT concat('line ', n) AS line FROM (SELECT n FROM t ORDER BY n) AS sorted`,
      path,
    );
  } finally {
    engine.close();
  }
  const lines = readFileSync(path, 'utf8').split('\n');
  expect(lines.length).toBe(rows + 2);
  expect(lines[0]).toBe('head');
  expect(lines.slice(1, -1).every((line, i) => line === `line ${i}`)).toBe(true);
});
