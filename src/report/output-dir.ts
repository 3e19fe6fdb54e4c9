import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { dirMode } from '../access.js';
import { outputError } from '../errors.js';
import { ownName, removeOwn, sweepForgotten } from '../own-dirs.js';
import { foreignFiles } from './foreign-files.js';
import { type Guarded, refuseGuarded } from './guarded.js';
import { reportsDigest, settle } from './settle.js';

/**
 * A directory that appears whole or not at all. Reports are written beside it and renamed into its place at the end;
 * until then the earlier reports stand untouched, whatever happens.
 */
export class OutputDir {
  /** What is staged belongs to the ledger by now, or stands in its place: nothing is taken away any more. */
  private kept = false;

  private constructor(
    /** As the user wrote it. */
    private readonly shown: string,
    private readonly target: string,
    /** Where files are written until `commit`. */
    readonly staging: string,
    /** Directories above the target that were made for it, the deepest last. */
    private readonly made: readonly string[],
  ) {}

  /**
   * Refuses, before any work is done, what could not be written or must not be replaced. `promised`: a ledger will know
   * of the reports before they are in their place, so that only whoever has that ledger may remove them when forgotten.
   */
  static prepare(path: string, guarded: readonly Guarded[] = [], promised = false): OutputDir {
    const target = realTarget(path);
    refuseGuarded(path, target, guarded);
    const parent = dirname(target);
    const made: string[] = [];
    try {
      makeAbove(target, made);
      // An earlier run was killed between its two renames: its predecessor's reports come back.
      if (!existsSync(target) && existsSync(oldOf(target))) renameSync(oldOf(target), target);
      refuseForeign(path, target);
      sweepForgotten(parent, stagingPrefix(target));
      const staging = join(parent, ownName(promised ? promisedPrefix(target) : stagingPrefix(target)));
      rmSync(staging, { recursive: true, force: true });
      // Nobody else looks into reports that are not finished.
      mkdirSync(staging, { mode: 0o700 });
      return new OutputDir(path, target, staging, made);
    } catch (error) {
      unmake(made);
      throw cannotWrite(path, error);
    }
  }

  /** Puts reports in their place that a process had finished and was killed before it could. */
  static resume(target: string, staging: string): void {
    mkdirSync(dirname(target), { recursive: true });
    new OutputDir(target, target, staging, []).commit();
  }

  /** Everything is written, and on the disk: what the ledger is to be told of these reports. */
  async ready(): Promise<{ staging: string; target: string; made: string; replaces: string }> {
    try {
      await settle(this.staging);
    } catch (error) {
      throw cannotWrite(this.shown, error);
    }
    const [made, replaces] = [reportsDigest(this.staging), reportsDigest(this.target)];
    return { staging: this.staging, target: this.target, made, replaces };
  }

  commit(): void {
    try {
      // Who may read earlier reports may read these: somebody gave them to him.
      chmodSync(this.staging, existsSync(this.target) ? statSync(this.target).mode & 0o7777 : dirMode());
      this.swap();
    } catch (error) {
      throw cannotWrite(this.shown, error);
    }
    this.kept = true;
    try {
      rmSync(oldOf(this.target), { recursive: true, force: true });
    } catch {
      // The new reports stand. What is left of the old ones goes with the next run.
    }
  }

  /** From now on the ledger answers for what is staged. */
  keep(): void {
    this.kept = true;
  }

  unkeep(): void {
    this.kept = false;
  }

  /** Removes what other processes staged for a ledger and never promised to it. Only for whoever has that ledger. */
  sweepUnpromised(): void {
    sweepForgotten(dirname(this.target), promisedPrefix(this.target));
  }

  /** Nothing is left of a run that failed. */
  abandon(): void {
    if (this.kept) return;
    removeOwn(this.staging);
    unmake(this.made);
  }

