import * as z from 'zod';
import { path } from './path.js';

export const SIZE = /^\d+(\.\d+)?\s*(KB|MB|GB|TB|KiB|MiB|GiB|TiB)$/i;

/** What a run may take of the machine. */
export const limits = z.strictObject({
  memory: z.string().regex(SIZE, 'write a number and a unit, such as 2GB').optional(),
  threads: z.int().min(1).max(1024).optional(),
  temp_dir: path.optional(),
});
