import { bdi, fill, h } from '../dom.js';
import { type Filter, filterOf, matching } from '../filter.js';
import { count, say, t } from '../language.js';
import { type Order, type Sorting, sorted, sortingOf } from '../order.js';
import { severityBadge, stateBadge } from '../pieces.js';
import { hashOf, here, hereWith, replaceHash } from '../route.js';
import { Rows } from '../rows.js';
import { type Store, word } from '../store.js';
import { filterBar } from './filter-bar.js';
import { followedList } from './followed.js';
import type { Mounted } from './mounted.js';

/** The anomalies of this run, and beside them those that it did not find any more. */
export function anomaliesView(store: Store): Mounted {
  const gone = here().params.get('list') === 'gone' && store.head.totals.followed !== undefined;
  return gone ? goneView(store) : foundView(store);
}

function lists(store: Store, gone: boolean): HTMLElement | false {
  const { followed, anomalies } = store.head.totals;
  if (!followed) return false;
  const tab = (href: string, text: string, here: boolean) =>
    h('a', { href, class: 'tab', 'aria-current': here ? 'true' : null }, text);
  return h(
    'nav',
    { class: 'tabs', 'aria-label': t('anomalies') },
    tab(hashOf('anomalies'), `${t('tonight')} ${count(anomalies.all)}`, !gone),
    tab(hashOf('anomalies', { list: 'gone' }), `${t('gone')} ${count(followed.all)}`, gone),
  );
}

function goneView(store: Store): Mounted {
  const list = followedList(store, here().params.get('state') ?? '');
  const element = h('div', { class: 'list' }, h('h1', { class: 'unseen' }, t('gone')), lists(store, true), list);
  return { element, order: () => [] };
}

const COLUMNS: readonly { order: Order; word: Parameters<typeof t>[0] }[] = [
  { order: 'severity', word: 'severity' },
  { order: 'check', word: 'check' },
  { order: 'enterprise', word: 'enterprise' },
  { order: 'urgency', word: 'message' },
  { order: 'department', word: 'department' },
  { order: 'state', word: 'state' },
  { order: 'due', word: 'due' },
];

function foundView(store: Store): Mounted {
  const params = here().params;
  let filter = filterOf(params);
  let sorting = sortingOf(params);
  let order: number[] = [];

  const columns = store.head.ledger || store.anomalies.state.some((s) => s >= 0) ? COLUMNS : COLUMNS.slice(0, 5);
  const status = h('p', { class: 'count', role: 'status' });
  const header = h('tr', { role: 'row', 'aria-rowindex': 1 });
  const body = h('tbody', { role: 'rowgroup' });
  const list = h(
    'table',
    {
      class: `list-table${columns.length < COLUMNS.length ? ' short' : ''}`,
      role: 'table',
      'aria-label': t('anomalies'),
    },
    h('thead', { role: 'rowgroup' }, header),
    body,
  );
  const nothing = h('p', { class: 'nothing' });
  const rows = new Rows({
    ...{ body, columns: columns.length },
    draw: (i) => anomalyRow(store, order[i]!, columns.length),
  });

  const update = () => {
    order = sorted(store, matching(store, filter), sorting);
    const { all, held } = store.head.totals.anomalies;
    fill(
      status,
      order.length === held ? t('shown', count(held)) : t('shown_of', count(order.length), count(held)),
      held < all && h('span', { class: 'note' }, ` ${t('held', count(held), count(all))}`),
    );
    nothing.hidden = order.length > 0;
    list.hidden = order.length === 0;
    fill(nothing, held === 0 ? t('none_found') : t('none_match'));
    list.setAttribute('aria-rowcount', String(order.length + 1));
    fill(
      header,
      columns.map((c) => headerCell(c.order, t(c.word), sorting, sortBy)),
    );
    rows.show(order.length);
  };
  const address = () => {
    const all = { ...filter, sort: sorting.by === 'urgency' ? '' : sorting.by, down: sorting.down ? '1' : '' };
    const given = Object.entries(all).filter(([, v]) => v !== '');
    replaceHash(hashOf('anomalies', Object.fromEntries(given)));
  };
  const change = () => {
    address();
    // The list may be shorter than what was scrolled past.
    if (list.getBoundingClientRect().top < 0) list.scrollIntoView();
    update();
  };
  const sortBy = (to: Sorting) => {
    sorting = to;
    change();
    header.querySelector<HTMLElement>(`[data-order="${to.by}"]`)?.focus();
  };
  const place = h('div');
  const bar = () =>
    fill(
      place,
      filterBar(store, filter, sorting, {
        filter(name: keyof Filter, value: string) {
          filter = { ...filter, [name]: value };
          change();
        },
        sort(to) {
          sorting = to;
          change();
        },
        clear() {
          filter = filterOf(new URLSearchParams());
          bar();
          change();
          place.querySelector<HTMLElement>('input')?.focus();
        },
      }),
    );
  bar();
  const element = h(
    'div',
    { class: 'list' },
    h('h1', { class: 'unseen' }, t('anomalies')),
    lists(store, false),
    place,
    status,
    nothing,
    list,
  );
  return {
    element,
    shown: update,
    order: () => order,
    filter: () => filter,
    focus: (i) => rows.focus(Math.max(0, order.indexOf(i))),
    stop: () => rows.stop(),
  };
}

