import type { Expr } from './ir.js';

/** Operators that are unknown only where one of their sides is. */
const TRANSPARENT = new Set(['&&', '||', '!', '==', '!=', '<', '<=', '>', '>=', '+', '-', '*', 'negate', 'in']);

/** Whether an expression can come out unknown. Errs on the side of yes. */
export function canBeUnknown(e: Expr): boolean {
  switch (e.op) {
    case 'literal':
    case 'as_of':
    case 'param':
      return false;
    case 'call':
      if (e.name === 'is_known') return false;
      if (e.name === 'first_of') return e.args.every(canBeUnknown);
      return TRANSPARENT.has(e.name) ? e.args.some(canBeUnknown) : true;
    default:
      return true;
  }
}
