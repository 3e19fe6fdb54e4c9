import { expect, test } from 'vitest';
import { columnsRead } from '../../src/compile/columns-read.js';
import { detailSelect } from '../../src/compile/details.js';
import { emptyCells, fieldsThatMatter } from '../../src/compile/full-fields.js';
import { foundTwice } from '../../src/compile/own-key.js';
import { planFrames } from '../../src/compile/plan.js';
import { compare } from '../../src/run/compare.js';
import { wordingOf } from '../../src/run/facts.js';
import { check, checksOf } from '../checks/harness.js';
import { onPilot } from './on-pilot.js';

/** What stands in every source. */
const ALWAYS = new Set(['_file', '_row', '_bad', '_eid', '_match']);

test('what is worked out from a field is read without it; what is shown or chosen by is read as well', () => {
  const { checks } = checksOf([
    check({
      with: { permit: { from: 'permit', pick: 'latest issued_on', where: "permit.status == 'active'" } },
      when: 'has(permit.amount)',
      expect: "same_address(enterprise.address, permit.address, 'building') && permit.n > 1",
      about: ['permit.permit_no'],
      message: { zh: '{permit.keeper}', en: '{permit.good}' },
      evidence: ['permit.kind'],
    }),
    check({ id: 'AA-02', expect: 'same_name(enterprise.name, enterprise.name)' }),
    check({ id: 'AA-03', expect: "door_key(enterprise.address) != ''" }),
  ]);
  const read = columnsRead(checks);
  const columns = ['address__parts', 'amount', 'good', 'issued_on', 'keeper', 'kind', 'n', 'permit_no', 'status'];
  expect([...read.get('permit')!].sort()).toEqual(columns);
  expect(read.get('enterprise')).toContain('name__key');
  expect(read.get('enterprise')).toContain('address__door');
});

test('tables with these columns alone are enough to judge and word, in small parks and in large ones', async () => {
  await onPilot(async ({ db, pack, checks, facts }) => {
    const read = columnsRead(checks);
    const stored = await db.rows<{ source: string; name: string }>(
      `SELECT table_name AS source, column_name AS name FROM duckdb_columns() WHERE schema_name = 'src'`,
    );
    // Far from all of what extracts have: addresses, whose parts or doors alone are compared, names beside codes.
    const of = (source: string) => stored.filter((c) => c.source === source).map((c) => c.name);
    expect(of('tax_month')).not.toContain('name');
    expect(of('geo_address')).not.toContain('address__parts');
    expect(of('enterprise')).toContain('phone');

    for (const frame of planFrames(checks)) {
      for (const [source, columns] of detailSelect(frame, db.dialect, facts, wordingOf(pack), 'src', 'o').reads) {
        const own = [...columns].filter((c) => !ALWAYS.has(c));
        for (const c of own) expect(read.get(source), `${source}.${c}`).toContain(c);
      }
    }
    await compare(db, checks, facts, wordingOf(pack));
    for (const [source, fields] of fieldsThatMatter(checks, facts)) {
      await db.rows(emptyCells(source, fields, 'src', db.dialect));
    }
    for (const { source, kind } of pack.contracts.values()) {
      const { ownKey } = facts.source(source);
      if (kind === 'extract' && ownKey) await db.rows(foundTwice(source, ownKey, 'src', db.dialect));
    }
  });
}, 60_000);
