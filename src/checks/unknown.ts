import { canonicalText } from './canonical.js';
import { conjuncts, type Expr } from './ir.js';

/** Operators and functions that are unknown only where one of their arguments is. */
const TRANSPARENT = new Set([
  ...['&&', '||', '!', '==', '!=', '<', '<=', '>', '>=', '+', '-', '*', 'negate', 'in'],
  ...['month_start', 'add_days', 'add_months', 'add_years', 'days_between', 'year', 'month', 'day'],
  ...['contains', 'starts_with', 'ends_with', 'substr', 'length', 'lower', 'upper'],
]);

/** Whether an expression can come out unknown. Errs on the side of yes. `known` says of what else it is certain that it has a value. */
export function canBeUnknown(e: Expr, known: (e: Expr) => boolean = () => false): boolean {
  if (known(e)) return false;
  switch (e.op) {
    case 'literal':
    case 'as_of':
    case 'param':
      return false;
    case 'call': {
      if (e.name === 'is_known') return false;
      if (e.name === 'first_of') return e.args.every((x) => canBeUnknown(x, known));
      if (!TRANSPARENT.has(e.name)) return true;
      const asked = askedFor(e);
      const knownHere = asked.size > 0 ? (x: Expr) => known(x) || asked.has(canonicalText(x)) : known;
      return e.args.some((x) => canBeUnknown(x, knownHere));
    }
    default:
      return true;
  }
}

/**
 * What has a value wherever it matters: in `is_known(x) && …` and in `!is_known(x) || …` the rest decides only where x has one. As
 * text.
 */
function askedFor(e: Extract<Expr, { op: 'call' }>): ReadonlySet<string> {
  const asked =
    e.name === '&&' ? conjuncts(e) : e.name === '||' ? disjuncts(e).flatMap((x) => (isCall(x, '!') ? x.args : [])) : [];
  return new Set(asked.flatMap((x) => (isCall(x, 'is_known') ? x.args : [])).map((x) => canonicalText(x)));
}

const isCall = (e: Expr, name: string): e is Extract<Expr, { op: 'call' }> => e.op === 'call' && e.name === name;

const disjuncts = (e: Expr): Expr[] => (isCall(e, '||') ? e.args.flatMap(disjuncts) : [e]);