  private swap(): void {
    const old = oldOf(this.target);
    // More than once only if another run puts its reports there between the two renames.
    for (let attempt = 1; ; attempt++) {
      let moved = false;
      try {
        rmSync(old, { recursive: true, force: true });
        if (existsSync(this.target)) {
          renameSync(this.target, old);
          moved = true;
        }
        renameSync(this.staging, this.target);
        return;
      } catch (error) {
        if (moved && !existsSync(this.target)) renameSync(old, this.target);
        const code = (error as NodeJS.ErrnoException).code ?? '';
        if (attempt === 5 || !['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(code)) throw error;
      }
    }
  }
}

const oldOf = (target: string) => join(dirname(target), `.${basename(target)}.bidui-old`);
const stagingPrefix = (target: string) => `.${basename(target)}.bidui-new-`;
const promisedPrefix = (target: string) => `.${basename(target)}.bidui-night-`;

/** Without the links on the way: what they lead to is written, and held against what must not be replaced. */
function realTarget(path: string): string {
  const below: string[] = [];
  let at = resolve(path);
  for (;;) {
    try {
      return join(realpathSync.native(at), ...below);
    } catch {
      if (dirname(at) === at) return resolve(path);
      below.unshift(basename(at));
      at = dirname(at);
    }
  }
}

/** Like mkdir -p for the directories above `target`. Node's own never returns where none can be made, such as below /proc. */
function makeAbove(target: string, made: string[]): void {
  const missing: string[] = [];
  for (let at = dirname(target); !existsSync(at); at = dirname(at)) missing.unshift(at);
  for (const dir of missing) {
    mkdirSync(dir);
    made.push(dir);
  }
}

function unmake(made: readonly string[]): void {
  for (const dir of [...made].reverse()) {
    try {
      rmdirSync(dir);
    } catch {
      // Somebody has put something there meanwhile.
      return;
    }
  }
}

/** bidui replaces its own reports and empty directories, nothing else. */
function refuseForeign(path: string, target: string): void {
  const there = lstatSync(target, { throwIfNoEntry: false });
  if (!there) return;
  if (!there.isDirectory()) {
    throw outputError({
      what: `--out ${path} is ${there.isSymbolicLink() ? 'a link that leads nowhere' : 'a file'}, not a directory`,
      fix: 'give a new directory, or one that holds an earlier run',
    });
  }
  if (there.dev !== statSync(dirname(target)).dev) {
    throw outputError({
      what: `--out ${path} is a mount point, which cannot be replaced as a whole`,
      fix: `give a directory below it, such as ${join(path, 'reports')}`,
    });
  }
  refuseSticky(path, there, statSync(dirname(target)));
  const foreign = foreignFiles(target);
  if (foreign.length > 0) {
    throw outputError({
      what: `--out ${path} holds files that bidui did not write: ${foreign.slice(0, 5).join(', ')}${foreign.length > 5 ? ` and ${foreign.length - 5} more` : ''}`,
      why: 'the directory is replaced as a whole, and they would be lost',
      fix: 'move them elsewhere, or give a new or empty directory',
    });
  }
}

const STICKY = 0o1000;

/** In a directory like /tmp only its owner may move what lies there. */
function refuseSticky(path: string, target: Stats, parent: Stats): void {
  const user = process.getuid?.();
  if (!user || !(parent.mode & STICKY) || target.uid === user || parent.uid === user) return;
  throw outputError({
    what: `the reports cannot be written to ${path}`,
    why: 'it belongs to another user, and only its owner may replace it there',
    fix: 'give another directory with --out, or have its owner remove it',
  });
}

const WHY: Record<string, string> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: "this user's share of the disk is full",
  EFBIG: 'a file there would be larger than this user may make',
  ENOENT: 'no directory can be made there',
  ENOTDIR: 'a part of the path is a file, not a directory',
  EEXIST: 'a part of the path is a file, not a directory',
  ENOTEMPTY: 'other runs keep writing there at the same time',
  EBUSY: 'another program is using it',
  EXDEV: 'a part of it lies on another disk',
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
