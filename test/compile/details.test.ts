import { expect, test } from 'vitest';
import { detailSelect } from '../../src/compile/details.js';
import { askersCounted, conditionsOfAskers, withFew } from '../../src/compile/few.js';
import { fieldsThatMatter } from '../../src/compile/full-fields.js';
import { outcomeStatements, rowsTable } from '../../src/compile/outcomes.js';
import { planFrames } from '../../src/compile/plan.js';
import { compare } from '../../src/run/compare.js';
import { wordingOf } from '../../src/run/facts.js';
import { knowingMore } from '../../src/run/know-more.js';
import { onPilot } from './on-pilot.js';

test('anomalies are told alike whether lookups among all rows are confined to what is asked for or not', async () => {
  await onPilot(async ({ db, pack, checks, facts }) => {
    await compare(db, checks, facts, wordingOf(pack));
    // Enterprises are few, as in a copy of those that have an anomaly; the rows of all are there.
    await db.run('CREATE SCHEMA few');
    for (const source of pack.contracts.keys()) {
      const where = source === 'enterprise' ? ' WHERE _eid IN (SELECT _eid FROM run.flagged)' : '';
      await db.run(`CREATE VIEW few."${source}" AS SELECT * FROM src."${source}"${where}`);
    }
    let confinedSomewhere = 0;
    for (const frame of planFrames(checks)) {
      const outcomes = frame.each ? rowsTable(frame) : 'run.outcomes';
      const told = async (confined: boolean) => {
        const { select } = detailSelect(frame, db.dialect, facts, wordingOf(pack), 'few', outcomes, confined);
        if (confined && /IN \(SELECT .* FROM few\.enterprise e\)/.test(select)) confinedSomewhere += 1;
        return db.rows(`SELECT CAST(told AS VARCHAR) AS told FROM (${select}) AS told ORDER BY 1`);
      };
      expect(await told(true), frame.name).toEqual(await told(false));
    }
    expect(confinedSomewhere).toBeGreaterThan(0);
  });
});

test('outcomes are alike whether there are many enterprises or few', async () => {
  await onPilot(async ({ db, checks, facts }) => {
    await db.run('CREATE SCHEMA run');
    const frames = planFrames(checks);
    // As of many enterprises, it is known which fields have a value in every row, and where an enterprise was found once.
    const more = await knowingMore(db, frames, checks, facts, 'src');
    const full = [...fieldsThatMatter(checks, facts).keys()].flatMap((s) => [...more.source(s).fullFields!]);
    expect(full.length).toBeGreaterThan(10);
    const conditions = conditionsOfAskers(frames, db.dialect, more);
    // As if few met any of them.
    const known = withFew(more, conditions, { n: 1, ...Object.fromEntries(conditions.map((_, i) => [`c${i}`, 0])) });
    // Days and places have room in 64 bits, but not of so many files.
    const manyFiles = { ...known, files: 1000 };
    const [counted] = await db.rows<Record<string, number>>(askersCounted(conditions, 'src', db.dialect));
    expect(Number(counted?.n)).toBe(9);
    expect(more.few?.size).toBeLessThan(conditions.length);
    const plans = frames.map((frame) => [
      outcomeStatements(frame, db.dialect, facts, 'src'),
      outcomeStatements(frame, db.dialect, manyFiles, 'src', true),
    ]);
    const inShortOrder = (sql: string) => sql.includes(` * ${2 ** 40} `);
    expect(plans.flatMap(([few]) => few as string[]).some(inShortOrder)).toBe(true);
    for (const [i, frame] of frames.entries()) {
      const ids = frame.checks.map((c) => `"${c.id}"`);
      // Of rows that are judged, those of which nothing is said but 不适用 may be there or not.
      const said = frame.each ? ` WHERE greatest(${ids.join(', ')}) > 0` : '';
      const tables = [`run.${frame.name}`, ...(frame.each ? [rowsTable(frame)] : [])];
      const judged = async (statements: string[]) => {
        for (const sql of statements) await db.run(sql.replace('CREATE TABLE', 'CREATE OR REPLACE TABLE'));
        const of = (t: string) =>
          db.rows(`SELECT CAST(o AS VARCHAR) AS o FROM (SELECT * FROM ${t}${said}) AS o ORDER BY 1`);
        return Promise.all(tables.map(of));
      };
      const [few, many] = plans[i] as [string[], string[]];
      if (few.join() !== many.join()) expect(await judged(many), frame.name).toEqual(await judged(few));
    }
    const long = plans.flatMap(([, many]) => many as string[]);
    expect(long.some(inShortOrder)).toBe(false);
    // What every enterprise asks for alike is left of a source; rows of which nothing is said are left out.
    expect(long.some((sql) => / AS nobody/.test(sql))).toBe(true);
    // What few enterprises ask for is looked up for them alone.
    expect(long.some((sql) => /r\._eid IN \(SELECT e\._eid FROM src\.enterprise e WHERE/.test(sql))).toBe(true);
    // Rows that say the same are one before more is looked up for them.
    expect(long.some((sql) => /FROM \(SELECT DISTINCT/.test(sql))).toBe(true);
    // What differs in any case is not told apart once more, what may be alike is.
    expect(long.some((sql) => /list\(r\."uscc"\)/.test(sql))).toBe(true);
    expect(long.some((sql) => /list\(DISTINCT r\."uscc"\)/.test(sql))).toBe(false);
    expect(long.some((sql) => /list\(DISTINCT r\."owner"\)/.test(sql))).toBe(true);
    expect(long.some((sql) => /WHERE NOT _c\d+ AND coalesce\(/.test(sql))).toBe(true);
  });
});
