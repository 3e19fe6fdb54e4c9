import type { Expr, Relation } from './ir.js';

/** A typed expression as text, each relation by a name of the caller's choice, so that equal expressions have equal texts. */
export function canonicalText(e: Expr, name: (r: Relation) => string = (r) => r.alias): string {
  return JSON.stringify(e, (key, value) => {
    if (key === 'type') return undefined;
    return key === 'relation' ? name(value as Relation) : (value as unknown);
  });
}
