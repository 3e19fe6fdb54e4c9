import * as z from 'zod';
import { hide } from '../../secrets.js';

/** A text that is used and never shown: a webhook's address, a key. Reading it is enough to have it hidden everywhere. */
export const secret = z
  .string()
  .min(1)
  .transform((given) => {
    hide(given, '***');
    return given;
  });
