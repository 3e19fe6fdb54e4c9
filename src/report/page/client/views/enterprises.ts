import { bdi, fill, h } from '../dom.js';
import { normal } from '../filter.js';
import { count, say, t } from '../language.js';
import { hashOf } from '../route.js';
import { Rows } from '../rows.js';
import type { Store } from '../store.js';
import type { Mounted } from './mounted.js';

/** Every enterprise with what was found of it, the gravest first. */
export function enterprisesView(store: Store): Mounted {
  const { enterprises: e, head } = store;
  const all = e.uscc.map((uscc, i) => lineOf(store, uscc, i)).sort((x, y) => y.weight - x.weight || x.at - y.at);
  let shown = all;
  const search = h('input', {
    type: 'search',
    id: 'enterprise-search',
    placeholder: t('search_hint'),
    input: () => update(),
  });
  const only = h('input', { type: 'checkbox', change: () => update() });
  const status = h('p', { class: 'count', role: 'status' });
  const body = h('tbody', { role: 'rowgroup' });
  const column = (name: string, title: string) =>
    h('th', { role: 'columnheader', scope: 'col', class: `col-${name}` }, title);
  const list = h(
    'table',
    { class: 'list-table enterprises', role: 'table', 'aria-label': t('enterprises') },
    h(
      'thead',
      { role: 'rowgroup' },
      h(
        'tr',
        { role: 'row', 'aria-rowindex': 1 },
        column('name', t('enterprise')),
        head.severities.map((s) => column('figure', say(s.title))),
        column('figure', say(head.outcomeTitles.not_comparable)),
      ),
    ),
    body,
  );
  const figure = (n: number, kind: string, title: string) =>
    h(
      'td',
      { role: 'cell', class: 'col-figure' },
      n > 0
        ? h('span', { class: `badge ${kind}` }, h('span', { class: 'narrow-only' }, `${title} `), count(n))
        : h('span', { class: 'note' }, '0'),
    );
  const rows = new Rows({
    ...{ body, columns: 5 },
    draw(i) {
      const line = shown[i]!;
      const uscc = e.uscc[line.at]!;
      return h(
        'tr',
        { role: 'row' },
        h(
          'td',
          { role: 'cell', class: 'col-name' },
          h('a', { href: hashOf('enterprise', {}, uscc), class: 'open' }, bdi(e.name[line.at]!)),
          h('span', { class: 'code' }, uscc),
        ),
        head.severities.map((s, k) => figure(line.counts[k]!, s.id, say(s.title))),
        figure(line.unknown, 'neutral', say(head.outcomeTitles.not_comparable)),
      );
    },
  });
  const update = () => {
    const terms = normal(search.value).split(/\s+/).filter(Boolean);
    shown = all.filter(
      (x) =>
        (!only.checked || x.weight >= 1) &&
        terms.every((term) => normal(`${e.uscc[x.at]} ${e.name[x.at]}`).includes(term)),
    );
    fill(status, t('enterprises_shown', count(shown.length)));
    list.setAttribute('aria-rowcount', String(shown.length + 1));
    rows.show(shown.length);
  };
  const element = h(
    'div',
    { class: 'list' },
    h('h1', { class: 'unseen' }, t('enterprises')),
    h(
      'form',
      { class: 'filters card', role: 'search', 'aria-label': t('filters'), submit: (x: Event) => x.preventDefault() },
      h('div', { class: 'field grow' }, h('label', { for: 'enterprise-search' }, t('search')), search),
      h('label', { class: 'box' }, only, t('only_anomalous')),
    ),
    status,
    list,
  );
  return { element, shown: update, order: () => [], stop: () => rows.stop() };
}

function lineOf(store: Store, uscc: string, at: number) {
  const counts = store.head.severities.map(() => 0);
  for (const i of store.ofEnterprise.get(uscc) ?? []) counts[store.anomalies.severity[i]!]! += 1;
  const unknown = [...store.enterprises.outcomes[at]!].filter((o) => o === '2').length;
  // One graver anomaly outweighs any number of lesser ones that an enterprise can have.
  const weight = counts.reduce((sum, n) => sum * 1000 + n, 0);
  return { at, counts, unknown, weight: weight + unknown / 1000 };
}
