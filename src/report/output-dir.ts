import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { outputError } from '../errors.js';

/** Every directory of reports holds it: bidui replaces nothing else. */
export const RUN_RECORD = 'run.json';

/**
 * A directory that appears whole or not at all. Reports are written beside it and renamed into its place at the end;
 * until then the earlier reports stand untouched, whatever happens.
 */
export class OutputDir {
  private constructor(
    readonly path: string,
    /** Where files are written until `commit`. */
    readonly staging: string,
  ) {}

  /** Refuses, before any work is done, what could not be written or must not be replaced. */
  static prepare(path: string): OutputDir {
    const target = resolve(path);
    const parent = dirname(target);
    const staging = join(parent, `.${basename(target)}.bidui-new`);
    const old = oldOf(target);
    try {
      mkdirSync(parent, { recursive: true });
      accessSync(parent, constants.W_OK);
      // An earlier run was killed between its two renames: its predecessor's reports come back.
      if (!existsSync(target) && existsSync(old)) renameSync(old, target);
      const entries = existsSync(target) ? readdirSync(target) : [];
      if (entries.length > 0 && !entries.includes(RUN_RECORD)) {
        throw outputError({
          what: `--out ${path} holds files that bidui did not write`,
          why: 'the directory is replaced as a whole, and they would be lost',
          fix: 'give a new or empty directory, or one that holds an earlier run',
        });
      }
      rmSync(staging, { recursive: true, force: true });
      mkdirSync(staging, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw cannotWrite(path, error);
    }
    return new OutputDir(target, staging);
  }

  commit(): void {
    const old = oldOf(this.path);
    try {
      rmSync(old, { recursive: true, force: true });
      if (existsSync(this.path)) renameSync(this.path, old);
      renameSync(this.staging, this.path);
      rmSync(old, { recursive: true, force: true });
    } catch (error) {
      throw cannotWrite(this.path, error);
    }
  }

  /** Nothing is left of a run that failed. */
  abandon(): void {
    rmSync(this.staging, { recursive: true, force: true });
  }
}

const oldOf = (target: string) => join(dirname(target), `.${basename(target)}.bidui-old`);

const WHY: Record<string, string> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file, not a directory',
  EEXIST: 'there is a file of that name',
  ENAMETOOLONG: 'the name is too long',
};

export function cannotWrite(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (!code || !(code in WHY)) return error;
  return outputError({
    what: `the reports cannot be written to ${path}`,
    why: WHY[code],
    fix: 'give another directory with --out, or make this one writable; earlier reports are untouched',
  });
}
