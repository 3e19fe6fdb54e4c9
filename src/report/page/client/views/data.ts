import type { PageGuards } from '../../data.js';
import { bdi, h } from '../dom.js';
import { count, say, t } from '../language.js';
import { section, table, wideTable } from '../pieces.js';
import { type Store, word } from '../store.js';
import type { Mounted } from './mounted.js';
import { pager } from './pager.js';
import { sourceTitle } from './panel.js';

/** What the run was made from, what of it was refused, and what is left out of the work lists. */
export function dataView(store: Store): Mounted {
  const { head } = store;
  const element = h(
    'div',
    null,
    h('h1', { class: 'unseen' }, t('data')),
    section(t('sources'), h('p', { class: 'note' }, t('rows_add_up')), sources(store)),
    section(t('quarantine'), quarantine(store)),
    head.guards && section(t('guards'), h('p', { class: 'note' }, t('guards_note')), guards(head.guards)),
    head.ledger && head.ledger.suppressions.length > 0 && section(t('suppressions'), suppressions(store)),
  );
  return { element, order: () => [] };
}

function sources({ head }: Store): HTMLElement {
  const numbers = ['rows', 'loaded', 'quarantined_rows', 'duplicates', 'quarantined_fields', 'unmatched'] as const;
  const columns = [
    ...(['source', 'provider', 'delivered', 'extract_date'] as const).map((k) => ({ title: t(k), tight: true })),
    ...numbers.map((k) => ({ title: t(k), number: true })),
  ];
  const rows = head.sources.map((s) => [
    say(s.title),
    say(s.department),
    s.delivered ? t('yes') : h('span', { class: 'state overdue' }, t('missing')),
    s.date ?? '–',
    ...[s.rows, s.loaded, s.quarantinedRows, s.duplicates, s.quarantinedFields, s.unmatched].map((n, k) =>
      n === 0 ? h('span', { class: 'note' }, '0') : k === 2 || k === 4 ? h('strong', null, count(n)) : count(n),
    ),
  ]);
  return wideTable(t('sources'), table(t('sources'), columns, rows));
}

function quarantine(store: Store): HTMLElement {
  const { quarantine: q, head } = store;
  if (q.raw.length === 0) return h('p', { class: 'note' }, t('quarantine_none'));
  const { all, held } = head.totals.quarantine;
  const columns = (['source', 'file', 'row', 'scope', 'field', 'raw', 'explanation', 'fix'] as const).map((k) => ({
    title: t(k),
    number: k === 'row',
  }));
  const draw = (from: number, to: number) =>
    wideTable(
      t('quarantine'),
      table(
        t('quarantine'),
        columns,
        q.raw.slice(from, to).map((raw, k) => {
          const i = from + k;
          return [
            sourceTitle(store, word(q.source, i)),
            word(q.file, i),
            q.row[i] ?? '',
            word(q.scope, i),
            word(q.field, i),
            raw && bdi(raw),
            word(q.explanation, i),
            word(q.fix, i),
          ];
        }),
        true,
      ),
    );
  return h(
    'div',
    null,
    held < all && h('p', { class: 'note' }, t('quarantine_held', count(held), count(all))),
    pager(q.raw.length, draw),
  );
}

function guards({ findings }: PageGuards): HTMLElement {
  if (findings.length === 0) return h('p', null, t('guards_fine'));
  const columns = (['guard_of', 'guard_action', 'reason'] as const).map((k) => ({ title: t(k) }));
  const rows = findings.map((f) => [
    [h('span', { class: 'code' }, f.of.id), ' ', say(f.of.title)],
    h(
      'span',
      { class: `state ${f.action === 'warn' || f.accepted ? '' : 'overdue'}` },
      f.accepted ? t('guard_accepted') : t(`guard_${f.action}`),
    ),
    f.text,
  ]);
  return wideTable(t('guards'), table(t('guards'), columns, rows));
}

function suppressions({ head }: Store): HTMLElement {
  const columns = [
    { title: t('number'), number: true },
    ...(['covers', 'owner', 'reason', 'until'] as const).map((k) => ({ title: t(k) })),
    { title: t('anomalies'), number: true },
  ];
  const rows = (head.ledger?.suppressions ?? []).map((s) => [
    s.number,
    [s.anomaly, s.uscc, s.check].filter(Boolean).join(' · '),
    bdi(s.owner),
    bdi(s.reason),
    s.until,
    count(s.anomalies),
  ]);
  return wideTable(t('suppressions'), table(t('suppressions'), columns, rows));
}
