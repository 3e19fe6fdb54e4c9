import * as z from 'zod';
import { path } from './path.js';

/** How a run is watched. */
export const monitoring = z.strictObject({
  /** Written after every run, for the node exporter's textfile collector. */
  metrics: path.refine((p) => p.endsWith('.prom'), 'the collector reads files that end with .prom').optional(),
  /** On stderr. */
  log: z.enum(['plain', 'json']).optional(),
});
