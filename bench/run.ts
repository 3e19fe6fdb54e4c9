import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { engineVersion } from '../src/engine/duckdb/database.js';
import { writeDocs } from './docs.js';
import { encodingsOf } from './encodings.js';
import { inChild } from './floor/in-child.js';
import { build } from './job/build.js';
import { extractsOf } from './job/extracts.js';
import { incrementalNights, nightsTable } from './job/incremental.js';
import { fullJob } from './job/job.js';
import { peerChecks, peersOf } from './peers/peers.js';
import type { HandFloor, Measurement, ReadFloor, Results } from './results.js';
import { type EngineSettings, SEED } from './settings.js';
import { tablesOf } from './tables.js';

const USAGE = `npm run bench -- [options]: the full job against its floor (docs/performance.md)
  --enterprises LIST  sizes (default 10000,100000)
  --threads N         threads of the engine, of bidui's and of all others (default 2)
  --memory SIZE       memory of the engine, such as 4GB (default: the engine's own)
  --memories LIST     job and floor of the largest size once more with so much memory, such as 2GB,16GB
  --encodings         also all CSV in UTF-8, and all in GB 18030
  --peers             also PostgreSQL, pandas and a data-quality tool, where they can be had
  --no-floor          the job alone
  --incremental       nights on which 1% of the rows changed, in place of all else
  --generate          only make the extracts
  --fresh             make them anew
  --seed N            (default ${SEED})
  --cache DIR         extracts, builds and scratch files (default .bench)
  --bin DIR           a built package to measure, instead of building this one
  --json FILE         write all figures
  --add               keep the figures that FILE has already: of other sizes, and what this run does not measure
  --docs              put tables and plot into docs/`;

const { values: o } = parseArgs({
  options: {
    enterprises: { type: 'string', default: '10000,100000' },
    threads: { type: 'string', default: '2' },
    memory: { type: 'string' },
    memories: { type: 'string', default: '' },
    encodings: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    'no-floor': { type: 'boolean', default: false },
    incremental: { type: 'boolean', default: false },
    generate: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(SEED) },
    cache: { type: 'string', default: '.bench' },
    bin: { type: 'string' },
    json: { type: 'string' },
    add: { type: 'boolean', default: false },
    docs: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const say = (text: string) => process.stderr.write(`${text}\n`);

async function measure(
  root: string,
  enterprises: number,
  engine: EngineSettings,
  memories: readonly string[],
): Promise<Measurement> {
  say(`${enterprises} enterprises: extracts …`);
  const extracts = await extractsOf(o.cache, enterprises, Number(o.seed), o.fresh);
  const { dir, rows, bytes } = extracts;
  say('full job …');
  const m: Measurement = { enterprises, rows, bytes, job: await fullJob(root, dir, o.cache, engine) };
  for (const memory of memories) {
    say(`full job with ${memory} …`);
    const job = await fullJob(root, dir, o.cache, { ...engine, memoryLimit: memory });
    m.others = [...(m.others ?? []), { memory, job }];
  }
  const read = (with_: EngineSettings) => inChild<ReadFloor>('read', [dir, with_]);
  if (!o['no-floor']) {
    say('floor: reading …');
    m.read = await read(engine);
  }
  if (!o['no-floor'] || o.peers) {
    const typed = join(o.cache, `typed-${o.seed}-${enterprises}.duckdb`);
    say('typed tables …');
    const alone = await inChild<Record<string, number>>('typed', [dir, typed, engine, o.peers ? peerChecks() : {}]);
    say('floor: hand-written SQL …');
    m.hand = await inChild<HandFloor>('hand', [typed, engine]);
    for (const other of o['no-floor'] ? [] : (m.others ?? [])) {
      say(`floor with ${other.memory} …`);
      const with_ = { ...engine, memoryLimit: other.memory };
      other.read = await read(with_);
      other.hand = await inChild<HandFloor>('hand', [typed, with_]);
    }
    if (o.peers) m.peers = await peersOf(typed, o.cache, engine, alone, say);
  }
  if (o.encodings) m.encodings = await encodingsOf(root, dir, o.cache, engine, say);
  return m;
}

const earlier = (): Measurement[] =>
  o.json && existsSync(o.json) ? (JSON.parse(readFileSync(o.json, 'utf8')) as Results).measurements : [];

async function main(): Promise<void> {
  if (o.help) {
    say(USAGE);
    return;
  }
  const sizes = o.enterprises.split(',').map(Number);
  if (sizes.some((n) => !Number.isInteger(n) || n < 1)) throw new Error(`--enterprises ${o.enterprises}`);
  mkdirSync(o.cache, { recursive: true });
  if (o.generate) {
    for (const n of sizes) {
      const made = await extractsOf(o.cache, n, Number(o.seed), o.fresh);
      say(`${made.dir}: ${made.rows} rows, ${Math.round(made.bytes / 1e6)} MB`);
    }
    return;
  }
  const root = o.bin ?? build(o.cache);
  const engine: EngineSettings = { threads: Number(o.threads), memoryLimit: o.memory };
  if (o.incremental) {
    for (const n of sizes) {
      const { dir } = await extractsOf(o.cache, n, Number(o.seed), o.fresh);
      console.log(`${n} enterprises\n\n${nightsTable(await incrementalNights(root, dir, o.cache, engine, say))}\n`);
    }
    return;
  }
  const results: Results = {
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown CPU',
      cores: cpus().length,
      memory: totalmem(),
      platform: `${platform()}-${arch()}`,
    },
    versions: { Node: process.version, engine: await engineVersion() },
    threads: Number(o.threads),
    memory: o.memory,
    seed: Number(o.seed),
    measurements: o.add ? earlier() : [],
  };
  for (const n of sizes) {
    const m = await measure(root, n, engine, n === Math.max(...sizes) ? o.memories.split(',').filter(Boolean) : []);
    const before = results.measurements.find((x) => x.enterprises === n);
    if (before) Object.assign(before, m);
    else results.measurements.push(m);
    // After every size: what was measured is kept, whatever becomes of the next.
    if (o.json) writeFileSync(o.json, `${JSON.stringify(results, null, 2)}\n`);
  }
  console.log(tablesOf(results));
  if (o.docs) writeDocs(results);
  if (results.measurements.some((m) => m.hand?.differences.length)) process.exitCode = 1;
}

await main();
