import { didYouMean } from '../config/nearest.js';
import { packagePath } from '../config/package-path.js';
import type { Lang } from '../config/text.js';
import { usageError } from '../errors.js';

export const checksDirOf = (o: { checks?: string }): string => o.checks ?? packagePath('checks');

export function langOf(value: string): Lang {
  if (value === 'zh' || value === 'en') return value;
  throw usageError({ what: `--lang ${value}: no such language`, fix: 'use zh or en' });
}

/** A real day written YYYY-MM-DD. `today` and the like are refused: a rerun must mean the same day. */
export function asOfOf(value: string, name = '--as-of'): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== value) {
    throw usageError({
      what: `${name} ${value}: not a day of the calendar`,
      why: name === '--as-of' ? 'a run is about one day, and running it again must give the same' : undefined,
      fix: 'write it as YYYY-MM-DD, such as 2026-07-31',
    });
  }
  return value;
}

/** Options without which there is nothing to do, all those missing told at once. */
export function needed<T extends object, K extends keyof T & string>(options: T, values: Record<K, string>) {
  const missing = (Object.keys(values) as K[]).filter((name) => options[name] === undefined);
  if (missing.length > 0) {
    throw usageError(
      missing.map((name) => {
        const option = `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
        return { what: `${option} is missing`, fix: `add ${option} ${values[name]}` };
      }),
    );
  }
  return options as T & Required<Pick<T, K>>;
}

/** Far more than any machine has; the engine would try to start them all. */
const MAX_THREADS = 1024;

export function threadsOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^[1-9]\d{0,3}$/.test(value) && Number(value) <= MAX_THREADS) return Number(value);
  throw usageError({
    what: `--threads ${value}: not a whole number from 1 to ${MAX_THREADS}`,
    fix: 'give one, such as --threads 2',
  });
}

export function memoryOf(value: string | undefined): string | undefined {
  if (value === undefined || /^\d+(\.\d+)?\s*(KB|MB|GB|TB|KiB|MiB|GiB|TiB)$/i.test(value)) return value;
  throw usageError({ what: `--memory ${value}: not a size`, fix: 'write a number and a unit, such as 2GB' });
}

export function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((a) => a === value);
  if (!found) {
    const near = didYouMean(value, allowed);
    throw usageError({
      what: `${name} '${value}': there is no such one`,
      fix: `${near ? `${near} ` : ''}known are ${allowed.join(', ')}`,
    });
  }
  return found;
}

/** A list in one word: parquet,json */
export function listOf<T extends string>(name: string, value: string | undefined, allowed: readonly T[]): T[] {
  const words = value?.split(',').map((w) => w.trim()) ?? [];
  return [...new Set(words.map((w) => oneOf(name, w, allowed)))];
}
