import { say } from './language.js';
import { type Store, word } from './store.js';

/** What the list is narrowed to, as it stands in the page's address. */
export interface Filter {
  q: string;
  theme: string;
  dept: string;
  /** Several, separated by commas. */
  sev: string;
  state: string;
  check: string;
  disposal: string;
  overdue: string;
  /** '0': what is suppressed is left out. */
  suppressed: string;
}

export const FILTERS = ['q', 'theme', 'dept', 'sev', 'state', 'check', 'disposal', 'overdue', 'suppressed'] as const;

export const filterOf = (params: URLSearchParams): Filter =>
  Object.fromEntries(FILTERS.map((k) => [k, params.get(k) ?? ''])) as unknown as Filter;

/** Positions of the anomalies that a filter lets through, in the order of the list. */
export function matching(s: Store, f: Filter): number[] {
  const { anomalies: a, head } = s;
  const at = (all: readonly { id: string }[], id: string) => all.findIndex((x) => x.id === id);
  const theme = at(head.themes, f.theme);
  const department = at(head.departments, f.dept);
  const check = at(head.checks, f.check);
  const state = at(head.states, f.state);
  const disposal = at(head.disposals, f.disposal);
  const severities = f.sev ? new Set(f.sev.split(',').map((id) => at(head.severities, id))) : undefined;
  const checks = head.checks.map(
    (c, i) => (!f.theme || c.theme === theme) && (!f.dept || c.department === department) && (!f.check || i === check),
  );
  const terms = normal(f.q).split(/\s+/).filter(Boolean);
  const said = terms.map((term) => head.checks.map((_, i) => wordsOfCheck(s, i).includes(term)));
  const found: number[] = [];
  for (let i = 0; i < a.id.length; i++) {
    const c = a.check[i]!;
    if (!checks[c]) continue;
    if (severities && !severities.has(a.severity[i]!)) continue;
    if (f.state && a.state[i] !== state) continue;
    if (f.disposal && a.disposal[i] !== disposal) continue;
    if (f.overdue && a.overdue.at[i]! < 0) continue;
    if (f.suppressed === '0' && a.suppressed.at[i]! >= 0) continue;
    if (terms.length > 0 && !terms.every((term, k) => said[k]![c] || textOf(s, i).includes(term))) continue;
    found.push(i);
  }
  return found;
}

export const normal = (text: string): string => text.normalize('NFKC').toLowerCase();

/** In both languages, whichever is shown. */
function wordsOfCheck({ head }: Store, i: number): string {
  const c = head.checks[i]!;
  const words = [c.title, c.item, c.keyPoint, c.classification, head.themes[c.theme]?.title];
  words.push(head.departments[c.department]?.title);
  return normal([c.id, ...words.flatMap((w) => (w ? [w.zh, w.en] : []))].join('\n'));
}

/** Made when first asked for: most readers never search. */
const searched: string[] = [];

function textOf({ anomalies: a }: Store, i: number): string {
  searched[i] ??= normal(
    [
      ...[a.id[i], a.uscc[i], a.name[i], a.about[i], a.message[i], a.aValue[i], a.bValue[i], a.other[i], a.note[i]],
      ...[word(a.aFile, i), word(a.bFile, i), word(a.aSource, i), word(a.bSource, i), word(a.handledBy, i)],
    ].join('\n'),
  );
  return searched[i]!;
}

/** What a filter says, in words, for a printed page. */
export function filterWords({ head }: Store, f: Filter): string[] {
  const named = (all: readonly { id: string; title: { zh: string; en: string } }[], id: string) =>
    say(all.find((x) => x.id === id)?.title) || id;
  return [
    f.q && `“${f.q}”`,
    f.theme && named(head.themes, f.theme),
    f.dept && named(head.departments, f.dept),
    ...(f.sev ? f.sev.split(',').map((id) => named(head.severities, id)) : []),
    f.state && named(head.states, f.state),
    f.check && `${f.check} ${named(head.checks, f.check)}`,
    f.disposal && named(head.disposals, f.disposal),
  ].filter((x) => x !== '');
}
