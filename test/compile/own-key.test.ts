import { expect, test } from 'vitest';
import { type Lookup, lookupsOf } from '../../src/checks/ir.js';
import type { SourceFacts } from '../../src/compile/facts.js';
import { asksForOne, differIn, foundTwice } from '../../src/compile/own-key.js';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { onPilot } from './on-pilot.js';

test('an enterprise has one row of a source where each field of its key is asked for', async () => {
  await onPilot(async ({ checks, facts }) => {
    const lookup = (source: string, kind: Lookup['mode']['kind']): Lookup =>
      checks
        .flatMap((c) => [...lookupsOf(c.lookups)])
        .find((l) => l.relation.source === source && l.mode.kind === kind && !l.across)!;
    const of = (source: string, more: Partial<SourceFacts>): SourceFacts => ({ ...facts.source(source), ...more });
    // A registration: of an enterprise there is one. A report: of a year, which is asked for.
    for (const [source, kind] of [
      ['tax_registration', 'pick'],
      ['annual_report', 'unique'],
    ] as const) {
      const asked = lookup(source, kind);
      expect(asksForOne(asked, of(source, { linkedOtherwise: false })), source).toBe(true);
      expect(asksForOne(asked, of(source, { linkedOtherwise: true })), source).toBe(false);
      expect(asksForOne(asked, of(source, { linkedOtherwise: true, foundOnce: true })), source).toBe(true);
      expect(asksForOne({ ...asked, across: true }, of(source, { linkedOtherwise: false })), source).toBe(false);
    }
    expect(asksForOne({ ...lookup('annual_report', 'unique'), where: undefined }, of('annual_report', {}))).toBe(false);
    // Permits have numbers of their own: of one enterprise there may be many.
    expect(facts.source('discharge_permit').ownKey).toBeUndefined();
    expect(asksForOne(lookup('discharge_permit', 'pick'), of('discharge_permit', { linkedOtherwise: false }))).toBe(
      false,
    );
  });
});

test('values differ within a group where, with them, all of the key is asked for', async () => {
  await onPilot(async ({ checks, facts }) => {
    const lookups = checks.flatMap((c) => [...lookupsOf(c.lookups)]);
    const of = (source: string, more: Partial<SourceFacts> = {}): SourceFacts => ({
      ...facts.source(source),
      ...{ linkedOtherwise: false, ...more },
    });
    const yearly = lookups.find((l) => l.relation.source === 'annual_report' && l.mode.kind === 'pick' && !l.where)!;
    // Of an enterprise one report a year, unless it was found in two ways; among the reports of all, one of each code and year.
    expect(differIn('year', yearly, false, of('annual_report'))).toBe(true);
    expect(differIn('year', yearly, false, of('annual_report', { linkedOtherwise: true }))).toBe(false);
    expect(differIn('year', yearly, false, of('annual_report', { linkedOtherwise: true, foundOnce: true }))).toBe(true);
    expect(differIn('year', { ...yearly, across: true }, true, of('annual_report'))).toBe(false);
    expect(differIn('name', yearly, false, of('annual_report'))).toBe(false);
    // Accounts of one month and kind of insurance.
    const [accounts] = lookups.filter(
      (l) => l.relation.source === 'insured' && l.mode.kind === 'group' && l.keys.length === 1 && l.where,
    );
    expect(differIn('account_no', accounts!, true, of('insured', { linkedOtherwise: true }))).toBe(true);
    expect(differIn('account_no', { ...accounts!, where: undefined }, true, of('insured'))).toBe(false);
    // A source without a key.
    expect(differIn('year', yearly, true, of('annual_report', { key: [], ownKey: undefined }))).toBe(false);
  });
});

test('an enterprise that was found in two ways may have two rows of one key', async () => {
  const db = await DuckDb.open({ threads: 1 });
  try {
    await db.run('CREATE SCHEMA src');
    await db.run(`CREATE TABLE src.report AS SELECT * FROM (VALUES
      (1, 2024, 'uscc'), (1, 2025, 'name'), (2, 2025, 'uscc'), (NULL, 2025, NULL), (NULL, 2025, NULL)) t(_eid, "year", _match)`);
    const asked = () => db.rows(foundTwice('report', ['year'], 'src', db.dialect));
    expect(await asked()).toEqual([]);
    await db.run(`INSERT INTO src.report VALUES (1, 2024, 'reg_no')`);
    expect(await asked()).toHaveLength(1);
  } finally {
    await db.discard();
  }
});
