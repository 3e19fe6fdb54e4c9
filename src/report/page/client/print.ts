import { h } from './dom.js';
import { filterWords } from './filter.js';
import { count, say, t } from './language.js';
import { sorted } from './order.js';
import { table } from './pieces.js';
import { printList } from './print-list.js';
import type { Store } from './store.js';
import { heatMap } from './views/heat-map.js';
import type { Mounted } from './views/mounted.js';
import { countBySeverity, lead, outcomes } from './views/overview.js';
import { nightsTable } from './views/trend.js';

/** Nobody reads more on paper. */
const MOST = 1000;
const NIGHTS = 12;

/** What goes to paper: the summary, and the anomalies of the list as it is filtered and sorted. */
export function printed(store: Store, view: Mounted): HTMLElement {
  return h('div', { class: 'printed' }, title(store), view.paper ? view.paper() : wholeRun(store, view), maker(store));
}

const title = ({ head }: Store): HTMLElement =>
  h(
    'p',
    { class: 'print-head' },
    `${t('title')} · ${t('as_of', head.asOf)}${head.confinedTo ? ` · ${say(head.confinedTo)}` : ''}`,
  );

const maker = ({ head }: Store): HTMLElement => h('p', { class: 'note' }, t('made_by', head.version));

function wholeRun(store: Store, view: Mounted): HTMLElement {
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
    null,
    lead(head),
    figures(store),
    outcomes(head),
    h('h2', null, t('heat')),
    heatMap(head, { links: false }),
    head.nights && head.nights.length > 1 && [h('h2', null, t('trend')), nightsTable(head, head.nights.slice(-NIGHTS))],
    h('h2', { class: 'new-page' }, `${t('anomalies')} ${count(listed.length)}`),
    filter.length > 0 && h('p', { class: 'note' }, t('printed_filter', filter.join(' · '))),
    listed.length > MOST && h('p', { class: 'note' }, t('printed_first', count(MOST), count(listed.length))),
    printList(store, shown),
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
