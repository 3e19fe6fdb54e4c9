import { expect, test } from 'vitest';
import { lookupsOf } from '../../src/checks/ir.js';
import { bytesToJudge } from '../../src/compile/frame-memory.js';
import { outcomeStatements } from '../../src/compile/outcomes.js';
import { planFrames } from '../../src/compile/plan.js';
import { portionsOf } from '../../src/compile/portions.js';
import type { Engine } from '../../src/engine/engine.js';
import { compare } from '../../src/run/compare.js';
import { wordingOf } from '../../src/run/facts.js';
import { onPilot } from './on-pilot.js';

test('portions are about alike, and leave nobody out', () => {
  const bounds = (after: number, upTo: number, n: number) => portionsOf(after, upTo, n).map((p) => [p.after, p.upTo]);
  expect(bounds(0, 250, 3)).toEqual([
    [0, 83],
    [83, 166],
    [166, 250],
  ]);
  expect(bounds(50, 101, 2)).toEqual([
    [50, 75],
    [75, 101],
  ]);
  expect(bounds(0, 100, 1)).toEqual([[0, 100]]);
});

test('a frame takes the more memory the more it looks up, for enterprises or for few rows', async () => {
  await onPilot(async ({ db, checks, facts }) => {
    const taken = (source: string, rows: number) =>
      planFrames(checks)
        .filter((f) => f.each === undefined && f.lookups.some((l) => l.lookup.relation.source === source))
        .map((f) => bytesToJudge(f, 1000, { ...facts, source: (id) => ({ ...facts.source(id), rows }) }, db.dialect));
    const [none, few, many, more] = [0, 100, 1000, 5000].map((rows) => taken('tax_registration', rows));
    for (const [i, bytes] of few!.entries()) {
      expect(bytes).toBeGreaterThan(none![i]!);
      expect(many![i]).toBe(none![i]! + 10 * (bytes - none![i]!));
    }
    // It holds a group for each enterprise, however many rows there are to sum up.
    expect(more).toEqual(many);
  });
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

/** What is run in the engine's own session meanwhile. */
async function judging<T>(db: Engine, statements: string[], work: () => Promise<T>): Promise<T> {
  const own = db.run;
  db.run = (sql) => {
    statements.push(sql);
    return own.call(db, sql);
  };
  try {
    return await work();
  } finally {
    db.run = own;
  }
}

test('enterprises are judged alike all at once and a portion after the other', async () => {
  await onPilot(async ({ db, pack, checks, facts }) => {
    const judge = async (memory?: number) => {
      const counts = await compare(db, checks, facts, wordingOf(pack), { memory, fewestAtOnce: 1 });
      return { counts, tables: await judged(db) };
    };
    const whole = await judge();
    const statements: string[] = [];
    const parts = await judging(db, statements, () => judge(60_000));
    // Some frames find room at once, others in more or fewer portions.
    const portions = statements.flatMap((sql) => /CREATE SCHEMA (portion_\w+)/.exec(sql)?.[1] ?? []);
    expect(new Set(portions).size).toBe(portions.length);
    expect(portions.length).toBeGreaterThan(3);
    expect([...parts.tables.keys()]).toEqual([...whole.tables.keys()]);
    for (const [name, rows] of whole.tables) expect(parts.tables.get(name), name).toEqual(rows);
    expect(parts.counts).toEqual(whole.counts);
    expect(whole.tables.get('outcomes')).toHaveLength(151);
    expect(whole.tables.get('anomalies')?.length).toBeGreaterThan(100);
    expect(await tablesOf(db, 'portion%')).toEqual([]);

    const [, second] = portionsOf(0, 151, 4);
    let confined = 0;
    for (const frame of planFrames(checks)) {
      const sql = outcomeStatements(frame, db.dialect, facts, 'src', true, second).join('\n');
      expect(sql).toMatch(/^INSERT INTO run\./);
      expect(sql, frame.name).not.toContain('src.enterprise e');
      const lookups = [...lookupsOf(frame.lookups.map((l) => l.lookup))];
      if (lookups.every((l) => !l.across)) expect(sql, frame.name).not.toContain('src.');
      if (/IN \(SELECT .* FROM portion_37_75\.enterprise e\)/.test(sql)) confined += 1;
    }
    // What enterprises share is summed up for those of the portion only.
    expect(confined).toBeGreaterThan(0);
  });
});
