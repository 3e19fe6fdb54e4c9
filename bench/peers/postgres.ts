import { execFileSync, type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { themeQueries, withoutDomain } from '../floor/sql-files.js';
import type { Peer } from '../results.js';
import type { EngineSettings } from '../settings.js';
import { differencesOf } from './differences.js';

/**
 * PostgreSQL with the same queries, less the branches that call the domain's functions. The server is one of its own in a
 * temporary directory, reached by a socket there, and gone afterwards; nothing is asked of it that could survive a crash.
 */

const checkIds = (sql: string): string[] =>
  [...sql.matchAll(/SELECT (?:DISTINCT )?'([A-Z]{2}-\d\d)'/g)].map((m) => m[1] as string);
const queries = () => themeQueries().map((q) => ({ ...q, sql: withoutDomain(q.sql) }));

export const postgresChecks = (): string[] => queries().flatMap((q) => checkIds(q.sql));

export async function postgres(typed: string, o: EngineSettings, bidui: number): Promise<Peer | string> {
  const bin = binaries();
  if (!bin) return "PostgreSQL: no server here (neither 'initdb' on the path nor where pg_config says)";
  const dir = mkdtempSync(join(tmpdir(), 'bidui-postgres-'));
  const user = serverUser();
  if (user) chownSync(dir, user.uid, user.gid);
  const server = (program: string, ...args: string[]) => must(join(bin, program), args, { ...user, cwd: dir });
  const data = join(dir, 'data');
  server('initdb', '-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N');
  const threads = o.threads ?? 2;
  writeFileSync(
    join(data, 'postgresql.auto.conf'),
    [
      "listen_addresses = ''",
      `unix_socket_directories = '${dir}'`,
      'fsync = off',
      'full_page_writes = off',
      'wal_level = minimal',
      'max_wal_senders = 0',
      'shared_buffers = 1GB',
      'work_mem = 256MB',
      'maintenance_work_mem = 512MB',
      'max_wal_size = 8GB',
      // The process that was asked works as well.
      `max_parallel_workers_per_gather = ${threads - 1}`,
      'jit = off',
      // It knows nothing about the results of a WITH, takes them for small, and would go over them once for every row.
      'enable_nestloop = off',
    ].join('\n'),
  );
  server('pg_ctl', '-D', data, '-w', '-l', join(dir, 'log'), 'start');
  try {
    const sql = (...args: string[]) =>
      must('psql', ['-h', dir, '-U', 'bench', '-d', 'postgres', '-qAtX', '-v', 'ON_ERROR_STOP=1', ...args]);
    const load = await loadTables(typed, join(dir, 'csv'), sql);
    let compare = 0;
    sql('-c', 'CREATE TABLE found (check_id text, _eid bigint, about text)');
    for (const q of queries()) {
      const file = join(dir, `${q.theme}.sql`);
      writeFileSync(file, `INSERT INTO found\n${q.sql}`);
      compare += timed(() => sql('-f', file));
    }
    const found = sql('-c', `SELECT check_id || ' ' || _eid || ' ' || about FROM found`).split('\n').filter(Boolean);
    const checks = postgresChecks();
    const differences = await differencesOf(typed, checks, found);
    return { name: 'PostgreSQL', version: version(bin), checks, load, compare, rows: found.length, differences, bidui };
  } finally {
    server('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The typed tables as CSV, copied in by the server's own client. Writing the CSV is not counted. */
async function loadTables(typed: string, dir: string, sql: (...args: string[]) => string): Promise<number> {
  mkdirSync(dir);
  const engine = await DuckDb.open();
  let ddl = readFileSync('bench/peers/postgres.sql', 'utf8');
  let copies = '';
  let indexes = '';
  try {
    const d = engine.dialect;
    await engine.attach('typed', typed, 'read');
    const tables = await engine.rows<{ schema: string; name: string }>(
      `SELECT DISTINCT schema_name AS schema, table_name AS name FROM duckdb_columns()
       WHERE database_name = 'typed' AND (schema_name = 'src' OR table_name = 'workdays') ORDER BY ALL`,
    );
    for (const t of tables) {
      const columns = await engine.rows<{ name: string; type: string }>(
        `SELECT column_name AS name, data_type AS type FROM duckdb_columns()
         WHERE database_name = 'typed' AND schema_name = ${d.text(t.schema)} AND table_name = ${d.text(t.name)}
           AND column_name NOT LIKE '%\\_\\_parts' ESCAPE '\\' ORDER BY column_index`,
      );
      const picked = columns.map((c) =>
        c.type.endsWith('[]') ? `${arrayText(d.ident(c.name))} AS ${d.ident(c.name)}` : d.ident(c.name),
      );
      const file = join(dir, `${t.name}.csv`);
      await engine.run(
        `COPY (SELECT ${picked.join(', ')} FROM typed.${t.schema}.${d.ident(t.name)}) TO ${d.text(file)} (FORMAT csv, HEADER false, NULLSTR '\\N')`,
      );
      chmodSync(file, 0o644);
      ddl += `CREATE UNLOGGED TABLE "${t.name}" (${columns.map((c) => `"${c.name}" ${typeOf(c.type)}`).join(', ')});\n`;
      copies += `\\copy "${t.name}" FROM '${file}' (FORMAT csv, NULL '\\N')\n`;
      if (columns.some((c) => c.name === '_eid')) indexes += `CREATE INDEX ON "${t.name}" (_eid);\n`;
    }
  } finally {
    engine.close();
  }
  const script = join(dir, 'load.sql');
  writeFileSync(script, `${ddl}${copies}${indexes}ANALYZE;\n`);
  return timed(() => sql('-f', script));
}

/** A list as PostgreSQL writes one. */
const arrayText = (x: string): string =>
  `CASE WHEN ${x} IS NOT NULL THEN '{' || array_to_string(list_transform(${x}, y -> '"' || replace(replace(y, '\\', '\\\\'), '"', '\\"') || '"'), ',') || '}' END`;

const typeOf = (duckdb: string): string =>
  duckdb.endsWith('[]') ? 'text[]' : duckdb === 'VARCHAR' ? 'text' : duckdb === 'DOUBLE' ? 'double precision' : duckdb;

function binaries(): string | undefined {
  const told = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' });
  const dirs = [...(process.env.PATH ?? '').split(':'), ...(told.status === 0 ? [told.stdout.trim()] : [])];
  return dirs.find((dir) => existsSync(join(dir, 'initdb')) && existsSync(join(dir, 'pg_ctl')));
}

const version = (bin: string): string =>
  /\d[\d.]*/.exec(execFileSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' }))?.[0] ?? '';

/** The server will not run as root: then another user of the system does. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const id = (flag: string) => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout);
    if (id('-u')) return { uid: id('-u'), gid: id('-g') };
  }
  return undefined;
}

/** A daemon keeps what it was given to write to, and whoever reads that would wait for it to end: so nothing is piped. */
function must(program: string, args: string[], options: SpawnSyncOptions = {}): string {
  const piped = program === 'psql';
  const done = spawnSync(program, args, {
    ...options,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: piped ? 'pipe' : 'ignore',
  });
  if (done.status !== 0) throw new Error(`${program} ${args[0]}: ${done.error?.message ?? done.stderr ?? done.status}`);
  return String(done.stdout ?? '');
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}
