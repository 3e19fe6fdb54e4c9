import * as z from 'zod';

/** What the nightly run is confined to; as `--theme` and `--scope`. */
export const scope = z.strictObject({
  themes: z.array(z.string().min(1)).min(1).optional(),
  tags: z.array(z.string().min(1)).min(1).optional(),
});
