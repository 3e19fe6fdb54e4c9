import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import pLimit from 'p-limit';
import type { Contract } from '../config/contract.js';
import type { Pack } from '../config/pack.js';
import type { Engine, Session } from '../engine/engine.js';
import { BiduiError, inputError, machineError, type Problem } from '../errors.js';
import type { ValueOptions } from '../values/index.js';
import { type CacheOptions, IngestCache } from './cache/ingest-cache.js';
import { expectation } from './expectation.js';
import { type Found, findFiles, type Places } from './find-files.js';
import { loadSources } from './load.js';
import type { InputFile } from './loading/options.js';
import { type RawTable, rawSchemas } from './raw-table.js';
import { readFile } from './read-file.js';
import type { IngestRecord, Progress } from './record.js';
import { tables } from './sources.js';

export interface IngestOptions {
  /** Holds the departments' extracts, at any depth. */
  inputDir?: string;
  /** Sources that lie elsewhere. */
  places?: Places;
  /** An existing directory for temporary files. */
  tempDir: string;
  /** Bytes that the engine may use; where not given, more than it wants. */
  memory?: number;
  /** How many sources are read side by side. */
  concurrency?: number;
  /**
   * By source, the columns that somebody will read of the rows of an extract: no others are stored but those of its key. All are looked
   * through all the same, for what cannot be read. Where not given, all are stored.
   */
  columns?: ReadonlyMap<string, ReadonlySet<string>>;
  /** Only these; `enterprise` always comes with them. */
  sources?: readonly string[];
  /** The place's own names of roads and zones, for reading addresses. */
  aliases?: ValueOptions['aliases'];
  /** What files became is kept there for later runs. */
  cache?: CacheOptions;
  progress?: (p: Progress) => void;
}

/**
 * Files → `src.<source>` tables whose rows are typed and know their enterprise, with `meta.quarantine`, `meta.dropped`
 * and `meta.files` beside them. Everything that is wrong with the files as files is told at once.
 */
export async function ingest(engine: Engine, pack: Pack, o: IngestOptions): Promise<IngestRecord> {
  const wanted = [...pack.contracts.values()].filter(
    (c) => !pack.builtin.has(c.source) && (!o.sources || o.sources.includes(c.source) || c.source === 'enterprise'),
  );
  const ofKind = (kind: Contract['kind']) => wanted.filter((c) => c.kind === kind);
  const references = ofKind('reference');
  const extracts = await findFiles(o.inputDir, ofKind('extract'), o.places);
  const reference = references.length > 0 ? await findFiles(join(pack.dir, 'reference'), references) : undefined;
  const notes = [...extracts.notes, ...(reference?.notes ?? [])];
  const problems = [...extracts.problems, ...(reference?.problems ?? [])];

  const concurrency = o.concurrency ?? Math.max(2, availableParallelism());
  const inputs: InputFile[] = wanted.flatMap((contract) => filesOf(contract, extracts, reference));
  // Numbered by source, then oldest first: `_file` grows with the age of what it says.
  inputs.forEach((input, i) => {
    input.index = i;
  });
  o.progress?.({ stage: 'found', files: inputs.length });
  const bytes = new Map(await Promise.all(inputs.map(async (i) => [i, await bytesOfText(i.path)] as const)));
  if ([...bytes.values()].reduce((sum, n) => sum + n, 0) <= LITTLE_TEXT) await engine.oneThreadEach();
  for (const schema of rawSchemas(engine)) await engine.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  const read = async (session: Session, input: InputFile, contract: Contract): Promise<RawTable> => {
    try {
      const raw = await readFile(session, { path: input.path, name: input.name }, expectation(contract), {
        table: tables.raw(session.dialect, engine.passing('raw', bytes.get(input)!), input.index),
        tempDir: o.tempDir,
      });
      o.progress?.({ stage: 'read', source: contract.source, file: input.name, rows: raw.counts.data });
      return raw;
    } catch (error) {
      throw unopenable(error, input.name);
    }
  };
  return loadSources(engine, pack, {
    contracts: wanted,
    inputs,
    passedOver: (source) => (extracts.bySource.get(source) ?? reference?.bySource.get(source))?.passedOver ?? [],
    read,
    limit: pLimit(concurrency),
    columns: o.columns,
    memory: o.memory,
    aliases: o.aliases,
    cache: o.cache && IngestCache.open(o.cache, (why) => o.progress?.({ stage: 'uncached', why })),
    progress: o.progress,
    notes,
    problems,
  });
}

/**
 * Bytes of all files together, some 20,000 enterprises. Where there is no more, statements side by side keep the machine busy by
 * themselves, and further threads for one of them cost a quarter of all work in waiting.
 */
export const LITTLE_TEXT = 32 * 1024 ** 2;

/** About how much text all extracts hold. Of what is wrong with them, `ingest` will tell. */
export async function bytesOfExtracts(pack: Pack, o: Pick<IngestOptions, 'inputDir' | 'places'>): Promise<number> {
  const contracts = [...pack.contracts.values()].filter((c) => c.kind === 'extract' && !pack.builtin.has(c.source));
  const { bySource } = await findFiles(o.inputDir, contracts, o.places);
  const files = [...bySource.values()].flatMap((found) => found.files);
  const bytes = await Promise.all(files.map((f) => bytesOfText(f.path)));
  return bytes.reduce((sum, n) => sum + n, 0);
}

/** About how much text a file holds: packed ones some ten times their size. Of one that is gone, its reader will say so. */
async function bytesOfText(path: string): Promise<number> {
  const size = await stat(path).then(
    (s) => s.size,
    () => 0,
  );
  return /\.(gz|xlsx|parquet)$/i.test(path) ? size * 10 : size;
}

function filesOf(contract: Contract, extracts: Found, reference: Found | undefined): InputFile[] {
  const found = (contract.kind === 'reference' ? reference : extracts)?.bySource.get(contract.source);
  return (found?.files ?? []).map((f) => ({ ...f, index: -1, source: contract.source }));
}

/** A file that vanished or may not be read is the operator's to mend, not a fault of ours. */
function unopenable(error: unknown, name: string): unknown {
  if (error instanceof BiduiError || !(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
    return machineError({
      what: 'there is no room left for intermediate data',
      where: { file: name },
      why: error.message,
      fix: 'make room on that disk, or give a directory on another with --temp-dir',
    });
  }
  const problem: Record<string, string> = {
    ENOENT: 'the file is gone',
    EACCES: 'the file may not be read by this user',
    EPERM: 'the file may not be read by this user',
    EBUSY: 'the file is in use by another program',
    EIO: 'the file cannot be read from its disk',
  };
  const what = problem[String(error.code)];
  if (!what) return error;
  return inputError({ what, where: { file: name }, fix: `check ${basename(name)} and run again` } satisfies Problem);
}
