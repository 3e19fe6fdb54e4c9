import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { directory } from '../cli/world.js';

async function sealed(dir: string) {
  mkdirSync(join(dir, 'out'));
  const engine = await DuckDb.open({ path: join(dir, 'work.duckdb'), tempDirectory: join(dir, 'spill') });
  await engine.attach('ledger', join(dir, 'ledger.duckdb'), 'write');
  await engine.run('CREATE TABLE ledger.kept (n INTEGER)');
  await engine.seal([join(dir, 'out')]);
  return engine;
}

test('a sealed engine reads no file, writes nowhere else, and cannot be unsealed', async () => {
  const dir = directory({ 'secret.csv': 'a,b\n1,2\n', 'out2/x.csv': 'a\n1\n' });
  const engine = await sealed(dir);
  symlinkSync('/etc/passwd', join(dir, 'out', 'link'));
  try {
    const forbidden = [
      `SELECT * FROM read_text('/etc/passwd')`,
      `SELECT * FROM read_csv('${dir}/secret.csv')`,
      `SELECT * FROM '${dir}/secret.csv'`,
      `SELECT * FROM glob('/etc/*')`,
      `SELECT * FROM read_text('${dir}/out/../secret.csv')`,
      `SELECT * FROM read_text('${dir}/out/link')`,
      `SELECT * FROM read_text('${dir}/out2/x.csv')`,
      `COPY (SELECT 1) TO '${dir}/elsewhere.csv'`,
      `ATTACH '${dir}/other.duckdb' AS other`,
      `EXPORT DATABASE '${dir}/dump'`,
      'LOAD httpfs',
      'INSTALL httpfs',
      `SET enable_external_access = true`,
      `SET allowed_directories = ['/']`,
      `SET temp_directory = '/'`,
      'RESET lock_configuration',
    ];
    const session = await engine.session();
    for (const sql of forbidden) {
      for (const s of [engine, session]) await expect(s.run(sql), sql).rejects.toThrow(/disabled|locked|cannot/i);
    }
    session.close();
  } finally {
    engine.close();
  }
});

test('a sealed engine still writes reports, keeps its ledger and spills', async () => {
  const dir = directory();
  const engine = await sealed(dir);
  mkdirSync(join(dir, 'out', 'by-theme'));
  await engine.writeLines(`SELECT 'line'`, join(dir, 'out', 'by-theme', 'a.csv'));
  await engine.writeLines(`SELECT 'line'`, relative(process.cwd(), join(dir, 'out', 'b.csv')));
  await engine.writeParquet('SELECT 1 AS n', join(dir, 'out', 'a.parquet'));
  await engine.transaction(() => engine.run('INSERT INTO ledger.kept SELECT range FROM range(100000)'));
  const session = await engine.session();
  expect(await session.rows(`SELECT current_setting('TimeZone') AS tz`)).toEqual([{ tz: 'UTC' }]);
  session.close();
  engine.close();
  expect(readFileSync(join(dir, 'out', 'by-theme', 'a.csv'), 'utf8')).toBe('line\n');

  const again = await DuckDb.open({ path: join(dir, 'ledger.duckdb') });
  expect(await again.rows('SELECT count(*) AS n FROM kept')).toEqual([{ n: 100_000 }]);
  again.close();
});

test('more than memory holds is still sorted after sealing', async () => {
  const dir = directory();
  mkdirSync(join(dir, 'out'));
  const engine = await DuckDb.open({
    path: join(dir, 'work.duckdb'),
    tempDirectory: join(dir, 'spill'),
    memoryLimit: '100MB',
    threads: 2,
  });
  await engine.seal([join(dir, 'out')]);
  await engine.run('CREATE TABLE big AS SELECT range AS n, md5(range::VARCHAR) AS m FROM range(3000000)');
  await engine.run('CREATE TABLE sorted AS SELECT * FROM big ORDER BY m');
  expect(await engine.rows('SELECT count(*) AS n FROM sorted')).toEqual([{ n: 3_000_000 }]);
  engine.close();
});

test('what is outside stays outside where a directory is reached by a link', async () => {
  const dir = directory({ 'real/x.txt': 'x' });
  symlinkSync(join(dir, 'real'), join(dir, 'link'));
  writeFileSync(join(dir, 'y.txt'), 'y');
  const engine = await DuckDb.open();
  await engine.seal([join(dir, 'link')]);
  await engine.writeLines(`SELECT 'z'`, join(dir, 'link', 'z.txt'));
  await expect(engine.run(`SELECT * FROM read_text('${dir}/y.txt')`)).rejects.toThrow(/disabled/);
  engine.close();
});
