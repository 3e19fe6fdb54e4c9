import type { Bilingual } from '../config/text.js';

/** What a guard found, in the words of its readers. */
export interface Finding {
  /** A source or a check, by its id. */
  of: string;
  guard: 'freshness' | 'volume' | 'quarantined' | 'unreadable' | 'unmatched' | 'columns' | 'share' | 'jump';
  action: 'warn' | 'stop' | 'hold';
  text: Bilingual;
}

export const percent = (share: number): string => `${Math.round(share * 1000) / 10}%`;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
