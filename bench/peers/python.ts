import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import type { Peer } from '../results.js';
import { AS_OF } from '../settings.js';
import { differencesOf } from './differences.js';

/** pandas, and pandera upon it: a script in a virtual environment of its own, over Parquet files of the typed tables. */

const SCRIPT = 'bench/peers/pandas_peer.py';
const REQUIREMENTS = 'bench/peers/requirements.txt';

const checksIn = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map((m) => m[1] as string)),
];
export const pandasChecks = (): string[] => checksIn(readFileSync(SCRIPT, 'utf8'), /found\.add\("([A-Z]{2}-\d\d)"/g);
export const panderaChecks = (): string[] => checksIn(readFileSync(SCRIPT, 'utf8'), /rule\("([A-Z]{2}-\d\d)"/g);

interface Answer {
  version: string;
  load: number;
  compare: number;
  peakRss: number;
  found: string[];
}

export async function python(
  name: 'pandas' | 'pandera',
  typed: string,
  cache: string,
  bidui: number,
): Promise<Peer | string> {
  const environment = await environmentIn(cache);
  if ('missing' in environment) return `${name}: ${environment.missing}`;
  const checks = name === 'pandas' ? pandasChecks() : panderaChecks();
  const dir = mkdtempSync(join(tmpdir(), 'bidui-python-'));
  try {
    await asParquet(typed, dir);
    const told = run(environment.python, [SCRIPT, dir, AS_OF, ...(name === 'pandera' ? ['pandera'] : [])]);
    const { version, load, compare, peakRss, found } = JSON.parse(told) as Answer;
    const differences = await differencesOf(typed, checks, found);
    return { name, version, checks, load, compare, peakRss, rows: found.length, differences, bidui };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function environmentIn(cache: string): Promise<{ python: string } | { missing: string }> {
  const dir = resolve(cache, 'venv');
  const python = join(dir, 'bin', 'python');
  if (!existsSync(python) && spawnSync('python3', ['-m', 'venv', dir]).status !== 0)
    return { missing: 'no python3 with venv here' };
  const installed = spawnSync(
    python,
    ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '-r', REQUIREMENTS],
    {
      encoding: 'utf8',
    },
  );
  return installed.status === 0 ? { python } : { missing: `could not be installed: ${installed.stderr.trim()}` };
}

/** Without what only bidui reads; decimals as the floats that pandas computes with, days as the times it knows. */
async function asParquet(typed: string, dir: string): Promise<void> {
  const engine = await DuckDb.open();
  try {
    const d = engine.dialect;
    await engine.attach('typed', typed, 'read');
    const tables = await engine.rows<{ name: string; columns: string }>(
      `SELECT table_name AS name, string_agg(CASE
          WHEN data_type LIKE 'DECIMAL%' OR data_type = 'BIGINT' THEN 'CAST("' || column_name || '" AS DOUBLE) AS "' || column_name || '"'
          WHEN data_type = 'DATE' THEN 'CAST("' || column_name || '" AS TIMESTAMP) AS "' || column_name || '"'
          ELSE '"' || column_name || '"' END, ', ') AS columns
       FROM duckdb_columns()
       WHERE database_name = 'typed' AND schema_name = 'src' AND column_name NOT LIKE '%\\_\\_%' ESCAPE '\\' AND data_type NOT LIKE '%[]'
       GROUP BY table_name`,
    );
    for (const t of tables) {
      await engine.run(
        `COPY (SELECT ${t.columns} FROM typed.src.${d.ident(t.name)}) TO ${d.text(join(dir, `${t.name}.parquet`))} (FORMAT parquet)`,
      );
    }
  } finally {
    engine.close();
  }
}

function run(program: string, args: string[]): string {
  const done = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 30 });
  if (done.status !== 0) throw new Error(`${args[0]}: ${done.stderr}`);
  return done.stdout;
}
