import type { Bilingual, Lang } from '../data.js';
import { remember, remembered } from './memory.js';
import { WORDS, type Word } from './words.js';

let current: Lang = 'zh';

export const lang = (): Lang => current;

export function startLanguage(ofRun: Lang): void {
  const kept = remembered('language');
  setLanguage(kept === 'zh' || kept === 'en' ? kept : ofRun);
}

export function setLanguage(to: Lang): void {
  current = to;
  document.documentElement.lang = to === 'zh' ? 'zh-CN' : 'en';
}

export function switchLanguage(): void {
  setLanguage(current === 'zh' ? 'en' : 'zh');
  remember('language', current);
}

/** One of the page's own words, with its gaps filled. */
export const t = (key: Word, ...gaps: (string | number)[]): string =>
  WORDS[key][current].replace(/\{(\d)\}/g, (_, i: string) => String(gaps[Number(i)] ?? ''));

/** A word that the data brings in both languages. */
export const say = (text: Bilingual | undefined): string => text?.[current] ?? '';

export const count = (n: number): string => n.toLocaleString(current === 'zh' ? 'zh-CN' : 'en-GB');
