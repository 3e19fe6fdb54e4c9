import type { Named } from '../../data.js';
import { type Child, h } from '../dom.js';
import type { Filter } from '../filter.js';
import { say, t } from '../language.js';
import { ORDERS, type Sorting } from '../order.js';
import type { Store } from '../store.js';

export interface BarEvents {
  filter(name: keyof Filter, value: string): void;
  sort(to: Sorting): void;
  clear(): void;
}

/** What the anomalies can be narrowed by. The list's own header sorts; where it is not shown, the last box does. */
export function filterBar(store: Store, f: Filter, sorting: Sorting, on: BarEvents): HTMLElement {
  const { head } = store;
  const search = h('input', {
    type: 'search',
    value: f.q,
    placeholder: t('search_hint'),
    input: () => later(() => on.filter('q', search.value)),
  });
  const used = (all: readonly Named[], of: (c: (typeof head.checks)[number]) => number) =>
    all.filter((_, i) => head.checks.some((c) => of(c) === i));
  const followed = head.ledger !== null || store.anomalies.state.some((x) => x >= 0);
  const states = head.states.filter((s) => ['new', 'persisting', 'reopened'].includes(s.id));
  const more = h(
    'div',
    { class: 'more', id: 'more-filters' },
    severityBoxes(store, f, on),
    choice('theme', t('theme'), head.themes, f.theme, on),
    choice(
      'dept',
      t('department'),
      used(head.departments, (c) => c.department),
      f.dept,
      on,
    ),
    checkChoice(store, f, on),
    followed && choice('state', t('state'), states, f.state, on),
    followed && choice('disposal', t('disposal'), head.disposals, f.disposal, on),
    followed && box('overdue', t('only_overdue'), f.overdue === '1', (yes) => on.filter('overdue', yes ? '1' : '')),
    followed &&
      box('suppressed', t('with_suppressed'), f.suppressed !== '0', (yes) => on.filter('suppressed', yes ? '' : '0')),
    sortChoice(sorting, on),
    h('button', { type: 'button', class: 'quiet', click: on.clear }, t('clear')),
  );
  // On a phone the list comes first, and what narrows it on demand.
  const opener = h(
    'button',
    {
      type: 'button',
      class: 'quiet narrow-only',
      'aria-expanded': 'false',
      'aria-controls': 'more-filters',
      click: () => opener.setAttribute('aria-expanded', String(more.classList.toggle('open'))),
    },
    t('filters'),
  );
  return h(
    'form',
    { class: 'filters card', role: 'search', 'aria-label': t('filters'), submit: (e: Event) => e.preventDefault() },
    labelled('search', t('search'), search, 'grow'),
    opener,
    more,
  );
}

const labelled = (id: string, label: string, control: HTMLElement, more = ''): HTMLElement => {
  control.id = `filter-${id}`;
  return h('div', { class: `field ${more}` }, h('label', { for: control.id }, label), control);
};

const option = (value: string, text: string, chosen: string): HTMLOptionElement =>
  h('option', { value, selected: value === chosen }, text);

function choice(name: keyof Filter, label: string, all: readonly Named[], chosen: string, on: BarEvents): HTMLElement {
  return select(name, label, [option('', t('all'), chosen), all.map((x) => option(x.id, say(x.title), chosen))], on);
}

function select(name: keyof Filter, label: string, options: Child[], on: BarEvents): HTMLElement {
  const control: HTMLSelectElement = h('select', { change: () => on.filter(name, control.value) }, options);
  return labelled(name, label, control);
}

/** The checks under their themes. */
function checkChoice({ head }: Store, f: Filter, on: BarEvents): HTMLElement {
  const groups = head.themes.map((theme, i) =>
    h(
      'optgroup',
      { label: say(theme.title) },
      head.checks.filter((c) => c.theme === i).map((c) => option(c.id, `${c.id} ${say(c.title)}`, f.check)),
    ),
  );
  return select('check', t('check'), [option('', t('all'), f.check), groups], on);
}

function severityBoxes({ head }: Store, f: Filter, on: BarEvents): HTMLElement {
  const chosen = new Set(f.sev.split(',').filter(Boolean));
  const toggle = (id: string, yes: boolean) => {
    if (yes) chosen.add(id);
    else chosen.delete(id);
    on.filter('sev', head.severities.flatMap((s) => (chosen.has(s.id) ? [s.id] : [])).join(','));
  };
  return h(
    'fieldset',
    { class: 'field' },
    h('legend', null, t('severity')),
    h(
      'div',
      { class: 'toggles' },
      head.severities.map((s) => {
        const input: HTMLInputElement = h('input', {
          type: 'checkbox',
          checked: chosen.has(s.id),
          change: () => toggle(s.id, input.checked),
        });
        return h('label', { class: `toggle ${s.id}` }, input, h('span', null, say(s.title)));
      }),
    ),
  );
}

function box(id: string, label: string, checked: boolean, change: (yes: boolean) => void): HTMLElement {
  const input: HTMLInputElement = h('input', {
    id: `filter-${id}`,
    type: 'checkbox',
    checked,
    change: () => change(input.checked),
  });
  return h('label', { class: 'box' }, input, label);
}

function sortChoice({ by, down }: Sorting, on: BarEvents): HTMLElement {
  const names = {
    urgency: t('by_urgency'),
    ...{ severity: t('severity'), check: t('check'), enterprise: t('enterprise') },
    ...{ department: t('department'), state: t('state'), due: t('due') },
  };
  const control: HTMLSelectElement = h(
    'select',
    {
      change: () => {
        const [to, turn] = control.value.split(' ');
        on.sort({ by: ORDERS.find((x) => x === to) ?? 'urgency', down: turn === 'down' });
      },
    },
    ORDERS.flatMap((x) => [
      option(x, `${names[x]} ↑`, down ? '' : by),
      option(`${x} down`, `${names[x]} ↓`, down ? `${by} down` : ''),
    ]),
  );
  return labelled('sort', t('sort'), control, 'narrow-only');
}

let timer = 0;
/** Not at every key: a list of 50,000 is searched when the typing rests. */
function later(work: () => void): void {
  clearTimeout(timer);
  timer = window.setTimeout(work, 150);
}
