import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the installed package. This file stands in `src/config/`, `dist/config/` or `dist/program/`, two levels below its root. */
export const packagePath = (...parts: string[]): string =>
  join(dirname(fileURLToPath(import.meta.url)), '..', '..', ...parts);
