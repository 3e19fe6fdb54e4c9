import type { Field } from '../config/contract.js';
import { tidyHeader } from '../config/header.js';
import { MONEY_UNITS } from '../values/types/money.js';
import { MASS_UNITS } from '../values/types/quantity.js';

/** Whether a field's figure means nothing without its unit. */
export const isMeasured = (field: Field): boolean => ['money', 'quantity', 'percent'].includes(field.type);

/**
 * The unit to read a column in when its header names one; undefined where the field's figures cannot be read in it
 * (dollars, mg/L where the contract says ug/L). Such a column is left alone: a figure wrong by 10,000 is worse than none.
 */
export function columnUnit(field: Field, told: string): string | undefined {
  switch (field.type) {
    case 'money':
      return Object.hasOwn(MONEY_UNITS, told) ? told : undefined;
    case 'percent':
      return told === '%' ? told : undefined;
    case 'quantity': {
      if (field.unit === undefined) return told;
      const own = tidyHeader(field.unit);
      if (own === told) return field.unit;
      return Object.hasOwn(MASS_UNITS, own) && Object.hasOwn(MASS_UNITS, told) ? told : undefined;
    }
    default:
      return undefined;
  }
}
