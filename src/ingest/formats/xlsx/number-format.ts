import { numberText } from '../number-text.js';

export type NumberKind = 'number' | 'date' | 'time' | 'percent';

/** Built-in formats that are dates, those of Chinese Excel (27–36, 50–58) included; they are not written in the file. */
const BUILT_IN_DATES = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58]);
const BUILT_IN_TIMES = new Set([18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56]);

export function numberKind(id: number, code: string | undefined): NumberKind {
  if (code !== undefined) return kindOfCode(code);
  if (BUILT_IN_DATES.has(id)) return 'date';
  if (BUILT_IN_TIMES.has(id)) return 'time';
  return id === 9 || id === 10 ? 'percent' : 'number';
}

export function kindOfCode(code: string): NumberKind {
  // Only the first section matters; quoted text, escapes, fillers, colours and locales are not part of the format.
  const bare = code
    .replace(/"[^"]*"/g, '')
    .replace(/\\.|[_*]./g, '')
    .replace(/\[(h+|m+|s+)\]/gi, '$1')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/general/gi, '')
    .replace(/am\/pm|a\/p|上午\/下午/gi, 'h')
    .split(';')[0]!
    .toLowerCase();
  if (/[yd]/.test(bare) || (/m/.test(bare) && !/[hs]/.test(bare)) || /^[^0#?]*e+[^+\-0]*$/.test(bare)) {
    return /[ymde]/.test(bare) ? 'date' : 'number';
  }
  if (/[hs]/.test(bare)) return 'time';
  return bare.includes('%') ? 'percent' : 'number';
}

const DAY = 86_400_000;

/** A number of a cell as the text that its format means. Dates in ISO form, so that no locale reads them differently. */
export function formatNumber(raw: string, kind: NumberKind, date1904: boolean): string {
  const value = Number(raw);
  if (!Number.isFinite(value) || raw.trim() === '') return raw;
  if (kind === 'percent') return `${numberText(Number((value * 100).toPrecision(15)))}%`;
  if (kind === 'number') return numberText(value);
  return dateText(value, kind, date1904) ?? numberText(value);
}

function dateText(serial: number, kind: 'date' | 'time', date1904: boolean): string | undefined {
  // Whole seconds: a time of day is a fraction of a day and never exact in binary.
  const seconds = Math.round(serial * 86_400);
  const days = Math.floor(seconds / 86_400);
  const time = new Date((seconds - days * 86_400) * 1000).toISOString().slice(11, 19);
  if (kind === 'time' && days === 0) return time;
  const day = dayText(days, date1904);
  if (day === undefined) return undefined;
  return time === '00:00:00' ? day : `${day} ${time}`;
}

function dayText(days: number, date1904: boolean): string | undefined {
  if (date1904) return days < 0 || days > 2_957_003 ? undefined : iso(Date.UTC(1904, 0, 1) + days * DAY);
  if (days < 1 || days > 2_958_465) return undefined;
  // Excel believes that 1900 was a leap year. Day 60 never was; it is told as Excel shows it, and refused as a date later.
  if (days === 60) return '1900-02-29';
  return iso(Date.UTC(1899, 11, days < 60 ? 31 : 30) + days * DAY);
}

const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10);
