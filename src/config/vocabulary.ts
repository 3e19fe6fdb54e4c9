import * as z from 'zod';
import { bilingual, id } from './text.js';

const words = z.record(id, bilingual);

/** `checks/vocabulary.yaml`: words that every theme and report shares. */
export const vocabulary = z.strictObject({
  departments: words,
  severities: z.strictObject({ red: bilingual, yellow: bilingual, blue: bilingual }),
  classifications: words,
  outcomes: z.strictObject({
    consistent: bilingual,
    anomaly: bilingual,
    not_comparable: bilingual,
    not_applicable: bilingual,
  }),
});

/** `checks/codes/<id>.yaml`: a code list. Extracts may hold the id, either title or any of the labels. */
export const codeList = z.strictObject({
  codes: id,
  title: bilingual,
  entries: z.record(
    id,
    z.strictObject({ zh: z.string().min(1), en: z.string().min(1), labels: z.array(z.string()).default([]) }),
  ),
});

/** `checks/params/<theme>.yaml`: named thresholds and lists. A park overrides values without touching a theme. */
export const params = z.record(
  id,
  z
    .strictObject({
      title: bilingual,
      /** Where the figure comes from: a regulation, or our own default that the park signs off. */
      source: z.string().min(1),
      type: z.enum(['int', 'number', 'text', 'date', 'list']),
      value: z.union([z.number(), z.string(), z.array(z.string())]),
    })
    .superRefine((p, ctx) => {
      const actual = Array.isArray(p.value) ? 'list' : typeof p.value === 'number' ? 'number' : 'text';
      const wanted = { int: 'number', number: 'number', text: 'text', date: 'text', list: 'list' }[p.type];
      if (actual !== wanted) ctx.addIssue({ code: 'custom', path: ['value'], message: `must be a ${p.type}` });
    }),
);

/** `checks/legal-bases/<theme>.yaml`. A clause is printed only if verified, and only while the rule is in force. */
export const legalBases = z.record(
  id,
  z.strictObject({
    title: z.string().min(1), // 《排污许可管理条例》
    title_en: z.string().min(1),
    number: z.string().optional(), // 国务院令第736号
    clause: z.string().optional(), // 第十四条
    effective_from: z.iso.date(),
    effective_to: z.iso.date().optional(),
    /** Whether somebody has seen the clause in the text of the rule. */
    verified: z.boolean(),
    /** Where it was seen, or what is uncertain about it. */
    note: z.string().optional(),
  }),
);

export type Vocabulary = z.infer<typeof vocabulary>;
export type CodeList = z.infer<typeof codeList>;
export type Params = z.infer<typeof params>;
export type LegalBases = z.infer<typeof legalBases>;
