import * as z from 'zod';
import { path } from './path.js';

/** What extracts became, kept so that those which come again unchanged are not read again. */
export const cache = z.strictObject({
  /** Beside the ledger where it is left out. */
  dir: path.optional(),
  /** false: as `--no-cache`. */
  use: z.boolean().default(true),
});
