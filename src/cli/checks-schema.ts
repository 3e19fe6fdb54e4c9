import * as z from 'zod';
import { theme } from '../checks/theme.js';
import { contract } from '../config/contract.js';
import { guards } from '../config/guards.js';
import { masking } from '../config/masking/schema.js';
import { overrides } from '../config/override.js';
import { projectSchema } from '../config/project/schema.js';
import { codeList, legalBases, params, vocabulary } from '../config/vocabulary.js';
import { EXIT } from '../errors.js';
import { OUTPUT_SCHEMAS } from '../report/schemas/index.js';
import { oneOf } from './options.js';
import type { Output } from './output.js';

const KINDS = {
  theme,
  source: contract,
  codes: codeList,
  params,
  'legal-bases': legalBases,
  vocabulary,
  park: overrides,
  project: projectSchema,
  guards,
  masking,
} as const;

/** The schema that validates a file is the schema that an editor completes from. */
export function schemaCommand(kind: string, output: Output): number {
  const name = oneOf('checks schema', kind, [...Object.keys(KINDS), ...Object.keys(OUTPUT_SCHEMAS)]);
  const schema =
    OUTPUT_SCHEMAS[name]?.() ??
    z.toJSONSchema(KINDS[name as keyof typeof KINDS], { io: 'input', unrepresentable: 'any' });
  output.out(JSON.stringify(schema, null, 2));
  return EXIT.ok;
}
