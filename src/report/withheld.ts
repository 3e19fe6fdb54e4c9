import { omittedWord } from '../compile/format.js';
import { withheldIn } from '../compile/treatment.js';
import type { Audience } from '../config/masking/policy.js';
import type { Sql } from '../engine/dialect.js';
import type { ReportModel } from './model.js';

const WORDED = ['about', 'message'];
/** By policy and readers: all pages ask, and every check has to be looked through. */
const known = new WeakMap<object, Map<Audience, string[]>>();

function withheld({ masking, checks }: ReportModel, audience: Audience): string[] {
  if (!masking) return [];
  const of = known.get(masking) ?? new Map<Audience, string[]>();
  known.set(masking, of);
  const ids = of.get(audience) ?? withheldIn(checks, masking.treat(audience));
  of.set(audience, ids);
  return ids;
}

/**
 * A column of `report.followed` as these readers see it. Its texts are the ledger's, masked once and for all: where their
 * readers are not to see a value even so, they see nothing of the text.
 */
export function withheldSql(m: ReportModel, audience: Audience, column: string): Sql {
  const d = m.session.dialect;
  const checks = WORDED.includes(column) ? withheld(m, audience) : [];
  if (checks.length === 0) return column;
  const ids = checks.map((id) => d.text(id)).join(', ');
  return `CASE WHEN check_id IN (${ids}) THEN ${d.text(omittedWord(m.lang))} ELSE ${column} END AS ${column}`;
}
