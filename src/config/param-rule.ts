import type { Params } from './vocabulary.js';

type Param = Params[string];

/** Why a value does not suit a parameter's type; undefined where it does. One rule for the pack's values and a park's. */
export function paramFault(type: Param['type'], value: unknown): string | undefined {
  switch (type) {
    case 'int':
      return Number.isSafeInteger(value) ? undefined : 'must be a whole number';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? undefined : 'must be a number';
    case 'text':
      return typeof value === 'string' ? undefined : 'must be a text';
    case 'list':
      return Array.isArray(value) && value.every((v) => typeof v === 'string') ? undefined : 'must be a list of texts';
    case 'date':
      return typeof value === 'string' && isDay(value) ? undefined : 'must be a date that exists, written YYYY-MM-DD';
  }
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
