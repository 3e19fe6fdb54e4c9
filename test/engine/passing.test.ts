import { expect, test } from 'vitest';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { withScratchEngine } from '../../src/run/scratch-engine.js';

test('a table for a short time stands in memory if it is small against it, and all sessions see it', async () => {
  await withScratchEngine({ memory: '200MB' }, async (engine) => {
    const [small, large] = [engine.passing('raw', 380_000), engine.passing('raw', 420_000)];
    expect([small, large]).toEqual(['memory."raw"', '"raw"']);
    for (const schema of [small, large]) await engine.run(`CREATE SCHEMA ${schema}`);
    await engine.run(`CREATE TABLE ${small}.a AS SELECT range AS x FROM range(3)`);
    await engine.run(`CREATE TABLE ${large}.b AS SELECT range AS x FROM range(3)`);
    const session = await engine.session();
    // Statements write to one of the two and read from both.
    await session.run(`CREATE TABLE sums AS SELECT sum(a.x + b.x)::INTEGER AS s FROM ${small}.a, ${large}.b`);
    expect(await engine.rows('SELECT s FROM sums')).toEqual([{ s: 18 }]);
    expect(await engine.rows('SELECT table_name, database_name FROM duckdb_tables() ORDER BY 1')).toEqual([
      { table_name: 'a', database_name: 'memory' },
      { table_name: 'b', database_name: 'home' },
      { table_name: 'sums', database_name: 'home' },
    ]);
    // More than there is memory for is spilled.
    await session.run(`CREATE TABLE ${small}.c AS SELECT repeat(md5(range::VARCHAR), 10) AS x FROM range(1000000)`);
    expect(
      await session.rows(
        `SELECT (SELECT count(*) FROM ${small}.c WHERE x > 'f') = count(*) AS same FROM range(1000000) WHERE md5(range::VARCHAR) > 'f'`,
      ),
    ).toEqual([{ same: true }]);
    session.close();
  });
}, 60_000);

test('an engine without a file has no other place', async () => {
  const engine = await DuckDb.open();
  expect(engine.passing('raw', 1)).toBe('"raw"');
  engine.close();
});
