import { expect, test } from 'vitest';
import { lookupsOf } from '../../src/checks/ir.js';
import { outcomeStatements } from '../../src/compile/outcomes.js';
import { planFrames } from '../../src/compile/plan.js';
import { portionsOf } from '../../src/compile/portions.js';
import type { Engine } from '../../src/engine/engine.js';
import { compare } from '../../src/run/compare.js';
import { wordingOf } from '../../src/run/facts.js';
import { onPilot } from './on-pilot.js';

test('portions are as few as it takes, about alike, and leave nobody out', () => {
  const bounds = (last: number, atMost: number) => portionsOf(last, atMost).map((p) => [p.after, p.upTo]);
  expect(bounds(250, 100)).toEqual([
    [0, 83],
    [83, 166],
    [166, 250],
  ]);
  expect(bounds(101, 100)).toEqual([
    [0, 50],
    [50, 101],
  ]);
  expect(bounds(100, 100)).toEqual([[0, 100]]);
});

const tablesOf = (db: Engine, schema: string) =>
  db.rows<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema LIKE '${schema}' ORDER BY 1`,
  );

/** Every table of `run`, row for row. */
async function judged(db: Engine): Promise<Map<string, unknown[]>> {
  const tables = new Map<string, unknown[]>();
  for (const { name } of await tablesOf(db, 'run')) {
    tables.set(name, await db.rows(`SELECT CAST(x AS VARCHAR) AS x FROM run."${name}" x ORDER BY 1`));
  }
  await db.run('DROP SCHEMA run CASCADE');
  return tables;
}

test('enterprises are judged alike all at once and a portion after the other', async () => {
  await onPilot(async ({ db, pack, checks, facts }) => {
    const judge = async (atOnce?: number) => {
      const counts = await compare(db, checks, facts, wordingOf(pack), { atOnce });
      return { counts, tables: await judged(db) };
    };
    const whole = await judge();
    const parts = await judge(40);
    expect([...parts.tables.keys()]).toEqual([...whole.tables.keys()]);
    for (const [name, rows] of whole.tables) expect(parts.tables.get(name), name).toEqual(rows);
    expect(parts.counts).toEqual(whole.counts);
    expect(whole.tables.get('outcomes')).toHaveLength(151);
    expect(whole.tables.get('anomalies')?.length).toBeGreaterThan(100);
    expect(await tablesOf(db, 'portion%')).toEqual([]);

    const [, second] = portionsOf(151, 40);
    let confined = 0;
    for (const frame of planFrames(checks)) {
      const sql = outcomeStatements(frame, db.dialect, facts, 'src', true, second).join('\n');
      expect(sql).toMatch(/^INSERT INTO run\./);
      expect(sql, frame.name).not.toContain('src.enterprise e');
      const lookups = [...lookupsOf(frame.lookups.map((l) => l.lookup))];
      if (lookups.every((l) => !l.across)) expect(sql, frame.name).not.toContain('src.');
      if (/IN \(SELECT .* FROM portion_1\.enterprise e\)/.test(sql)) confined += 1;
    }
    // What enterprises share is summed up for those of the portion only.
    expect(confined).toBeGreaterThan(0);
  });
});
