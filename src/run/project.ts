import type { CheckedTheme } from '../checks/checked.js';
import { allChecks } from '../checks/load-themes.js';
import { didYouMean } from '../config/nearest.js';
import type { Pack } from '../config/pack.js';
import type { Project } from '../config/project/load.js';
import type { Problem } from '../errors.js';
import { FORMAT_NAMES } from '../report/formats.js';

/** What the schema of a project cannot see: names that must exist in the checks, and formats in the reports. */
export function projectFaults(project: Project, pack: Pack, themes: readonly CheckedTheme[]): Problem[] {
  const { settings: s, yaml } = project;
  const problems: Problem[] = [];
  const known = (what: string, word: string, words: readonly string[], path: (string | number)[], key = true) => {
    if (words.includes(word)) return;
    const more = words.length > 12 ? ' …' : '';
    problems.push({
      what: `no ${what} '${word}'`,
      where: yaml.place(path, key ? 'key' : 'value'),
      fix: didYouMean(word, words) ?? `known are ${words.slice(0, 12).join(', ')}${more}`,
    });
  };
  const extracts = [...pack.contracts.values()].filter((c) => c.kind === 'extract' && !pack.builtin.has(c.source));
  const sources = extracts.map((c) => c.source);
  const checks = allChecks(themes).map((c) => c.id);
  for (const id of Object.keys(s.sources?.places ?? {})) known('source', id, sources, ['sources', 'places', id]);
  for (const id of Object.keys(s.guards?.sources ?? {})) known('source', id, sources, ['guards', 'sources', id]);
  for (const id of Object.keys(s.guards?.checks ?? {})) known('check', id, checks, ['guards', 'checks', id]);
  const ids = themes.map((t) => t.def.theme);
  for (const [i, id] of (s.scope?.themes ?? []).entries()) known('theme', id, ids, ['scope', 'themes', i], false);
  for (const [i, f] of (s.reports?.formats ?? []).entries()) {
    known('format', f, FORMAT_NAMES, ['reports', 'formats', i], false);
  }
  return problems;
}
