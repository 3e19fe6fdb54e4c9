import type { Lang } from '../../config/text.js';
import type { Cell as Value } from '../../engine/engine.js';
import { guarded } from '../csv.js';
import { MAX_TEXT } from '../xlsx/sheet.js';

const CUT = {
  zh: '…（超出单元格容量，全文见 anomalies.csv）',
  en: '… (more than a cell can hold; in full in anomalies.csv)',
};

/** Text as a cell holds it: harmless also when the workbook is saved as CSV, and no longer than Excel takes. */
export function textCell(value: Value | undefined, lang: Lang): string {
  if (value === null || value === undefined) return '';
  const text = guarded(String(value));
  return text.length <= MAX_TEXT ? text : text.slice(0, MAX_TEXT - CUT[lang].length) + CUT[lang];
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** Before this day programs do not agree on the numbers of days. */
const FIRST_DAY = '1900-03-01';

/** The number by which a workbook means a day; undefined for text that is none, or not one alone. */
export function dayNumber(text: string): number | undefined {
  if (!DAY.test(text) || text < FIRST_DAY) return undefined;
  return Date.parse(text) / 86_400_000 + 25_569;
}
