import * as z from 'zod';

/** Who may read ledger, reports and intermediate data besides their owner. */
export const access = z.strictObject({
  readable_by: z.enum(['owner', 'group']).default('owner'),
});
