import type { PageHead } from '../../data.js';
import { type Child, h } from '../dom.js';
import { count, say, t } from '../language.js';
import { hashOf } from '../route.js';

/** Steps of the scale, of which 0 is nothing. */
const STEPS = 5;

/** Themes down, departments across: a table first, whose cells are shaded by their number. */
export function heatMap(head: PageHead, o: { links: boolean } = { links: true }): HTMLTableElement {
  const departments = head.departments
    .map((d, i) => ({ ...d, i }))
    .filter((d) => head.checks.some((c) => c.department === d.i));
  const number = (theme: number | undefined, department: number | undefined) =>
    head.counts.filter((c) => (theme ?? c[0]) === c[0] && (department ?? c[1]) === c[1]).reduce((n, c) => n + c[3], 0);
  const most = Math.max(1, ...head.themes.flatMap((_, i) => departments.map((d) => number(i, d.i))));
  const linked = (n: number, params: Record<string, string>, label: string): Child =>
    o.links && n > 0 ? h('a', { href: hashOf('anomalies', params), 'aria-label': label }, count(n)) : count(n);
  return h(
    'table',
    { class: 'heat' },
    h('caption', { class: 'unseen' }, t('heat')),
    h(
      'thead',
      null,
      h(
        'tr',
        null,
        h('th', { scope: 'col' }, t('theme')),
        departments.map((d) => h('th', { scope: 'col', class: 'number' }, say(d.title))),
        h('th', { scope: 'col', class: 'number' }, t('total')),
        h('th', { scope: 'col', class: 'number' }, t('compared')),
      ),
    ),
    h(
      'tbody',
      null,
      head.themes.map((theme, i) =>
        h(
          'tr',
          null,
          h('th', { scope: 'row' }, say(theme.title)),
          departments.map((d) => {
            if (!head.checks.some((c) => c.theme === i && c.department === d.i))
              return h('td', { class: 'number none' });
            const n = number(i, d.i);
            const label = `${say(theme.title)} · ${say(d.title)}: ${severities(head, i, d.i)}`;
            return h(
              'td',
              { class: `number heat-${step(n, most)}` },
              linked(n, { theme: theme.id, dept: d.id }, `${n}, ${label}`),
            );
          }),
          h(
            'td',
            { class: 'number sum' },
            linked(number(i, undefined), { theme: theme.id }, `${number(i, undefined)}, ${say(theme.title)}`),
          ),
          h('td', { class: 'number compared' }, count(theme.compared)),
        ),
      ),
    ),
    h(
      'tfoot',
      null,
      h(
        'tr',
        null,
        h('th', { scope: 'row' }, t('total')),
        departments.map((d) =>
          h(
            'td',
            { class: 'number' },
            linked(number(undefined, d.i), { dept: d.id }, `${number(undefined, d.i)}, ${say(d.title)}`),
          ),
        ),
        h('td', { class: 'number sum' }, count(number(undefined, undefined))),
        h('td', { class: 'number compared' }, count(head.enterprises)),
      ),
    ),
  );
}

/** By the root: a single crowded cell does not make all others look empty. */
const step = (n: number, most: number): number => (n === 0 ? 0 : Math.max(1, Math.ceil(STEPS * Math.sqrt(n / most))));

const severities = (head: PageHead, theme: number, department: number): string =>
  head.counts
    .filter((c) => c[0] === theme && c[1] === department)
    .map((c) => `${say(head.severities[c[2]]?.title)} ${c[3]}`)
    .join(', ');
