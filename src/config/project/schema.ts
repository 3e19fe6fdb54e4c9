import * as z from 'zod';
import { access } from './access.js';
import { cache } from './cache.js';
import { guards } from './guards.js';
import { hooks } from './hooks.js';
import { limits } from './limits.js';
import { monitoring } from './monitoring.js';
import { park } from './park.js';
import { path } from './path.js';
import { reports } from './reports.js';
import { retention } from './retention.js';
import { scope } from './scope.js';
import { sources } from './sources.js';

/**
 * bidui.yaml. A section is a file of its own here and a line below; every one may be left out. What it holds of files is a
 * `path`, what nobody may see a `secret`.
 */
export const projectSchema = z.strictObject({
  /** Of this file's shape. */
  version: z.literal(1),
  park: park.optional(),
  /** Directory of themes and contracts; that which ships with bidui where it is left out. */
  checks: path.optional(),
  /** The park's own parameters and code labels. */
  params: path.optional(),
  /** The ledger. */
  state: path.optional(),
  sources: sources.optional(),
  scope: scope.optional(),
  reports: reports.optional(),
  limits: limits.optional(),
  guards: guards.optional(),
  monitoring: monitoring.optional(),
  hooks: hooks.optional(),
  access: access.optional(),
  retention: retention.optional(),
  cache: cache.optional(),
});

export type ProjectFile = z.infer<typeof projectSchema>;
