import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_RECORD } from './foreign-files.js';

/** What tells one set of reports from another; '' where there are none. */
export function reportsDigest(dir: string): string {
  const record = join(dir, RUN_RECORD);
  return existsSync(record) ? createHash('sha256').update(readFileSync(record)).digest('hex') : '';
}

/** Has everything below a directory really written: what is promised next must outlast a power cut. */
export function settle(dir: string): void {
  for (const e of readdirSync(dir, { withFileTypes: true })) {
    if (e.isDirectory()) settle(join(dir, e.name));
    else if (e.isFile()) sync(join(dir, e.name));
  }
  sync(dir);
}

export function sync(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } catch (error) {
    // Some network file systems refuse it for directories.
    if (!['EINVAL', 'EPERM', 'ENOTSUP', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    closeSync(fd);
  }
}
