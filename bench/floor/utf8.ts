import { closeSync, openSync, readSync } from 'node:fs';

const LOOKED_AT = 1 << 16;

/** Whether a file begins as UTF-8 does. A character cut off at the end of what was looked at is no fault. */
export function isUtf8(file: string): boolean {
  const bytes = Buffer.alloc(LOOKED_AT);
  const fd = openSync(file, 'r');
  try {
    const n = readSync(fd, bytes, 0, LOOKED_AT, 0);
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, n), { stream: true });
    return true;
  } catch {
    return false;
  } finally {
    closeSync(fd);
  }
}
