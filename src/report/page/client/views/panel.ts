import type { Bilingual, Coded } from '../../data.js';
import { difference, type Piece } from '../difference.js';
import { bdi, type Child, fill, h } from '../dom.js';
import { count, say, t } from '../language.js';
import { enterpriseLink, severityBadge, stateBadge } from '../pieces.js';
import { type Store, word } from '../store.js';

/** One anomaly with all that is known of it. */
export function anomalyDetail(store: Store, i: number): HTMLElement {
  const { anomalies: a, head } = store;
  const check = head.checks[a.check[i]!]!;
  return h(
    'div',
    { class: 'detail' },
    h('p', { class: 'message' }, a.message[i]!),
    h('h3', null, t('evidence')),
    sides(store, i),
    a.other[i] && [
      h('h3', null, t('other_evidence')),
      h(
        'ul',
        { class: 'others' },
        itemsOf(a.other[i]!).map((x) => h('li', null, x)),
      ),
    ],
    h('h3', null, t('advice')),
    h('p', null, say(check.advice)),
    h('h3', null, t('basis')),
    h('p', null, say(check.basis) || '–'),
    h('h3', null, t('handling')),
    handling(store, i),
    h('h3', null, t('rule')),
    facts([
      [t('theme'), say(head.themes[check.theme]?.title)],
      [t('item'), say(check.item)],
      [t('key_point'), say(check.keyPoint)],
      [t('classification'), say(check.classification)],
      [t('about'), a.about[i]!],
      [t('anomaly_id'), h('span', { class: 'code' }, a.id[i]!)],
    ]),
  );
}

export function anomalyTitle(store: Store, i: number): Child[] {
  const { anomalies: a, head } = store;
  const check = head.checks[a.check[i]!]!;
  return [
    h(
      'p',
      { class: 'badges' },
      severityBadge(store, a.severity[i]!),
      stateBadge(store, a.state[i]!),
      h('span', { class: 'code' }, check.id),
    ),
    h('h2', { id: 'panel-title', tabindex: -1, autofocus: true }, say(check.title)),
    h('p', null, enterpriseLink(a.uscc[i]!, a.name[i]!), ' ', h('span', { class: 'code' }, a.uscc[i]!)),
  ];
}

interface Side {
  letter: string;
  label?: Bilingual;
  value: string;
  source: string;
  file: string;
  row: number | null;
}

function sides(store: Store, i: number): HTMLElement {
  const { anomalies: a, head } = store;
  const labels = head.checks[a.check[i]!]!.labels;
  const one = (letter: string, k: number, value: string, source: Coded, file: Coded, row: number | null): Side => ({
    ...{ letter, label: labels[k], value, row },
    ...{ source: sourceTitle(store, word(source, i)), file: word(file, i) },
  });
  const both = [
    one('A', 0, a.aValue[i]!, a.aSource, a.aFile, a.aRow[i] ?? null),
    one('B', 1, a.bValue[i]!, a.bSource, a.bFile, a.bRow[i] ?? null),
  ].filter((s) => s.value !== '' || s.file !== '');
  const cut = both.length === 2 ? difference(both[0]!.value, both[1]!.value) : undefined;
  return h(
    'div',
    null,
    h(
      'div',
      { class: 'sides' },
      both.map((s, k) => sideCard(s, cut ? (k === 0 ? cut.a : cut.b) : [{ text: s.value, differs: false }])),
    ),
    h('p', { class: 'note' }, both.length < 2 ? t('no_second') : cut?.marked ? t('differs') : ''),
  );
}

const sideCard = (s: Side, pieces: readonly Piece[]): HTMLElement =>
  h(
    'div',
    { class: 'side' },
    h('p', { class: 'side-source' }, h('span', { class: 'letter', 'aria-hidden': 'true' }, s.letter), s.source || '–'),
    h('p', { class: 'side-label' }, say(s.label)),
    h('p', { class: 'side-value', 'data-side': s.letter }, h('bdi', null, marked(pieces))),
    s.file &&
      h('p', { class: 'side-place' }, h('span', { class: 'file' }, s.file), s.row !== null && ` ${t('row_n', s.row)}`),
  );

