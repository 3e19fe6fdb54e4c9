import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { acceptedHeaders } from '../../src/config/header.js';
import { loadPack } from '../../src/config/pack.js';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { BiduiError } from '../../src/errors.js';
import { readFile } from '../../src/ingest/read-file.js';
import { random } from '../support/random.js';
import { mutated, mutatedPart } from './mutate.js';

/**
 * Reads mutated copies of the pilot's files: `tsx test/hostile/fuzz.ts <cases per format> <seed> [format]`. Prints a line of JSON
 * for each case that did not end as it should, and one with the counts. A crash is the end of this process: the last `case` told.
 */
const [cases = '50', seed = '20260731', only] = process.argv.slice(2);
const PILOT = 'fixtures/pilot';
const file = (name: string) => readFileSync(join(PILOT, name));

const FORMATS: Record<string, { source: string; name: string; bytes: Buffer; inner?: true }> = {
  csv: { source: 'discharge_permit', name: 'a.csv', bytes: file('排污许可证.csv') },
  gb18030: { source: 'registry_change', name: 'b.csv', bytes: file('变更登记表_20260731.csv') },
  gz: { source: 'discharge_permit', name: 'a.csv.gz', bytes: gzipSync(file('排污许可证.csv')) },
  json: { source: 'online_device', name: 'a.json', bytes: file('自动监测设备联网登记.json') },
  ndjson: { source: 'emergency_plan', name: 'a.ndjson', bytes: file('应急预案备案.ndjson') },
  xlsx: { source: 'penalty', name: 'a.xlsx', bytes: file('处罚与整改.xlsx') },
  'xlsx part': { source: 'penalty', name: 'p.xlsx', bytes: file('处罚与整改.xlsx'), inner: true },
  parquet: { source: 'discharge_emission', name: 'a.parquet', bytes: file('实际排放量_2025-2026.parquet') },
  'arrow stream': { source: 'insured_person', name: 'a.arrows', bytes: file('参保人员名单_202606.arrows') },
  'arrow file': { source: 'geo_address', name: 'a.arrow', bytes: file('标准地址库_20260731.arrow') },
};

const SLOW = 60_000;
const root = mkdtempSync(join(tmpdir(), 'bidui-fuzz-'));
const db = await DuckDb.open({ threads: 2, memoryLimit: '1GB', tempDirectory: root });
await db.run('CREATE SCHEMA raw');
const { contracts } = loadPack('checks');
const counts: Record<string, Record<string, number>> = {};

try {
  for (const [format, f] of Object.entries(FORMATS)) {
    if (only && only !== format) continue;
    const fields = Object.entries(contracts.get(f.source)!.fields).map(([id, x]) => ({
      names: acceptedHeaders(id, x),
      required: x.required,
    }));
    const tally = { read: 0, refused: 0, wrong: 0 };
    counts[format] = tally;
    for (let n = 0; n < Number(cases); n++) {
      const next = random(Number(seed) * 1_000_003 + n);
      const bytes = f.inner ? mutatedPart(f.bytes, next) : mutated(f.bytes, next);
      writeFileSync(join(root, 'case'), JSON.stringify({ format, n }));
      const wrong = await attempt(f.name, bytes, { fields }, tally);
      if (!wrong) continue;
      tally.wrong++;
      process.stdout.write(`${JSON.stringify({ format, n, wrong })}\n`);
    }
  }
  process.stdout.write(`${JSON.stringify({ counts })}\n`);
} finally {
  db.close();
  rmSync(root, { recursive: true, force: true });
}

/** What is wrong with how it ended, if anything. */
async function attempt(
  name: string,
  bytes: Buffer,
  expect: Parameters<typeof readFile>[2],
  tally: { read: number; refused: number },
): Promise<string | undefined> {
  const path = join(root, name);
  const tempDir = join(root, 'temp');
  mkdirSync(tempDir, { recursive: true });
  writeFileSync(path, bytes);
  const table = 'raw.f';
  const session = await db.session();
  const start = performance.now();
  let timer: NodeJS.Timeout | undefined;
  try {
    const raw = await Promise.race([
      readFile(session, { path, name }, expect, { table, tempDir }),
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('hangs')), SLOW);
      }),
    ]);
    const cells = raw.headers.map((_, i) => `count(DISTINCT c${i})`);
    const [found] = await session.rows<{ n: number }>(`SELECT ${['count(*) AS n', ...cells].join(', ')} FROM ${table}`);
    tally.read++;
    const rows = Number(found?.n) + raw.malformed.length;
    if (raw.counts.data !== rows) return `${raw.counts.data} rows of data, but ${rows} are there`;
  } catch (error) {
    if (!(error instanceof BiduiError)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
    tally.refused++;
    const p = error.problems[0]!;
    if (!p.fix || p.where?.file !== name) return `refused without place or advice: ${JSON.stringify(p)}`;
    if (error.problems.some((x) => /\n\s+at |node_modules|INTERNAL Error/.test(`${x.what}${x.why}`)))
      return `refused in the words of a machine: ${JSON.stringify(p)}`;
  } finally {
    clearTimeout(timer);
    for (const kind of ['TABLE', 'VIEW']) await session.run(`DROP ${kind} IF EXISTS ${table}`).catch(() => {});
    session.close();
  }
  const left = readdirSync(tempDir);
  if (left.length > 0) return `left behind: ${left.join(', ')}`;
  const seconds = (performance.now() - start) / 1000;
  return seconds > 45 ? `took ${Math.round(seconds)} s` : undefined;
}
