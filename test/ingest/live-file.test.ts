import { linkSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadPack } from '../../src/config/pack.js';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { expectation } from '../../src/ingest/expectation.js';
import { loadSources } from '../../src/ingest/load.js';
import { readFile } from '../../src/ingest/read-file.js';
import { A, B, checksDir, complaint, directory, ENTERPRISE, load } from './load-harness.js';

let maker: DuckDb;
beforeAll(async () => {
  maker = await DuckDb.open();
});
afterAll(() => maker.close());

async function parquet(path: string, name: string, rows = 1): Promise<void> {
  await maker.run(
    `COPY (SELECT '${A}' AS 统一社会信用代码, '${name}' AS 企业名称 FROM range(${rows})) TO '${path}' (FORMAT parquet)`,
  );
}

/** Loads the one file of the library, to which something happens as soon as it has been looked at for the first time. */
async function loadWhile(path: string, happens: () => unknown): Promise<(string | null)[]> {
  const pack = loadPack(checksDir());
  const engine = await DuckDb.open();
  try {
    await engine.run('CREATE SCHEMA raw');
    await loadSources(engine, pack, {
      contracts: [pack.contracts.get('enterprise')!],
      inputs: [{ index: 0, source: 'enterprise', path, name: 'enterprise.parquet' }],
      read: async (session, input, contract) => {
        const o = { table: 'raw.file_0', tempDir: directory() };
        const raw = await readFile(session, input, expectation(contract), o);
        await happens();
        return raw;
      },
      limit: pLimit(1),
    });
    const left = await engine.rows(`SELECT 1 FROM duckdb_views() WHERE schema_name = 'raw'`);
    expect(left).toEqual([]);
    return (await engine.rows<{ name: string }>('SELECT name FROM src.enterprise')).map((r) => r.name);
  } finally {
    engine.close();
  }
}

const CHANGED = /^exit 3\nenterprise\.parquet the file was changed while it was read/;

test('a Parquet file that becomes another while it is read is refused', async () => {
  const path = join(directory(), 'enterprise.parquet');
  const other = join(directory(), 'other.parquet');
  await parquet(path, '苏州甲有限公司');
  await parquet(other, '苏州乙有限公司');
  const before = statSync(path);
  expect(statSync(other).size).toBe(before.size);
  expect(
    await complaint(() =>
      loadWhile(path, () => {
        // Its size and its time are what they were.
        writeFileSync(path, readFileSync(other));
        utimesSync(path, before.atime, before.mtime);
      }),
    ),
  ).toMatch(CHANGED);
  expect(await complaint(() => loadWhile(path, () => parquet(path, '苏州丙丁有限公司', 2)))).toMatch(CHANGED);
});

test('so is one that cannot be read any more, in the same words', async () => {
  const path = join(directory(), 'enterprise.parquet');
  await parquet(path, '苏州甲有限公司');
  expect(await complaint(() => loadWhile(path, () => writeFileSync(path, 'PAR1')))).toMatch(CHANGED);
});

test('a file that somebody only links to is the same', async () => {
  const path = join(directory(), 'enterprise.parquet');
  await parquet(path, '苏州甲有限公司');
  expect(await loadWhile(path, () => linkSync(path, `${path}.backup`))).toEqual(['苏州甲有限公司']);
});

test('files of one source may be tables and views', async () => {
  const dir = directory({ 'enterprise_20260101.csv': `信用代码,企业名称\n${B},苏州乙有限公司\n` });
  await parquet(join(dir, 'enterprise_20260201.parquet'), '苏州甲有限公司');
  const { record, rows } = await load(
    {},
    { inputDir: dir, checks: { 'sources/enterprise.yaml': ENTERPRISE.replace('several: latest', 'several: all') } },
  );
  expect(await rows('SELECT uscc, name FROM src.enterprise ORDER BY uscc')).toEqual([
    { uscc: A, name: '苏州甲有限公司' },
    { uscc: B, name: '苏州乙有限公司' },
  ]);
  expect(record.files.map((f) => [f.format, Object.keys(f).includes('live')])).toEqual([
    ['csv', false],
    ['parquet', false],
  ]);
});
