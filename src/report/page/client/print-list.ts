import { difference } from './difference.js';
import { h } from './dom.js';
import { say, t } from './language.js';
import { enterpriseLink, severityBadge, stateBadge } from './pieces.js';
import { type Store, word } from './store.js';
import { marked, sourceTitle } from './views/panel.js';

/** Anomalies as they go to paper, each with all its evidence; the header stands on every page. */
export const printList = (store: Store, shown: readonly number[]): HTMLElement =>
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
  );

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
