import * as z from 'zod';
import { bilingual, id } from './text.js';

/** Kinds of value a field can be; each is cleaned by `src/values/types/<kind>.ts`. */
export const FIELD_TYPES = [
  'text', 'name', 'person', 'phone', 'email', 'id_no', 'uscc', 'org_code', 'reg_no', 'permit_no', 'licence_no', 'cas',
  'industry', 'division', 'address', 'date', 'month', 'timestamp', 'int', 'money', 'quantity', 'percent', 'bool',
  'code', 'list',
] as const; // biome-ignore format: one list

export const field = z.strictObject({
  title: bilingual,
  /** Other accepted headers. The id and both titles are always accepted. */
  names: z.array(z.string().min(1)).default([]),
  type: z.enum(FIELD_TYPES).default('text'),
  /** A file without this column is refused. */
  required: z.boolean().default(false),
  /** Unit the column is written in when neither its header nor the value says. */
  unit: z.string().optional(),
  /** For `code`: which list of `checks/codes.yaml`. */
  codes: id.optional(),
  /** One cell holding a range, '2023-08-01至2028-07-31': which end of it. */
  part: z.enum(['from', 'to']).optional(),
  /** Personal data: how reports mask it. */
  personal: z.enum(['name', 'party', 'phone', 'id_no', 'email', 'address']).optional(),
});

export const contract = z.strictObject({
  /** Also the name of the table and of the file. */
  source: id,
  title: bilingual,
  /** Owning department, from `checks/vocabulary.yaml`. */
  department: id,
  /** `extract`: delivered by a department. `reference`: a table that ships with the checks, under `checks/reference/`. */
  kind: z.enum(['extract', 'reference']).default('extract'),
  /**
   * Globs over file names below the input directory (or under `checks/reference/`), without regard to case. A leading '!'
   * leaves files out that another of them would take.
   */
  files: z.array(z.string().min(1)).min(1),
  sheet: z.string().optional(),
  /** Its values are for the owning department: other departments' files leave them out, see `checks/masking.yaml`. */
  confidential: z.boolean().default(false),
  /** The run stops without it. */
  required: z.boolean().default(false),
  /** What an absent row means. Complete: there is none, in fact. Otherwise nobody knows, and a check on it says 无法比对. */
  complete: z.boolean().default(false),
  /** Fields that together name a row. A row whose key cannot be read is refused whole. */
  key: z.array(id).min(1),
  /** Rows of one key: keep the one with the latest `by`, the last in the file, or quarantine all of them as ambiguous. */
  duplicates: z
    .union([z.strictObject({ keep: z.literal('latest'), by: id }), z.strictObject({ keep: z.enum(['last', 'none']) })])
    .default({ keep: 'last' }),
  /** Several files: `latest` takes the one with the latest date in its name; `all` reads them as one. */
  several: z.enum(['latest', 'all']).default('all'),
  /** How a row finds its enterprise: by credit code first, then the others in this order. Absent: the rows are about no enterprise. */
  subject: z
    .strictObject({ uscc: id.optional(), reg_no: id.optional(), org_code: id.optional(), name: id.optional() })
    .optional(),
  fields: z.record(id, field),
});

export type FieldType = (typeof FIELD_TYPES)[number];
export type Field = z.infer<typeof field>;
export type Contract = z.infer<typeof contract>;
/** As an author writes it: what has a default may be left out. */
export type ContractInput = z.input<typeof contract>;
