import { stat } from 'node:fs/promises';
import { type BiduiError, inputError } from '../errors.js';
import type { RawTable } from './raw-table.js';
import { digestFile, type SourceFile } from './source-bytes.js';

/** A file whose raw table is a view of it: what the engine is asked about the table, it looks up in the file again. */
export interface LiveFile extends SourceFile {
  stamp: Stamp;
}

/** What tells by itself that a file is another, or was written to. */
interface Stamp {
  size: bigint;
  /** Of its content, in nanoseconds. */
  modified: bigint;
  /** Of anything about it, and which file it is. Links and copies that keep all content change these as well. */
  changed: bigint;
  inode: bigint;
}

/** As the file is before anything of it is read. */
export async function liveFile(file: SourceFile): Promise<LiveFile> {
  return { path: file.path, name: file.name, stamp: await stampOf(file.path) };
}

async function stampOf(path: string): Promise<Stamp> {
  const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true });
  return { size, modified: mtimeNs, changed: ctimeNs, inode: ino };
}

/** Whether all that was read of the file so far is of one content, that of the digest. */
export async function isUnchanged({ live, sha256 }: Pick<RawTable, 'live' | 'sha256'>): Promise<boolean> {
  if (!live) return true;
  const { stamp } = live;
  const now = await stampOf(live.path).catch(() => undefined);
  if (now?.size !== stamp.size || now.modified !== stamp.modified) return false;
  if (now.changed === stamp.changed && now.inode === stamp.inode) return true;
  return (await digestFile({ path: live.path })).sha256 === sha256;
}

/**
 * Runs work that reads the tables of files over and over, and gives it a `read` that remembers them. If a file is another at
 * the end than it was at the beginning, nothing that the work made of it may be believed, nor what it stumbled over.
 */
export async function whileUnchanged<A extends unknown[], R>(
  read: (...of: A) => Promise<RawTable>,
  work: (read: (...of: A) => Promise<RawTable>) => Promise<R>,
): Promise<R> {
  const seen: RawTable[] = [];
  const refuse = async () => {
    for (const raw of seen) if (!(await isUnchanged(raw))) throw changed(raw.live!);
  };
  let result: R;
  try {
    result = await work(async (...of) => {
      const raw = await read(...of);
      seen.push(raw);
      return raw;
    });
  } catch (error) {
    await refuse();
    throw error;
  }
  await refuse();
  return result;
}

const changed = (file: SourceFile): BiduiError =>
  inputError({
    what: 'the file was changed while it was read',
    where: { file: file.name },
    why: 'its size, its time or its content is another than when the run began to read it',
    fix: 'Run again when it has arrived as a whole; best put a file in place under its name when it is complete.',
  });
