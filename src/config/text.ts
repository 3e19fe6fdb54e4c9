import * as z from 'zod';

/** A text that a reader sees: in both languages, always. */
export const bilingual = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
export type Bilingual = z.infer<typeof bilingual>;
export type Lang = keyof Bilingual;

export const say = (zh: string, en: string): Bilingual => ({ zh, en });

/** Ids are lower_snake_case: they become column names. */
export const id = z.string().regex(/^[a-z][a-z0-9_]*$/, 'an id is lower_snake_case: letters, digits and _');
