import { OUTCOMES, type PageHead } from '../../data.js';
import { type Child, h } from '../dom.js';
import { count, say, t } from '../language.js';
import { outcomeSign, section, table, wideTable } from '../pieces.js';
import { hashOf } from '../route.js';
import { heatMap } from './heat-map.js';
import { trend } from './trend.js';

/** What happened, in one screen. */
export function overview(head: PageHead): HTMLElement {
  return h(
    'div',
    { class: 'overview' },
    lead(head),
    h('div', { class: 'groups' }, found(head), outcomes(head), sourcesInShort(head)),
    since(head),
    section(t('heat'), h('p', { class: 'note' }, t('heat_note')), wideTable(t('heat'), heatMap(head))),
    h('div', { class: 'pair' }, trend(head), attention(head)),
  );
}

export function lead(head: PageHead): HTMLElement {
  const found = head.totals.anomalies.all;
  const figures = [head.enterprises, head.checks.length, found, head.enterprisesAnomalous].map(count);
  return h('div', { class: 'lead' }, h('h1', null, t('lead', ...figures)), h('p', { class: 'note' }, t('lead_note')));
}

export function countBySeverity(head: PageHead): number[] {
  return head.severities.map((_, s) => head.counts.filter((c) => c[2] === s).reduce((n, c) => n + c[3], 0));
}

interface Figure {
  title: string;
  value: string;
  href?: string;
  class?: string;
}

const figure = (f: Figure): HTMLElement => {
  const inner: Child[] = [h('span', { class: 'value' }, f.value), h('span', { class: 'name' }, f.title)];
  const kind = `figure ${f.class ?? ''}`;
  return h('li', null, f.href ? h('a', { class: kind, href: f.href }, inner) : h('div', { class: kind }, inner));
};

const group = (title: string, figures: readonly Figure[], note?: string): HTMLElement =>
  h(
    'section',
    { class: 'card group' },
    h('h2', null, title),
    figures.length > 0 && h('ul', { class: 'figures' }, figures.map(figure)),
    note && h('p', { class: 'note' }, note),
  );

function found(head: PageHead): HTMLElement {
  const counts = countBySeverity(head);
  return group(
    t('by_severity'),
    head.severities.map((s, i) => ({
      title: say(s.title),
      value: count(counts[i]!),
      href: hashOf('anomalies', { sev: s.id }),
      class: `severity ${s.id}`,
    })),
  );
}

function since(head: PageHead): HTMLElement {
  const l = head.ledger;
  if (!l) return group(t('no_ledger'), [], t('no_ledger_note'));
  const state = (id: 'new' | 'persisting' | 'reopened' | 'resolved' | 'not_comparable', n: number): Figure => {
    const gone = id === 'resolved' || id === 'not_comparable';
    return {
      title: say(head.states.find((s) => s.id === id)?.title),
      value: count(n),
      class: id,
      href: hashOf('anomalies', gone ? { list: 'gone', state: id } : { state: id }),
    };
  };
  return group(l.previous ? t('since', l.previous) : t('first_run'), [
    state('new', l.new),
    state('persisting', l.persisting),
    state('reopened', l.reopened),
    state('resolved', l.resolved),
    state('not_comparable', l.not_comparable),
    ...(l.not_covered > 0 ? [{ title: t('not_covered'), value: count(l.not_covered) }] : []),
    { title: t('overdue'), value: count(l.overdue), class: 'overdue', href: hashOf('anomalies', { overdue: '1' }) },
    ...(l.ineffective > 0
      ? [
          {
            title: t('ineffective'),
            value: count(l.ineffective),
            href: hashOf('anomalies', { disposal: 'ineffective' }),
          },
        ]
      : []),
    { title: t('needs_eyes'), value: count(l.needs_eyes) },
    { title: t('suppressed'), value: count(l.suppressed), href: hashOf('data') },
  ]);
}

function sourcesInShort(head: PageHead): HTMLElement {
  const sum = (of: 'quarantinedRows' | 'quarantinedFields' | 'unmatched') =>
    head.sources.reduce((n, s) => n + s[of], 0);
  const there = head.sources.filter((s) => s.delivered).length;
  const href = hashOf('data');
  const held = (head.guards?.held ?? []).reduce((n, x) => n + x[1], 0);
  return group(t('sources'), [
    { title: t('delivered'), value: t('of', there, head.sources.length), href },
    { title: t('quarantined_rows'), value: count(sum('quarantinedRows')), href },
    { title: t('quarantined_fields'), value: count(sum('quarantinedFields')), href },
    { title: t('unmatched'), value: count(sum('unmatched')), href },
    ...(held > 0 ? [{ title: t('held_back'), value: count(held), class: 'overdue', href }] : []),
  ]);
}

const SHOWN = [
  'consistent',
  'anomaly',
  'not_comparable',
  'not_applicable',
] as const satisfies readonly (typeof OUTCOMES)[number][];

export function outcomes(head: PageHead): HTMLElement {
  const all = OUTCOMES.reduce((n, o) => n + head.outcomes[o], 0);
  return section(
    t('outcomes'),
    h(
      'div',
      { class: 'bar', 'aria-hidden': 'true' },
      SHOWN.map((o) => {
        const part = h('span', { class: o });
        part.style.flexGrow = String(head.outcomes[o]);
        return part;
      }),
    ),
    h(
      'ul',
      { class: 'legend' },
      SHOWN.map((o) =>
        h(
          'li',
          null,
          outcomeSign(o),
          h('span', { class: 'name' }, say(head.outcomeTitles[o])),
          h('strong', null, count(head.outcomes[o])),
          h('span', { class: 'note' }, all === 0 ? '' : `${((100 * head.outcomes[o]) / all).toFixed(1)}%`),
        ),
      ),
    ),
    h('p', { class: 'note' }, t('outcomes_note', count(head.enterprises), count(head.checks.length), count(all))),
  );
}

/** Sources that are missing, or of which something was refused. */
function attention(head: PageHead): HTMLElement {
  const troubled = head.sources
    .filter((s) => !s.delivered || s.quarantinedRows + s.quarantinedFields + s.unmatched > 0)
    .sort((a, b) => weight(b) - weight(a));
  const link = h('p', null, h('a', { href: hashOf('data') }, t('all_sources')));
  if (troubled.length === 0) return section(t('attention'), h('p', { class: 'note' }, t('all_fine')), link);
  const rows = troubled
    .slice(0, 8)
    .map((s) => [
      say(s.title),
      s.delivered ? (s.date ?? '') : h('span', { class: 'state overdue' }, t('missing')),
      ...[s.rows, s.quarantinedRows, s.quarantinedFields, s.unmatched].map((n) => (n === 0 ? '–' : count(n))),
    ]);
  const columns = [
    { title: t('source') },
    { title: t('extract_date'), tight: true },
    ...(['rows', 'quarantined_rows', 'quarantined_fields', 'unmatched'] as const).map((k) => ({
      title: t(k),
      number: true,
    })),
  ];
  return section(t('attention'), wideTable(t('attention'), table(t('attention'), columns, rows)), link);
}

const weight = (s: PageHead['sources'][number]): number =>
  s.delivered ? 10 * s.quarantinedRows + s.quarantinedFields + s.unmatched : Number.MAX_SAFE_INTEGER;
