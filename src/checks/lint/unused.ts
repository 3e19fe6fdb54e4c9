import type { Pack } from '../../config/pack.js';
import type { CheckedTheme } from '../checked.js';
import { usesCalendar } from '../expressions.js';
import { lookupsOf } from '../ir.js';
import type { Findings } from './index.js';

/** Sources, parameters, code lists and legal bases that nothing asks for: left over, or misspelt somewhere. */
export function lintUnused(themes: readonly CheckedTheme[], pack: Pack): Findings {
  const checks = themes.flatMap((t) => t.checks);
  const text = JSON.stringify(themes.map((t) => t.def));
  const sources = new Set([
    'enterprise',
    ...checks.flatMap((c) => [...lookupsOf(c.lookups)].map((l) => l.relation.source)),
  ]);
  if (checks.some(usesCalendar)) sources.add('holidays');
  const findings: Findings = { errors: [], warnings: [] };
  const warn = (kind: string, id: string, file: { place(path: string[], of?: 'key'): object }, path: string[]) =>
    findings.warnings.push({
      what: `no check uses the ${kind} '${id}'`,
      where: file.place(path, 'key'),
      fix: 'use it or remove it',
    });
  for (const [id, file] of pack.files.contracts) {
    const c = pack.contracts.get(id);
    if (!sources.has(id) && c?.source !== 'address_alias') warn('source', id, file, ['source']);
  }
  for (const [id, file] of pack.files.params)
    if (!new RegExp(`param\\.${id}\\b`).test(text)) warn('parameter', id, file, [id]);
  const bases = new Set(checks.flatMap((c) => c.def.basis));
  for (const [id, file] of pack.files.bases) if (!bases.has(id)) warn('legal basis', id, file, [id]);
  const lists = new Set([...pack.contracts.values()].flatMap((c) => Object.values(c.fields).map((f) => f.codes)));
  for (const [id, file] of pack.files.codes) if (!lists.has(id)) warn('code list', id, file, ['codes']);
  return findings;
}
