import * as z from 'zod';
import { id } from './text.js';

const action = z.enum(['off', 'warn', 'stop']);
const share = z.number().min(0).max(1);
const count = z.int().min(0);

/** How one source is guarded. What is left out stays as it is said for every source. */
export const sourceGuards = z.strictObject({
  /** The day in the file's name, against the as-of day. */
  freshness: z.strictObject({ max_age_days: count.optional(), action: action.optional() }).optional(),
  /** Rows, against the median of the last `runs` nights; needs a ledger. */
  volume: z
    .strictObject({
      at_least: share.optional(),
      at_most: z.number().min(1).optional(),
      runs: z.int().min(1).max(365).optional(),
      /** A median below this says nothing. */
      min_rows: count.optional(),
      action: action.optional(),
    })
    .optional(),
  /** Share of rows that were refused whole. */
  quarantined: z
    .strictObject({ at_most: share.optional(), min_rows: count.optional(), action: action.optional() })
    .optional(),
  /** Share of rows in which one and the same field could not be read. */
  unreadable: z
    .strictObject({ at_most: share.optional(), min_rows: count.optional(), action: action.optional() })
    .optional(),
  /** Share of loaded rows that found no enterprise, where rows are about enterprises. */
  unmatched: z
    .strictObject({ at_most: share.optional(), min_rows: count.optional(), action: action.optional() })
    .optional(),
  /** Columns, against the last night; needs a ledger. */
  columns: z.strictObject({ gone: action.optional(), new: action.optional() }).optional(),
});

/** How one check is guarded: its anomalous enterprises among those that it could judge. */
export const checkGuard = z.strictObject({
  /** More than this is nobody's doing but the data's. */
  at_most: share.optional(),
  /** More than so many times the median of the last `runs` nights; needs a ledger. */
  factor: z.number().min(1).optional(),
  /** A median below this counts as this: what was nearly nothing may grow many times. */
  floor: share.optional(),
  runs: z.int().min(1).max(365).optional(),
  /** Fewer anomalous enterprises than this are told whatever their share: small parks do not trip. */
  min_anomalies: count.optional(),
  action: z.enum(['off', 'warn', 'hold']).optional(),
});

/** `checks/guards.yaml`, and the section `guards` of bidui.yaml, which is laid over it. */
export const guards = z.strictObject({
  every_source: sourceGuards.optional(),
  sources: z.record(id, sourceGuards).optional(),
  every_check: checkGuard.optional(),
  checks: z.record(z.string().regex(/^[A-Z]{2}-\d+$/, 'the id of a check, such as PW-02'), checkGuard).optional(),
});

export type GuardsFile = z.infer<typeof guards>;
export type SourceGuardsFile = z.infer<typeof sourceGuards>;
export type CheckGuardFile = z.infer<typeof checkGuard>;
