import * as z from 'zod';
import type { Summary } from '../summary.js';

const count = z.int().nonnegative();
const day = z.iso.date();
const severity = z.enum(['red', 'yellow', 'blue']);

const outcomes = {
  consistent: count.describe('Enterprise × check: compared, and no contradiction'),
  anomaly: count.describe('Enterprise × check: a possible anomaly'),
  not_comparable: count.describe('Enterprise × check: a side is missing or unreadable'),
  not_applicable: count.describe('Enterprise × check: the check does not concern the enterprise'),
};
export const outcomeCounts = z.object(outcomes);

const life = {
  enterprises: count,
  found: count.describe('new + persisting + reopened'),
  new: count,
  persisting: count,
  reopened: count,
  resolved: count,
  not_comparable: count.describe('Open, but tonight nobody can tell'),
  not_covered: count.describe('Open, but this run did not look'),
  red: count,
  yellow: count,
  blue: count,
};

const ledger = z.object({
  previous: day.nullable().describe('The night before this one'),
  ...life,
  overdue: count,
  ineffective: count.describe('Reported as rectified, but still found'),
  needs_eyes: count.describe('Open, not suppressed, waiting for somebody to look'),
  suppressed: count,
  suppressions: z.array(
    z.object({
      number: z.int(),
      anomaly: z.string().nullable(),
      uscc: z.string().nullable(),
      check: z.string().nullable(),
      owner: z.string(),
      reason: z.string(),
      until: day,
      anomalies: count,
    }),
  ),
  feedback_by_check: z.array(
    z.object({
      check: z.string(),
      concluded: count,
      false_alarms: count,
      data_issues: count,
      false_alarm_rate: z.number().min(0).max(1),
    }),
  ),
});

export const guards = z.object({
  with_history: z.boolean().describe('There is a ledger: guards that measure by earlier nights are on'),
  stopped: z.array(z.string()).describe('Sources that count as not delivered'),
  held: z
    .array(z.object({ check: z.string(), anomalies: count }))
    .describe('Checks whose anomalies are in held-back.csv alone'),
  findings: z.array(
    z.object({
      of: z.string().describe('Id of a source or a check'),
      title: z.string(),
      guard: z.string(),
      action: z.enum(['warn', 'stop', 'hold']),
      accepted: z.boolean(),
      text: z.string(),
    }),
  ),
});

/** summary.json. Types here and in ../summary.ts are held to each other by the compiler, keys by the tests. */
export const summarySchema = z.object({
  schema_version: z.string(),
  as_of: day,
  lang: z.enum(['zh', 'en']),
  enterprises: count,
  enterprises_anomalous: count,
  checks: count,
  outcomes: outcomeCounts.describe('They add up to enterprises × checks'),
  anomalies: count.describe('Rows of anomalies.csv'),
  by_severity: z.array(z.object({ severity, title: z.string(), anomalies: count })),
  by_department: z.array(z.object({ department: z.string(), title: z.string(), anomalies: count })),
  by_theme: z.array(
    z.object({
      theme: z.string(),
      title: z.string(),
      checks: count,
      enterprises_compared: count.describe('Enterprises that at least one check of the theme could judge'),
      enterprises_anomalous: count,
      ...outcomes,
      anomalies: count,
    }),
  ),
  by_check: z.array(
    z.object({ check: z.string(), title: z.string(), theme: z.string(), ...outcomes, anomalies: count }),
  ),
  by_source: z.array(
    z.object({
      source: z.string(),
      title: z.string(),
      delivered: z.boolean(),
      extract_date: z.string().nullable().describe("Day or month of the newest extract, by its file's name"),
      rows: count.describe('loaded + quarantined_rows + duplicates'),
      loaded: count,
      quarantined_rows: count,
      quarantined_fields: count,
      duplicates: count,
      unmatched: count.describe('Rows that found no enterprise'),
    }),
  ),
  fail_on: z
    .array(z.object({ severity, anomalies: count, new: count.nullable() }))
    .describe('What --fail-on counts: neither suppressed nor known to the baseline; new is null where nothing tells'),
  baseline: z
    .object({
      entries: count.describe('known + graver + gone + not_comparable + not_covered'),
      new: count,
      graver: count,
      known: count,
      gone: count,
      not_comparable: count,
      not_covered: count,
    })
    .optional(),
  guards: guards.optional(),
  ledger: ledger.optional(),
});

/** What the schema allows is what the code makes. */
export type SummaryFile = Summary & { schema_version: string };
summarySchema satisfies z.ZodType<SummaryFile>;
