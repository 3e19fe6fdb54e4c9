import * as z from 'zod';

/** What a rule may speak of by kind; as a contract's `personal` has them, and two words for more than one of them. */
export const KINDS = ['name', 'party', 'phone', 'id_no', 'email', 'address'] as const;
export const WORDS = ['personal', 'confidential'] as const;

/**
 * Reports that are worded by themselves. `tables`: anomalies.csv, by-theme/, held-back.csv, anomalies.xlsx. `page`: report.html.
 * `machine`: parquet, arrow, ndjson, json. `ci`: junit, markdown. `department`: whatever stands in by-department/. `dossier`: also what
 * `checks explain` prints of one enterprise.
 */
export const MASKED_REPORTS = ['tables', 'page', 'machine', 'ci', 'department', 'quarantine', 'dossier'] as const;

export const TREATMENTS = ['show', 'mask', 'omit'] as const;

/** In `for` and `except_for`: the department whose source a value comes from. */
export const OWNER = 'owner';

const departments = z.array(z.string().min(1)).min(1);

const rule = z
  .strictObject({
    /** Kinds of personal data, `source.field`, `source.*`, `personal` (any kind), `confidential` (sources that are marked so). */
    of: z.array(z.string().min(1)).min(1),
    do: z.enum(TREATMENTS),
    /** In these reports; in all where nothing is said. */
    in: z.array(z.enum(MASKED_REPORTS)).min(1).optional(),
    /** In the files of these departments alone. */
    for: departments.optional(),
    /** In the files of all departments but these. */
    except_for: departments.optional(),
  })
  .superRefine((r, context) => {
    const tell = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message });
    if (r.for && r.except_for) tell('except_for', "'for' and 'except_for' cannot both be said: write two rules");
    if ((r.for || r.except_for) && r.in)
      tell('in', "'for' and 'except_for' are about departments' files: leave 'in' out");
  });

/** `checks/masking.yaml`, and the park's own file, whose rules come behind: of the rules that fit, the last one holds. */
export const masking = z.strictObject({ rules: z.array(rule) });

export type MaskingFile = z.infer<typeof masking>;
export type MaskingRule = z.infer<typeof rule>;
export type Treatment = (typeof TREATMENTS)[number];
export type MaskedReport = (typeof MASKED_REPORTS)[number];
