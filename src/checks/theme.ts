import * as z from 'zod';
import { bilingual, id } from '../config/text.js';

/** An expression of the check language (see docs/check-language.md), kept as text until it is typed. */
const expression = z.string().min(1);

/** `latest issued_on`, `earliest valid_from`: which of several rows counts. */
const pick = z.string().regex(/^(latest|earliest) [a-z][a-z0-9_]*$/, "write 'latest FIELD' or 'earliest FIELD'");

export const join = z.strictObject({
  /** Id of a source. */
  from: id,
  /** Every row of the source is a candidate, whichever enterprise it belongs to; `on` says which. */
  across: z.boolean().default(false),
  /** Equalities between this row and what is already known, joined by &&. */
  on: expression.optional(),
  /** Looked up for each row of this one. */
  get with() {
    return z.record(id, join).default({});
  },
  /** Which rows count. */
  where: expression.optional(),
  pick: pick.optional(),
  each: z.boolean().default(false),
  /** Values over all the rows: name → aggregate. */
  group: z.record(id, expression).optional(),
});

const outcome = z.enum(['consistent', 'anomaly', 'not_comparable', 'not_applicable']);
const severity = z.enum(['red', 'yellow', 'blue']);

/** A tiny set of extracts and what the check must say of them. Keys are source ids; values are rows, written as an extract would write them. */
export const example = z
  .object({
    title: z.string().optional(),
    as_of: z.iso.date(),
    outcome,
    /** Parameters that this example changes. */
    params: z.record(id, z.unknown()).optional(),
  })
  .catchall(
    z.union([
      z.literal('not delivered'),
      z.record(z.string(), z.unknown()),
      z.array(z.record(z.string(), z.unknown())),
    ]),
  );

/** A value with a label of its own. `from` names the row whose source, file and row stand beside it; of several, the first that is found. */
const evidence = z.strictObject({
  label: bilingual,
  value: expression,
  from: z.union([id, z.array(id).min(2)]).optional(),
});

export const check = z.strictObject({
  id: z.string().regex(/^[A-Z]{2}-\d{2}$/, 'a check id is two capitals, a hyphen and two digits, such as PW-02'),
  title: bilingual,
  /** 检查事项 */
  item: bilingual,
  /** 关键检查点 */
  key_point: bilingual,
  /** Ids into checks/legal-bases.yaml; a run prints those in force on its as-of day. */
  basis: z.array(id).default([]),
  classification: id,
  severity: z.union([
    severity,
    z.strictObject({ cases: z.array(z.strictObject({ when: expression, severity })).min(1), otherwise: severity }),
  ]),
  /** Who handles it, and who helps. */
  department: id,
  with_departments: z.array(id).default([]),
  with: z.record(id, join).default({}),
  /** Names for values used more than once. */
  let: z.record(id, expression).default({}),
  when: expression.optional(),
  expect: expression,
  /** What one anomaly is about where an enterprise can have several: part of the anomaly's identity. */
  about: z.array(expression).default([]),
  /** A sentence in the words of a lead (疑似…) with values in braces: {permit.valid_to}. */
  message: bilingual,
  /** The values side by side. The first is side A, the second side B, the rest stand behind them. */
  evidence: z.array(z.union([expression, evidence])).min(1),
  advice: bilingual,
  /** Ids of checks whose anomaly of the same enterprise this one explains: theirs is not told again. */
  supersedes: z.array(z.string()).default([]),
  examples: z.array(example).min(2),
});

export const theme = z.strictObject({
  theme: id,
  title: bilingual,
  /** Its place among the themes, in reports and in the checklist. */
  order: z.number().int().default(100),
  /** First letters of its checks' ids, and another under which they are found as well (DP-02 for PW-02). */
  prefix: z.string().regex(/^[A-Z]{2}$/),
  also: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  department: id,
  /** Names for values that several of its checks use. Each check reads them with the rows it has itself. */
  let: z.record(id, expression).default({}),
  checks: z.array(check).min(1),
});

export type Join = z.infer<typeof join>;
export type Outcome = z.infer<typeof outcome>;
export type Severity = z.infer<typeof severity>;
export type Example = z.infer<typeof example>;
export type Check = z.infer<typeof check>;
export type Theme = z.infer<typeof theme>;
