import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { RUN_RECORD } from './foreign-files.js';

/** What tells one set of reports from another; '' where there are none. */
export function reportsDigest(dir: string): string {
  const record = join(dir, RUN_RECORD);
  return existsSync(record) ? createHash('sha256').update(readFileSync(record)).digest('hex') : '';
}

/** A disk does better with some of them at a time than with one after another. */
const limit = pLimit(8);

/** Has everything below a directory really written: what is promised next must outlast a power cut. */
export async function settle(dir: string): Promise<void> {
  await Promise.all(
    readdirSync(dir, { withFileTypes: true }).map(async (e) => {
      if (e.isDirectory()) await settle(join(dir, e.name));
      else if (e.isFile()) await limit(sync, join(dir, e.name));
    }),
  );
  // After what it holds.
  await limit(sync, dir);
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } catch (error) {
    // Some network file systems refuse it for directories.
    if (!['EINVAL', 'EPERM', 'ENOTSUP', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await file.close();
  }
}
