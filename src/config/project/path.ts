import { resolve } from 'node:path';
import * as z from 'zod';
import { hide, redact } from '../../secrets.js';
import { shownPath } from '../pack.js';

let base = '.';

/** Paths read by `work` are relative to `dir`: a project means the same wherever it is started from. */
export function relativeTo<T>(dir: string, work: () => T): T {
  const before = base;
  base = dir;
  try {
    return work();
  } finally {
    base = before;
  }
}

function resolved(given: string): string {
  const path = resolve(base, given);
  const shown = redact(given);
  if (shown === given) return shownPath(path) || '.';
  // Made relative or tidied, a hidden value would no longer be known for one.
  hide(path, shown);
  return path;
}

/** A file or directory, relative to the project file; read, it can be opened from the working directory. */
export const path = z
  .string()
  .min(1)
  .refine((given) => !given.includes('\0'), 'no path holds such a character')
  .transform(resolved);
