import type { CheckedCheck } from '../checks/checked.js';
import type { Pack } from '../config/pack.js';
import type { Lang } from '../config/text.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import { citation, inForce } from './legal-basis.js';

/** What is the same for every anomaly of a check, in the words of the report's language. */
export interface CatalogueEntry {
  check_id: string;
  position: number;
  theme_id: string;
  theme: string;
  check_title: string;
  item: string;
  key_point: string;
  classification: string;
  department_id: string;
  department: string;
  helping_departments: string;
  legal_basis: string;
  advice: string;
}

export function catalogue(checks: readonly CheckedCheck[], pack: Pack, lang: Lang, asOf: string): CatalogueEntry[] {
  const { departments, classifications } = pack.vocabulary;
  const join = lang === 'zh' ? '、' : ', ';
  return checks.map((c, position) => ({
    check_id: c.id,
    position,
    theme_id: c.theme.theme,
    theme: c.theme.title[lang],
    check_title: c.def.title[lang],
    item: c.def.item[lang],
    key_point: c.def.key_point[lang],
    classification: classifications[c.def.classification]?.[lang] ?? c.def.classification,
    department_id: c.def.department,
    department: departments[c.def.department]?.[lang] ?? c.def.department,
    helping_departments: c.def.with_departments.map((d) => departments[d]?.[lang] ?? d).join(join),
    legal_basis: citations(c.def.basis, pack, lang, asOf).join(lang === 'zh' ? '；' : '; '),
    advice: c.def.advice[lang],
  }));
}

/** Two clauses of one rule, neither of them seen in its text, are cited alike: once. */
function citations(ids: readonly string[], pack: Pack, lang: Lang, asOf: string): string[] {
  const bases = ids.map((id) => pack.bases.get(id)).filter((b) => b !== undefined);
  return [...new Set(bases.filter((b) => inForce(b, asOf)).map((b) => citation(b, lang)))];
}

/** `run.checks`, for joins. */
export function catalogueTable(entries: readonly CatalogueEntry[], d: Dialect): Sql {
  const names = Object.keys(entries[0]!) as (keyof CatalogueEntry)[];
  const value = (v: string | number) => (typeof v === 'number' ? String(v) : d.text(v));
  const rows = entries.map((e) => `(${names.map((n) => value(e[n])).join(', ')})`);
  return `CREATE TABLE run.checks AS SELECT * FROM (VALUES ${rows.join(',\n')}) v(${names.join(', ')})`;
}
