import { OUTCOMES, type Outcome } from '../../data.js';
import { bdi, h } from '../dom.js';
import { count, say, t } from '../language.js';
import { sorted } from '../order.js';
import { outcomeSign, section, severityBadge, stateBadge } from '../pieces.js';
import { printList } from '../print-list.js';
import { hashOf, here, hereWith } from '../route.js';
import { type Store, word } from '../store.js';
import type { Mounted } from './mounted.js';

/** One enterprise: its anomalies, and the outcome of every check. */
export function enterpriseView(store: Store): Mounted {
  const uscc = here().arg;
  const at = store.enterpriseAt.get(uscc);
  const found = sorted(store, store.ofEnterprise.get(uscc) ?? [], { by: 'urgency', down: false });
  const name = at === undefined ? store.anomalies.name[found[0] ?? -1] : store.enterprises.name[at];
  const back = h('p', null, h('a', { href: hashOf('enterprises') }, `← ${t('back')}`));
  if (name === undefined) {
    const element = h('div', null, back, h('h1', null, t('not_found')), h('p', null, t('no_such_enterprise', uscc)));
    return { element, order: () => [] };
  }
  const element = h(
    'div',
    { class: 'enterprise' },
    back,
    h('div', { class: 'lead' }, h('h1', null, bdi(name)), h('p', { class: 'code' }, uscc)),
    section(
      `${t('of_enterprise')} ${count(found.length)}`,
      found.length > 0 ? anomalies(store, found) : h('p', { class: 'note' }, t('no_anomaly')),
    ),
    at !== undefined && verdicts(store, store.enterprises.outcomes[at]!),
  );
  const paper = () =>
    h(
      'div',
      null,
      h('h1', null, bdi(name)),
      h('p', { class: 'code' }, uscc),
      h('h2', null, `${t('of_enterprise')} ${count(found.length)}`),
      found.length > 0 ? printList(store, found) : h('p', { class: 'note' }, t('no_anomaly')),
      at !== undefined && verdicts(store, store.enterprises.outcomes[at]!),
    );
  return { element, order: () => found, paper };
}

const anomalies = (store: Store, found: readonly number[]): HTMLElement =>
  h(
    'ul',
    { class: 'leads' },
    found.map((i) => {
      const { anomalies: a, head } = store;
      const check = head.checks[a.check[i]!]!;
      return h(
        'li',
        null,
        h(
          'p',
          { class: 'badges' },
          severityBadge(store, a.severity[i]!),
          stateBadge(store, a.state[i]!),
          h('span', { class: 'code' }, check.id),
        ),
        h('p', null, h('a', { href: hereWith('open', a.id[i]!), class: 'open' }, say(check.title))),
        h('p', { class: 'message' }, a.message[i]!),
        h(
          'p',
          { class: 'note' },
          say(head.departments[check.department]?.title),
          word(a.due, i) && ` · ${t('due')} ${word(a.due, i)}`,
        ),
      );
    }),
  );

function verdicts({ head }: Store, digits: string): HTMLElement {
  const outcomeAt = (i: number): Outcome => OUTCOMES[Number(digits[i])] ?? 'not_applicable';
  const themes = head.themes.map((theme, k) => {
    const checks = head.checks.map((c, i) => ({ ...c, outcome: outcomeAt(i) })).filter((c) => c.theme === k);
    const tally = (['anomaly', 'not_comparable', 'consistent', 'not_applicable'] as const)
      .map((o) => ({ o, n: checks.filter((c) => c.outcome === o).length }))
      .filter((x) => x.n > 0);
    return h(
      'section',
      { class: 'verdicts' },
      h('h3', null, say(theme.title)),
      h(
        'p',
        { class: 'tally' },
        tally.map(({ o, n }) => h('span', null, outcomeSign(o), ` ${say(head.outcomeTitles[o])} ${n}`)),
      ),
      h(
        'ul',
        null,
        checks.map((c) =>
          h(
            'li',
            { class: c.outcome },
            outcomeSign(c.outcome),
            h('span', { class: 'code' }, c.id),
            h('span', { class: 'grow' }, say(c.title)),
            h('span', { class: 'outcome' }, say(head.outcomeTitles[c.outcome])),
          ),
        ),
      ),
    );
  });
  const box = h('div', { class: 'themes' }, themes);
  const hide = h('input', { type: 'checkbox', change: () => box.classList.toggle('without-na', hide.checked) });
  return section(t('verdicts'), h('label', { class: 'box' }, hide, t('hide_na')), box);
}
