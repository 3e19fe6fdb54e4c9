import type { Pack } from '../config/pack.js';
import type { Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import { type Problem, usageError } from '../errors.js';

/** Condition on `_eid`: enterprises of the library with one of the tags. A tag that nobody has is a mistake, and told. */
export async function scopeSql(session: Session, pack: Pack, tags: readonly string[]): Promise<Sql> {
  const d = session.dialect;
  if (pack.contracts.get('enterprise')?.fields.scope_tags?.type !== 'list') {
    throw usageError({
      what: '--scope: the enterprise library has no tags',
      fix: 'add a field scope_tags of type list to sources/enterprise.yaml, or leave --scope out',
    });
  }
  const rows = await session.rows<{ tag: string; n: number }>(
    `SELECT tag, count(*) AS n FROM (SELECT ${d.unnest('scope_tags')} AS tag FROM src.enterprise WHERE scope_tags IS NOT NULL) t GROUP BY tag ORDER BY tag`,
  );
  const known = rows.map((r) => r.tag);
  const problems: Problem[] = tags
    .filter((t) => !known.includes(t))
    .map((t) => ({
      what: `--scope ${t}: no enterprise of the library has this tag`,
      fix: known.length > 0 ? `tags are ${rows.map((r) => `${r.tag} (${r.n})`).join(', ')}` : 'the library has no tags',
    }));
  if (problems.length > 0) throw usageError(problems);
  return `_eid IN (SELECT _eid FROM src.enterprise WHERE ${d.listOverlaps('scope_tags', d.textList(tags))})`;
}