export const marked = (pieces: readonly Piece[]): Child[] =>
  pieces.map((p) => (p.differs ? h('mark', null, p.text) : p.text));

/** The title of a source as the run wrote it, in the language of the page. */
export function sourceTitle({ head }: Store, written: string): string {
  const source = head.sources.find((s) => s.title[head.lang] === written);
  return source ? say(source.title) : written;
}

/** Each piece of evidence ends with its place in brackets, but for those that have none. */
const itemsOf = (text: string): string[] => text.split(/(?<=）)；|(?<=\)); /);

function handling(store: Store, i: number): HTMLElement {
  const { anomalies: a, head } = store;
  const check = head.checks[a.check[i]!]!;
  const helping = check.helping.map((d) => say(head.departments[d]?.title)).join(' · ');
  const known: [string, Child][] =
    a.state[i]! < 0
      ? [[t('state'), t('not_followed')]]
      : [
          [
            t('due'),
            [word(a.due, i), word(a.overdue, i) && [' ', h('span', { class: 'state overdue' }, word(a.overdue, i))]],
          ],
          [t('first_seen'), word(a.firstSeen, i)],
          [t('runs'), count(a.runs[i]!)],
          [t('disposal'), say(head.disposals[a.disposal[i]!]?.title)],
          [t('handled_by'), word(a.handledBy, i) && bdi(word(a.handledBy, i))],
          [t('handled_on'), word(a.handledOn, i)],
          [t('note'), a.note[i]!],
          [t('suppressed'), word(a.suppressed, i)],
        ];
  return facts([[t('department'), say(head.departments[check.department]?.title)], [t('helping'), helping], ...known]);
}

const facts = (all: readonly [string, Child][]): HTMLElement =>
  h(
    'dl',
    { class: 'facts' },
    all
      .filter(([, v]) => v !== '' && v !== undefined)
      .map(([k, v]) => h('div', null, h('dt', null, k), h('dd', null, v))),
  );

export interface PanelEvents {
  closed(): void;
  /** Another anomaly, by where it stands in the list. */
  step(to: number): void;
}

/** The panel at the side: a dialog, which keeps the keyboard and gives it back. */
export class Panel {
  readonly element = h('dialog', { class: 'panel', 'aria-labelledby': 'panel-title' });

  constructor(private readonly on: PanelEvents) {
    this.element.addEventListener('close', () => this.on.closed());
    // A click beside the panel closes it.
    this.element.addEventListener('click', (e) => {
      if (e.target === this.element) this.element.close();
    });
  }

  show(store: Store, i: number, order: readonly number[]): void {
    const at = order.indexOf(i);
    const step = (by: number, key: 'previous' | 'next', sign: string) =>
      h(
        'button',
        {
          type: 'button',
          class: 'quiet',
          'data-step': key,
          disabled: order[at + by] === undefined,
          'aria-label': t(key),
          click: () => this.on.step(order[at + by]!),
        },
        sign,
      );
    const focused = (document.activeElement as HTMLElement | null)?.dataset?.step;
    fill(
      this.element,
      h(
        'div',
        { class: 'panel-inner' },
        h(
          'header',
          null,
          h('div', { class: 'panel-title' }, anomalyTitle(store, i)),
          h(
            'div',
            { class: 'panel-buttons' },
            at >= 0 && [
              step(-1, 'previous', '↑'),
              step(1, 'next', '↓'),
              h('span', { class: 'note' }, t('position', count(at + 1), count(order.length))),
            ],
            h(
              'button',
              { type: 'button', class: 'quiet close', 'aria-label': t('close'), click: () => this.element.close() },
              '✕',
            ),
          ),
        ),
        anomalyDetail(store, i),
      ),
    );
    if (!this.element.open) this.element.showModal();
    this.element.scrollTop = 0;
    if (focused) this.element.querySelector<HTMLElement>(`[data-step="${focused}"]:not(:disabled)`)?.focus();
  }

  hide(): void {
    if (this.element.open) this.element.close();
  }
}
