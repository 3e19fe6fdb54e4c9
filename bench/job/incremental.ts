import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Job } from '../results.js';
import type { EngineSettings } from '../settings.js';
import { filesOf } from './extracts.js';
import { fullJob } from './job.js';

/** Where the rows that changed since last night are. */
type Spread = 'none' | 'few' | 'all';

export interface Night {
  night: string;
  job: Job;
}

/** Departments that deliver anew, for `few`: they have 7% of all rows, so a seventh of theirs changes. */
const FEW = ['tax_registration.csv', 'address_declaration.csv', 'power_use.csv', 'licence_list.csv'];

/** The same city on nights of which only some rows are new: what each costs, and what it costs without a cache. */
export async function incrementalNights(
  root: string,
  dir: string,
  cache: string,
  engine: EngineSettings,
  say: (text: string) => void,
): Promise<Night[]> {
  const scratch = mkdtempSync(join(resolve(cache), 'nights-'));
  const kept = join(scratch, 'kept');
  const nights: Night[] = [];
  const run = async (night: string, extracts: string, keep?: string) => {
    say(`${night} …`);
    const job = await fullJob(root, extracts, cache, engine, keep);
    nights.push({ night, job });
    say(
      `${job.wall.toFixed(1)} s, CPU ${job.cpu.toFixed(1)} s; ${job.steps.map((x) => `${x.step} ${x.cpu.toFixed(1)}`).join(', ')}`,
    );
  };
  try {
    await run('without a cache', dir);
    await run('first night', dir, kept);
    await run('nothing changed', dir, kept);
    for (const spread of ['few', 'all'] as const) {
      const changed = join(scratch, spread);
      await change(dir, changed, spread);
      await run(`1% of rows, ${spread === 'few' ? `in ${FEW.length} extracts` : 'in all extracts'}`, changed, kept);
    }
    return nights;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function change(from: string, to: string, spread: Spread): Promise<void> {
  mkdirSync(to);
  for (const path of filesOf(from)) {
    const name = basename(path);
    const target = join(to, name);
    const share = spread === 'all' ? 0.01 : FEW.includes(name) ? 1 / 7 : 0;
    if (share === 0) copyFileSync(path, target);
    else if (name.endsWith('.parquet')) await changeParquet(path, target, Math.round(1 / share));
    else changeText(path, target, Math.round(1 / share));
  }
}

/** Of every so many lines one goes. Encodings do not matter: no line end is part of a character. The header stays. */
function changeText(path: string, target: string, every: number): void {
  const lines = readFileSync(path, 'latin1').split('\n');
  writeFileSync(target, lines.filter((_, i) => i === 0 || i % every !== 1).join('\n'), 'latin1');
}

async function changeParquet(path: string, target: string, every: number): Promise<void> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const text = (s: string) => `'${s.replaceAll("'", "''")}'`;
  await connection.run(
    `COPY (SELECT * EXCLUDE (file_row_number) FROM read_parquet(${text(path)}, file_row_number = true)
       WHERE file_row_number % ${every} <> 1) TO ${text(target)} (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
}

/** As a table of docs/performance.md. */
export function nightsTable(nights: readonly Night[]): string {
  const full = nights[0]!.job;
  const ingest = (job: Job) => job.steps.find((s) => s.step === 'ingest')!;
  const n = (x: number) => (x < 10 ? x.toFixed(2) : x.toFixed(1));
  const percent = (x: number) => `${Math.round(100 * x)}%`;
  return [
    '| night | ingest wall s | ingest CPU s | run wall s | run CPU s | of a full run, wall | CPU |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...nights.map(
      ({ night, job }) =>
        `| ${night} | ${n(ingest(job).wall)} | ${n(ingest(job).cpu)} | ${n(job.wall)} | ${n(job.cpu)} | ${percent(job.wall / full.wall)} | ${percent(job.cpu / full.cpu)} |`,
    ),
  ].join('\n');
}
