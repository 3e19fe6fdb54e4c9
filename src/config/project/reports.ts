import * as z from 'zod';
import { path } from './path.js';

/** What is written, where, and what each reader sees of it. To show all personal data stays a matter of the command line: `--unmasked`. */
export const reports = z.strictObject({
  /** Replaced whole or not at all. */
  out: path.optional(),
  lang: z.enum(['zh', 'en']).optional(),
  /** Besides the CSV files; as `--format`. */
  formats: z.array(z.string().min(1)).optional(),
  /** As `--fail-on`. */
  fail_on: z.string().min(1).optional(),
  /** The park's own rules on personal data, behind those of `checks/masking.yaml`. */
  masking: path.optional(),
});
