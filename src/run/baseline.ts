import { copyFileSync, existsSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { tidyHeader } from '../config/header.js';
import type { Pack } from '../config/pack.js';
import type { Engine, Session } from '../engine/engine.js';
import { BiduiError, EXIT, outputError, type Problem, usageError } from '../errors.js';
import { dropRaw } from '../ingest/raw-table.js';
import { readFile } from '../ingest/read-file.js';
import { ANOMALY_COLUMNS } from '../report/anomaly-columns.js';
import { baselineLines } from '../report/baseline.js';

/** Columns that are read from a baseline: its own, or those of an earlier anomalies.csv, .json, .ndjson, .parquet or .arrow. */
const WANTED = ['anomaly_id', 'uscc', 'severity'] as const;

const ID = '^[A-Z]{2}-[0-9]{2}-[0-9A-F]{12}$';
const CHECK_LENGTH = 'PW-02'.length;

const namesOf = (id: string): string[] => {
  const titles = ANOMALY_COLUMNS.find((c) => c.id === id)?.title;
  return [id, ...(titles ? [titles.zh, titles.en] : [])];
};

/** `baseline.entries`: the known anomalies, each with its check, its enterprise and how grave it was, as far as the file says. */
export async function loadBaseline(engine: Engine, pack: Pack, path: string, tempDir: string): Promise<void> {
  const d = engine.dialect;
  const file = { path, name: basename(path) };
  const fields = WANTED.map((id) => ({ names: namesOf(id), required: id === 'anomaly_id' }));
  await engine.run('CREATE SCHEMA baseline');
  const raw = await readFile(engine, file, { fields }, { table: 'baseline.file', tempDir }).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  const headers = raw.headers.map(tidyHeader);
  const cell = (id: string) => {
    const at = headers.findIndex((h) => namesOf(id).map(tidyHeader).includes(h));
    return at < 0 ? undefined : `c${at}`;
  };
  const id = cell('anomaly_id');
  if (!id) throw noBaseline(path, 'it has no column anomaly_id (异常编号)');
  // Reports put a tab or a quote before what a spreadsheet program would spoil.
  const plain = (x: string | undefined) =>
    x === undefined ? d.cast('NULL', 'text') : `nullif(${d.trim(d.regexReplace(x, "^[\\t']+", ''))}, '')`;
  const words = Object.entries(pack.vocabulary.severities).flatMap(([s, w]) =>
    [s, w.zh, w.en].map((x) => [x.toLowerCase(), s] as const),
  );
  await engine.run(
    `CREATE TABLE baseline.entries AS
SELECT id, ${d.substr('id', 1, CHECK_LENGTH)} AS check_id, ${d.cast('min(uscc)', 'text')} AS uscc, ${d.cast('min(severity)', 'text')} AS severity, min(_row) AS _row FROM (
  SELECT ${plain(id)} AS id, ${plain(cell('uscc'))} AS uscc, ${d.lookup(d.lower(plain(cell('severity'))), new Map(words))} AS severity, _row
  FROM ${raw.table}
) GROUP BY id`,
  );
  const wrong = await engine.rows<{ id: string | null; row: number }>(
    `SELECT id, _row AS ${d.ident('row')} FROM baseline.entries WHERE NOT coalesce(${d.matches('id', ID)}, FALSE) ORDER BY _row LIMIT 5`,
  );
  const faults: Problem[] = [
    ...wrong.map((w) => ({
      what: `'${w.id ?? ''}' is no anomaly id`,
      where: { file: path, row: Number(w.row) },
      fix: 'take the ids as anomalies.csv writes them, such as PW-02-6DF663FA18F6',
    })),
    ...raw.malformed.map((m) => ({
      what: 'this line cannot be split into cells',
      where: { file: path, row: m.row },
      why: m.reason,
      fix: 'write the baseline again with --write-baseline',
    })),
  ];
  if (faults.length > 0) throw usageError(faults);
  await dropRaw(engine, raw);
}

const noBaseline = (path: string, why: string) =>
  usageError({
    what: `--baseline ${path} cannot be used`,
    why,
    fix: 'write one with --write-baseline, or give the anomalies.csv, .json or .ndjson of an earlier run',
  });

function unreadable(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const why = { ENOENT: 'there is no such file', EACCES: 'this user may not read it', EISDIR: 'it is a directory' }[
    code
  ];
  if (why) return noBaseline(path, why);
  if (!(error instanceof BiduiError) || error.exit !== EXIT.input) return error;
  return noBaseline(path, error.problems.map((p) => p.what).join('; '));
}

/** A baseline file that is written beside its place, and put there when the run has gone well. */
export class NewBaseline {
  private constructor(
    private readonly path: string,
    private readonly staging: string,
  ) {}

  /** Refuses, before any work is done, a place where it could not be written or would not last. */
  static prepare(path: string, outDir: string): NewBaseline {
    const target = resolve(path);
    const refuse = (why: string) =>
      usageError({ what: `--write-baseline ${path} cannot be written`, why, fix: 'give a file of its own' });
    if (statSync(target, { throwIfNoEntry: false })?.isDirectory()) throw refuse('this is a directory');
    if (!existsSync(dirname(target))) throw refuse('there is no such directory');
    const out = existsSync(outDir) ? realpathSync(outDir) : resolve(outDir);
    const real = join(realpathSync(dirname(target)), basename(target));
    if (real.startsWith(`${out}${sep}`))
      throw refuse('the directory of reports is replaced as a whole by the next run');
    return new NewBaseline(real, `${real}.new-${process.pid}`);
  }

  /** The anomalies of this run. The engine may write into `tempDir` and nowhere else. */
  async write(session: Session, tempDir: string): Promise<void> {
    const made = join(tempDir, 'baseline.csv');
    await session.writeLines(baselineLines(session.dialect), made);
    try {
      copyFileSync(made, this.staging);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw outputError({ what: `the baseline cannot be written to ${this.path}`, why, fix: 'give another file' });
    }
  }

  put(): void {
    renameSync(this.staging, this.path);
  }

  abandon(): void {
    rmSync(this.staging, { force: true });
  }
}
