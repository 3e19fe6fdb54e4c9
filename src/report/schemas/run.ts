import * as z from 'zod';
import { guards, outcomeCounts } from './summary.js';

const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const rowCounts = {
  loaded: count,
  quarantined_rows: count,
  quarantined_fields: count,
  duplicates: count,
};

const file = z.object({
  source: z.string(),
  name: z.string(),
  bytes: count,
  sha256,
  format: z.enum(['csv', 'xlsx', 'json', 'ndjson', 'parquet', 'arrow']),
  sheet: z.string().optional(),
  encoding: z.object({ name: z.string(), reason: z.string() }).optional(),
  delimiter: z.string().optional(),
  extract_date: z.string().optional(),
  headers: z.array(z.object({ column: count, header: z.string(), field: z.string(), unit: z.string().optional() })),
  unknown_headers: z.array(z.string()),
  absent_fields: z.array(z.string()),
  counts: z
    .object({ data: count, ...rowCounts, title: count, header: count, blank: count, footer: count })
    .describe('data = loaded + quarantined_rows + duplicates'),
  notes: z.array(z.string()),
});

const source = z.object({
  kind: z.enum(['extract', 'reference']),
  delivered: z.boolean(),
  files: z.array(count).describe('Indexes into files'),
  passed_over: z.array(z.object({ name: z.string(), reason: z.string() })),
  absent_fields: z.array(z.string()),
  counts: z.object({ data: count, ...rowCounts }),
  conflicting_keys: count,
  links: z
    .object({ unmatched: count, unknown_code: count })
    .catchall(count)
    .optional()
    .describe('How rows found their enterprises'),
  notes: z.array(z.string()),
});

/** run.json: whatever may differ between two runs over the same extracts and checks stands under `machine`. */
export const runSchema = z.object({
  schema_version: z.string(),
  bidui: z.string(),
  as_of: z.iso.date(),
  lang: z.enum(['zh', 'en']),
  unmasked: z.boolean(),
  versions: z.object({ bidui: z.string(), engine: z.string() }),
  checks: z.object({
    sha256,
    params_sha256: sha256.optional(),
    themes: z.array(z.string()),
    checks: count,
  }),
  enterprises: count,
  outcomes: outcomeCounts,
  anomalies: count,
  guards: guards.optional(),
  totals: z.object({ files: count, bytes: count, rows: count, ...rowCounts }),
  files: z.array(file),
  sources: z.record(z.string(), source),
  notes: z.array(z.string()),
  reports: z.array(z.string()).describe('Files written, below the directory of reports'),
  machine: z.looseObject({
    input: z.string().nullable(),
    node: z.string(),
    platform: z.string(),
    threads: z.int().nullable(),
    memory: z.string().nullable().describe('As it was asked for'),
    memory_mb: count.describe('What the engine was given'),
    spilled_mb: count.describe('The most that it had on disk at one time because memory did not hold it'),
    peak_rss_mb: count,
    seconds: z.looseObject({}),
  }),
});
