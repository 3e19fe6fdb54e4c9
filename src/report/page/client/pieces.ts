import type { Outcome } from '../data.js';
import { bdi, type Child, h } from './dom.js';
import { say, t } from './language.js';
import { hashOf } from './route.js';
import type { Store } from './store.js';

/** Colour, and the word beside it. */
export const severityBadge = ({ head }: Pick<Store, 'head'>, severity: number): HTMLElement => {
  const s = head.severities[severity];
  return h('span', { class: `badge ${s?.id ?? ''}` }, say(s?.title));
};

export const stateBadge = ({ head }: Store, state: number): HTMLElement | null => {
  const s = head.states[state];
  return s ? h('span', { class: `state ${s.id}` }, say(s.title)) : null;
};

const SIGNS: Record<Outcome, string> = { consistent: '✓', anomaly: '!', not_comparable: '?', not_applicable: '–' };

export const outcomeSign = (o: Outcome): HTMLElement =>
  h('span', { class: `sign ${o}`, 'aria-hidden': 'true' }, SIGNS[o]);

export const enterpriseLink = (uscc: string, name: string): HTMLElement =>
  h('a', { href: hashOf('enterprise', {}, uscc) }, bdi(name));

export function section(title: string, ...children: Child[]): HTMLElement {
  return h('section', { class: 'card' }, h('h2', null, title), children);
}

/** A table that scrolls sideways where it is wider than the screen. */
export function wideTable(label: string, table: HTMLTableElement): HTMLElement {
  return h('div', { class: 'wide', role: 'region', 'aria-label': label, tabindex: 0 }, table);
}

export interface TableColumn {
  title: string;
  number?: boolean;
  /** Never broken into lines: days, short words. */
  tight?: boolean;
}

/** `roomy`: of long texts, so that it rather scrolls than breaks each of them into a column of letters. */
export function table(
  caption: string,
  columns: readonly TableColumn[],
  rows: readonly (readonly Child[])[],
  roomy = false,
): HTMLTableElement {
  return h(
    'table',
    { class: roomy ? 'plain roomy' : 'plain' },
    h('caption', { class: 'unseen' }, caption),
    h(
      'thead',
      null,
      h(
        'tr',
        null,
        columns.map((c) => h('th', { scope: 'col', class: c.number ? 'number' : null }, c.title)),
      ),
    ),
    h(
      'tbody',
      null,
      rows.map((cells) =>
        h(
          'tr',
          null,
          cells.map((c, i) =>
            h('td', { class: columns[i]?.number ? 'number' : columns[i]?.tight ? 'tight' : null }, c),
          ),
        ),
      ),
    ),
  );
}

export const loading = (): HTMLElement => h('p', { class: 'note', role: 'status' }, t('loading'));
