import { difference } from './difference.js';
import { h } from './dom.js';
import { filterWords } from './filter.js';
import { count, say, t } from './language.js';
import { sorted } from './order.js';
import { enterpriseLink, severityBadge, stateBadge, table } from './pieces.js';
import { type Store, word } from './store.js';
import { heatMap } from './views/heat-map.js';
import type { Mounted } from './views/mounted.js';
import { countBySeverity, lead, outcomes } from './views/overview.js';
import { marked, sourceTitle } from './views/panel.js';
import { nightsTable } from './views/trend.js';

/** Nobody reads more on paper. */
const MOST = 1000;
const NIGHTS = 12;

/** What goes to paper: the summary, and the anomalies of the list as it is filtered and sorted. */
export function printed(store: Store, view: Mounted): HTMLElement {
  const { head } = store;
  const listed = view.filter
    ? view.order()
    : sorted(
        store,
        store.anomalies.id.map((_, i) => i),
        { by: 'urgency', down: false },
      );
  const shown = listed.slice(0, MOST);
  const filter = view.filter ? filterWords(store, view.filter()) : [];
  return h(
    'div',
    { class: 'printed' },
    h(
      'p',
      { class: 'print-head' },
      `${t('title')} · ${t('as_of', head.asOf)}${head.confinedTo ? ` · ${say(head.confinedTo)}` : ''}`,
    ),
    lead(head),
    figures(store),
    outcomes(head),
    h('h2', null, t('heat')),
    heatMap(head, { links: false }),
    head.nights && head.nights.length > 1 && [h('h2', null, t('trend')), nightsTable(head, head.nights.slice(-NIGHTS))],
    h('h2', { class: 'new-page' }, `${t('anomalies')} ${count(listed.length)}`),
    filter.length > 0 && h('p', { class: 'note' }, t('printed_filter', filter.join(' · '))),
    listed.length > MOST && h('p', { class: 'note' }, t('printed_first', count(MOST), count(listed.length))),
    h(
      'table',
      { class: 'print-list' },
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          (['severity', 'enterprise', 'message'] as const).map((k) => h('th', { scope: 'col' }, t(k))),
        ),
      ),
      h(
        'tbody',
        null,
        shown.map((i) => row(store, i)),
      ),
    ),
    h('p', { class: 'note' }, t('made_by', head.version)),
  );
}

function figures({ head }: Store): HTMLElement {
  const counts = countBySeverity(head);
  const l = head.ledger;
  const state = (id: string) => say(head.states.find((s) => s.id === id)?.title);
  const cells: [string, number][] = [
    ...head.severities.map((s, i): [string, number] => [say(s.title), counts[i]!]),
    ...(l
      ? ([
          [state('new'), l.new],
          [state('persisting'), l.persisting],
          [state('reopened'), l.reopened],
          [state('resolved'), l.resolved],
          [state('not_comparable'), l.not_comparable],
          [t('overdue'), l.overdue],
          [t('suppressed'), l.suppressed],
        ] as [string, number][])
      : []),
    [t('quarantined_rows'), head.sources.reduce((n, s) => n + s.quarantinedRows, 0)],
    [t('unmatched'), head.sources.reduce((n, s) => n + s.unmatched, 0)],
  ];
  const columns = cells.map(([title]) => ({ title, number: true }));
  return table(t('figures'), columns, [cells.map(([, n]) => count(n))]);
}

function row(store: Store, i: number): HTMLElement {
  const { anomalies: a, head } = store;
  const check = head.checks[a.check[i]!]!;
  const cut = difference(a.aValue[i]!, a.bValue[i]!);
  const place = (file: string, line: number | null | undefined) =>
    file && ` (${file}${line === null || line === undefined ? '' : ` ${t('row_n', line)}`})`;
  const side = (k: 0 | 1) => {
    const [value, source, file, line] =
      k === 0
        ? [a.aValue[i]!, word(a.aSource, i), word(a.aFile, i), a.aRow[i]]
        : [a.bValue[i]!, word(a.bSource, i), word(a.bFile, i), a.bRow[i]];
    if (!value && !file) return null;
    return h(
      'p',
      null,
      h('span', { class: 'note' }, `${k === 0 ? 'A' : 'B'} ${sourceTitle(store, source)} · ${say(check.labels[k])}: `),
      h('bdi', null, marked(k === 0 ? cut.a : cut.b)),
      h('span', { class: 'note' }, place(file, line)),
    );
  };
  return h(
    'tr',
    null,
    h('td', null, severityBadge(store, a.severity[i]!), stateBadge(store, a.state[i]!)),
    h(
      'td',
      null,
      enterpriseLink(a.uscc[i]!, a.name[i]!),
      h('span', { class: 'code' }, a.uscc[i]!),
      h('p', null, say(head.departments[check.department]?.title)),
      word(a.due, i) && h('p', { class: 'note' }, `${t('due')} ${word(a.due, i)}`),
      word(a.overdue, i) && h('p', { class: 'late' }, word(a.overdue, i)),
    ),
    h(
      'td',
      null,
      h('p', null, h('strong', null, `${check.id} ${say(check.title)}`)),
      h('p', null, a.message[i]!),
      h('div', { class: 'print-sides' }, side(0), side(1)),
      a.other[i] && h('p', { class: 'note' }, `${t('other_evidence')}: ${a.other[i]}`),
      h('p', { class: 'note' }, [say(check.basis), say(check.advice)].filter(Boolean).join(' · ')),
    ),
  );
}
