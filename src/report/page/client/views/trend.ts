import { BarChart } from 'chartist';
import type { PageHead, PageNight } from '../../data.js';
import { h } from '../dom.js';
import { count, say, t } from '../language.js';
import { section, table, wideTable } from '../pieces.js';

/** More bars than this cannot be told apart. */
const NIGHTS = 60;
/** Labels of the axis that stand side by side. */
const LABELS = 8;

export function trend(head: PageHead): HTMLElement {
  const { nights } = head;
  if (!nights) return section(t('trend'), h('p', { class: 'note' }, t('trend_none')));
  if (nights.length < 2) return section(t('trend'), h('p', { class: 'note' }, t('trend_first')));
  const shown = nights.filter((n) => !n.partial).slice(-NIGHTS);
  return section(
    t('trend'),
    h('p', { class: 'note' }, t('trend_note'), nights.length > NIGHTS && ` · ${t('trend_last', NIGHTS)}`),
    legend(head),
    chart(shown),
    h('details', null, h('summary', null, t('figures')), wideTable(t('trend'), nightsTable(head, nights))),
  );
}

const legend = ({ severities }: PageHead): HTMLElement =>
  h(
    'ul',
    { class: 'legend small', 'aria-hidden': 'true' },
    severities.map((s) => h('li', null, h('span', { class: `swatch ${s.id}` }), say(s.title))),
  );

/** The figures stand in the table below, for whoever does not see it. */
function chart(nights: readonly PageNight[]): HTMLElement {
  const box = h('div', { class: 'chart', role: 'img', 'aria-label': t('trend_note') });
  const every = Math.ceil(nights.length / LABELS);
  const drawn = new BarChart(
    box,
    {
      labels: nights.map((n, i) => ((nights.length - 1 - i) % every === 0 ? n.day.slice(5) : '')),
      series: (['red', 'yellow', 'blue'] as const).map((s) => ({
        className: `series-${s}`,
        data: nights.map((n) => n[s]),
      })),
    },
    {
      stackBars: true,
      height: 200,
      chartPadding: { top: 16, right: 4, bottom: 0, left: 8 },
      axisX: { showGrid: false, offset: 24 },
      axisY: { onlyInteger: true, offset: 40, scaleMinSpace: 28 },
    },
  );
  drawn.on('draw', (x) => {
    if (x.type !== 'bar') return;
    const width = Math.max(3, Math.min(28, (x.axisX.axisLength / nights.length) * 0.6));
    x.element.attr({ 'stroke-width': width });
  });
  return box;
}

export function nightsTable(head: PageHead, nights: readonly PageNight[]): HTMLTableElement {
  const states = (['new', 'persisting', 'reopened', 'resolved', 'not_comparable'] as const).map((id) => ({
    id,
    title: say(head.states.find((s) => s.id === id)?.title),
  }));
  const columns = [
    { title: t('day') },
    ...[t('found'), ...states.map((s) => s.title), ...head.severities.map((s) => say(s.title))].map((title) => ({
      title,
      number: true,
    })),
  ];
  const rows = [...nights]
    .reverse()
    .map((n) => [
      `${n.day}${n.partial ? t('partial') : ''}`,
      ...[n.found, ...states.map((s) => n[s.id]), n.red, n.yellow, n.blue].map(count),
    ]);
  return table(t('trend'), columns, rows);
}
