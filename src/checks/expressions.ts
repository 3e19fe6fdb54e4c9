import type { CheckedCheck } from './checked.js';
import { type Expr, lookupsOf, nodes } from './ir.js';

/** Every expression of a check. */
export function* expressionsOf(c: CheckedCheck): Generator<Expr> {
  yield c.when;
  yield c.expect;
  yield* c.about;
  for (const part of [...c.message.zh, ...c.message.en]) if (typeof part !== 'string') yield part;
  for (const item of c.evidence) yield item.value;
  for (const x of c.severity.cases) yield x.when;
  for (const l of lookupsOf(c.lookups)) {
    for (const k of l.keys) yield* [k.row, k.outer];
    if (l.where) yield l.where;
    if (l.mode.kind === 'group') yield* Object.values(l.mode.results);
  }
}

/** Whether a check counts working days, and so reads the calendar of holidays, which none of its joins names. */
export const usesCalendar = (c: CheckedCheck): boolean =>
  [...expressionsOf(c)].some((e) => [...nodes(e)].some((n) => n.op === 'call' && n.name === 'workdays_between'));
