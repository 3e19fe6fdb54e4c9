import { packagePath } from '../config/package-path.js';
import type { Lang } from '../config/text.js';
import { usageError } from '../errors.js';

export const checksDirOf = (o: { checks?: string }): string => o.checks ?? packagePath('checks');

export function langOf(value: string): Lang {
  if (value === 'zh' || value === 'en') return value;
  throw usageError({ what: `--lang ${value}: no such language`, fix: 'use zh or en' });
}

/** A real day written YYYY-MM-DD. `today` and the like are refused: a rerun must mean the same day. */
export function asOfOf(value: string): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== value) {
    throw usageError({
      what: `--as-of ${value}: not a day of the calendar`,
      why: 'a run is about one day, and running it again must give the same',
      fix: 'write it as YYYY-MM-DD, such as 2026-07-31',
    });
  }
  return value;
}

export function positiveOf(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^[1-9]\d*$/.test(value)) return Number(value);
  throw usageError({ what: `${name} ${value}: not a whole number above 0`, fix: `give one, such as ${name} 2` });
}

export function memoryOf(value: string | undefined): string | undefined {
  if (value === undefined || /^\d+(\.\d+)?\s*(KB|MB|GB|TB|KiB|MiB|GiB|TiB)$/i.test(value)) return value;
  throw usageError({ what: `--memory ${value}: not a size`, fix: 'write a number and a unit, such as 2GB' });
}

export function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((a) => a === value);
  if (!found) throw usageError({ what: `${name} ${value}: unknown`, fix: `use one of ${allowed.join(', ')}` });
  return found;
}