/** Ascending, descending, and back to the list's own order. */
function headerCell(order: Order, title: string, now: Sorting, sort: (to: Sorting) => void): HTMLElement {
  const cell = h('th', { role: 'columnheader', scope: 'col', class: `col-${order}` });
  if (order === 'urgency') {
    fill(cell, title);
    return cell;
  }
  const active = now.by === order;
  if (active) cell.setAttribute('aria-sort', now.down ? 'descending' : 'ascending');
  const next = () => sort(active && now.down ? { by: 'urgency', down: false } : { by: order, down: active });
  const sign = h('span', { class: 'turn', 'aria-hidden': 'true' }, active ? (now.down ? '▼' : '▲') : '↕');
  fill(cell, h('button', { type: 'button', 'data-order': order, click: next }, title, ' ', sign));
  return cell;
}

export function anomalyRow(store: Store, i: number, columns: number): HTMLTableRowElement {
  const { anomalies: a, head } = store;
  const check = head.checks[a.check[i]!]!;
  const cell = (name: string, ...children: Parameters<typeof h>[2][]) =>
    h('td', { role: 'cell', class: `col-${name}` }, ...children);
  const overdue = word(a.overdue, i);
  const suppressed = a.suppressed.at[i]! >= 0;
  const cells = [
    cell('severity', severityBadge(store, a.severity[i]!)),
    cell(
      'check',
      h(
        'a',
        { href: hereWith('open', a.id[i]!), class: 'open' },
        h('span', { class: 'code' }, check.id),
        ' ',
        say(check.title),
      ),
    ),
    cell('enterprise', h('span', { class: 'clip' }, bdi(a.name[i]!)), h('span', { class: 'code' }, a.uscc[i]!)),
    cell('message', h('span', { class: 'clip2' }, a.message[i]!)),
    cell('department', say(head.departments[check.department]?.title)),
    cell('state', stateBadge(store, a.state[i]!), suppressed && h('span', { class: 'state' }, t('suppressed'))),
    cell('due', word(a.due, i), overdue && [' ', h('span', { class: 'state overdue' }, t('overdue'))]),
  ];
  return h(
    'tr',
    {
      role: 'row',
      class: suppressed ? 'suppressed' : null,
      // Anywhere in the row opens it; the link is for the keyboard and for copying.
      click: (e: MouseEvent) => {
        if (!(e.target as Element).closest('a') && !getSelection()?.toString())
          location.hash = hereWith('open', a.id[i]!);
      },
    },
    cells.slice(0, columns),
  );
}
