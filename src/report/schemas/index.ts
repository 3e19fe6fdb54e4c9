import * as z from 'zod';
import { SCHEMA_VERSION } from '../machine/columns.js';
import { anomalySchema } from '../machine/schema.js';
import { runSchema } from './run.js';
import { summarySchema } from './summary.js';

const published = (schema: z.ZodType, id: string, title: string): object => ({
  ...z.toJSONSchema(schema, { io: 'input' }),
  $id: `urn:bidui:schema:${id}:${SCHEMA_VERSION}`,
  title,
});

/** JSON Schemas of what a run writes for programs, by name; they lie in schemas/ as well. */
export const OUTPUT_SCHEMAS: Readonly<Record<string, () => object>> = {
  anomaly: anomalySchema,
  summary: () => published(summarySchema, 'summary', 'summary.json: the counts of a run'),
  run: () => published(runSchema, 'run', 'run.json: what a run read, decided and wrote'),
};
