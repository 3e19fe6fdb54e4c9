import * as z from 'zod';

/** Whose project it is: for run.json, and whoever looks after several. */
export const park = z.strictObject({
  name: z.string().min(1),
  /** GB/T 2260. */
  division: z
    .string()
    .regex(/^\d{6}$/, 'a division code is six digits, in quotes')
    .optional(),
});
