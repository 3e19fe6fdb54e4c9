import * as z from 'zod';
import { path } from './path.js';

/** What `bidui prune` may take away. Without a number, it takes nothing of that. */
export const retention = z.strictObject({
  /** Days, counted back from the last night, for which ended anomalies and the figures of nights are kept. */
  keep_days: z.int().min(1).max(36_500).optional(),
  /** Directories of reports in here, one for each night, are kept for as long. */
  reports_in: path.optional(),
});
