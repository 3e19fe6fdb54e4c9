import * as z from 'zod';
import { id } from '../text.js';
import { path } from './path.js';

const places = z.union([path.transform((p) => [p]), z.array(path).min(1)]);

/** Where the extracts lie. */
export const sources = z.strictObject({
  /** The directory that holds them, at any depth. */
  input: path.optional(),
  /**
   * Sources that lie elsewhere, such as in their department's own drop folder: a directory, searched by the globs of the
   * contract, or a glob (`drop/tax/**\/*.csv`), which stands in their place.
   */
  places: z.record(id, places).optional(),
});
