import { accessSync, constants, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usageError } from '../errors.js';
import { ownName, removeOwn, sweepForgotten } from '../own-dirs.js';
import { onInterrupt } from './interrupt.js';

const PREFIX = 'bidui-';

/** Gives `work` a directory for intermediate data, and removes it however the work ends. */
export async function withScratch<T>(base: string | undefined, work: (dir: string) => Promise<T>): Promise<T> {
  const parent = base ?? tmpdir();
  if (base !== undefined) mustBeWritable(base);
  sweepForgotten(parent, PREFIX);
  const dir = make(parent);
  const remove = () => removeOwn(dir);
  const done = onInterrupt(remove);
  try {
    return await work(dir);
  } finally {
    remove();
    done();
  }
}

function make(parent: string): string {
  try {
    return mkdtempSync(join(parent, `${ownName(PREFIX)}-`));
  } catch (error) {
    throw usageError({
      what: `no intermediate data can be kept in ${parent}`,
      why: (error as Error).message,
      fix: 'give a directory on a disk with room with --temp-dir',
    });
  }
}

function mustBeWritable(dir: string): void {
  const problem = (why: string) =>
    usageError({ what: `--temp-dir ${dir}: ${why}`, fix: 'give an existing directory that this user may write to' });
  let isDirectory = false;
  try {
    isDirectory = statSync(dir).isDirectory();
  } catch {
    throw problem('there is no such directory');
  }
  if (!isDirectory) throw problem('this is a file, not a directory');
  try {
    accessSync(dir, constants.W_OK);
  } catch {
    throw problem('this user may not write there');
  }
}
