import { didYouMean } from '../../config/nearest.js';
import type { Pack } from '../../config/pack.js';
import type { CheckedCheck, CheckedTheme } from '../checked.js';
import type { Findings } from './index.js';

const NOT_SOURCES = new Set(['title', 'as_of', 'outcome', 'params']);

/** Examples speak of sources, fields and parameters that there are. */
export function lintExamples(themes: readonly CheckedTheme[], pack: Pack): Findings {
  const findings: Findings = { errors: [], warnings: [] };
  for (const c of themes.flatMap((t) => t.checks)) {
    for (const [i, example] of c.def.examples.entries()) {
      const tell = (path: (string | number)[], what: string, fix?: string) =>
        findings.errors.push({ what, fix, where: c.yaml.place([...c.path, 'examples', i, ...path], 'key') });
      for (const name of Object.keys(example.params ?? {})) {
        if (!pack.params.has(name))
          tell(['params', name], `no parameter '${name}'`, didYouMean(name, pack.params.keys()));
      }
      for (const [source, rows] of Object.entries(example)) {
        if (!NOT_SOURCES.has(source)) lintRows(c, source, rows, pack, tell);
      }
    }
  }
  return findings;
}

function lintRows(
  c: CheckedCheck,
  source: string,
  rows: unknown,
  pack: Pack,
  tell: (path: (string | number)[], what: string, fix?: string) => void,
): void {
  const contract = pack.contracts.get(source);
  if (!contract || pack.builtin.has(source)) {
    const alias = c.lookups.find((l) => l.relation.alias === source);
    const fix = alias
      ? `rows are given under their source: ${alias.relation.source}`
      : didYouMean(source, pack.contracts.keys());
    tell([source], `no source '${source}' to give rows of`, fix);
    return;
  }
  if (rows === 'not delivered') return;
  for (const [n, row] of [rows].flat().entries()) {
    for (const field of Object.keys(row as object)) {
      if (contract.fields[field]) continue;
      const path = Array.isArray(rows) ? [source, n, field] : [source, field];
      tell(path, `no field '${field}' in ${source}`, didYouMean(field, Object.keys(contract.fields)));
    }
  }
}
