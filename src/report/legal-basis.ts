import type { LegalBasis } from '../config/pack.js';
import type { Lang } from '../config/text.js';

export const inForce = (b: LegalBasis, asOf: string): boolean =>
  b.effective_from <= asOf && (b.effective_to === undefined || asOf <= b.effective_to);

/** 《排污许可管理条例》（国务院令第736号）第十四条. The clause only if somebody has seen it in the text of the rule. */
export function citation(b: LegalBasis, lang: Lang): string {
  const clause = b.verified && b.clause ? b.clause : '';
  if (lang === 'en') return [b.title_en, b.number ? `(${b.number})` : '', clause].filter(Boolean).join(' ');
  return `${b.title}${b.number ? `（${b.number}）` : ''}${clause}`;
}
