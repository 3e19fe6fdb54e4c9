import { expect, test } from 'vitest';
import { loadPack } from '../../src/config/pack.js';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { findRepeats } from '../../src/ingest/dedupe.js';
import { typedFields } from '../../src/ingest/sources.js';
import { storedRows } from '../../src/ingest/type-rows.js';
import { checksDir, load, REGISTRY } from './load-harness.js';

test('among a million rows and more, the one key that stands there twice is found', async () => {
  const numbers = Array.from({ length: 1_000_001 }, (_, i) => i + 1);
  const file = (more: string) => `税务登记号\n${numbers.join('\n')}\n${more}`;
  const once = await load({ 'enterprise.csv': REGISTRY, 'tax.csv': file('') });
  expect(once.record.sources.tax?.counts).toMatchObject({ loaded: 1_000_001, duplicates: 0 });
  const twice = await load({ 'enterprise.csv': REGISTRY, 'tax.csv': file('500000\n') });
  expect(twice.record.sources.tax?.counts).toMatchObject({ data: 1_000_002, loaded: 1_000_001, duplicates: 1 });
  expect(await twice.rows('SELECT row, fate, kept_row FROM meta.dropped')).toEqual([
    { row: 500_001, fate: 'exact', kept_row: 1_000_003 },
  ]);
}, 60_000);

test('where two keys had one number, nothing comes of the closer look', async () => {
  const pack = loadPack(checksDir());
  const contract = pack.contracts.get('tax')!;
  const db = await DuckDb.open();
  try {
    const fields = typedFields(contract, pack).filter((f) => f.id === 'taxpayer_no');
    await db.run('CREATE SCHEMA stage');
    await db.run(
      `CREATE TABLE typed AS SELECT * FROM (VALUES ('1', 0, 2, NULL), ('2', 0, 3, NULL)) t(taxpayer_no, _file, _row, _why)`,
    );
    expect(await findRepeats(db, contract, fields, storedRows('typed', db.dialect))).toEqual({
      conflictingKeys: 0,
      rows: 0,
    });
  } finally {
    await db.discard();
  }
});
