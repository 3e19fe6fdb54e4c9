import type { Expr } from '../checks/ir.js';
import type { Sql } from '../engine/dialect.js';
import { type Place, render } from './render.js';

/**
 * What an anomaly is about, as one text: part of its identity. The same whatever the language, the mask and the labels that a
 * park gives its codes, so that tomorrow's run knows today's anomaly again.
 */
export function identitySql(about: readonly Expr[], p: Place): Sql {
  const parts = about.map((e) => `coalesce(${plainSql(e, p)}, ${p.d.text('?')})`);
  return parts.join(` || ${p.d.text(' / ')} || `) || p.d.text('');
}

/** A value as text without any words: code ids, days as YYYY-MM-DD, numbers without unit. */
function plainSql(e: Expr, p: Place): Sql {
  const { d } = p;
  const x = render(e, p);
  switch (e.type.base) {
    case 'text':
      return x;
    case 'date':
      return d.formatDate(x);
    case 'number':
      return d.formatNumber(d.round(x, 4));
    case 'list':
      return d.listJoin(x, ',');
    case 'bool':
      return `CASE WHEN ${x} THEN ${d.text('true')} WHEN NOT ${x} THEN ${d.text('false')} END`;
    default:
      return d.cast(x, 'text');
  }
}
