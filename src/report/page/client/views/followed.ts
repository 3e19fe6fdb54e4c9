import { h } from '../dom.js';
import { say, t } from '../language.js';
import { enterpriseLink, severityBadge, stateBadge, table, wideTable } from '../pieces.js';
import { type Store, word } from '../store.js';
import { pager } from './pager.js';

/** Known from earlier runs, and not found in this one: gone, or nobody can tell. */
export function followedList(store: Store, state: string): HTMLElement {
  const { followed: f, head } = store;
  const wanted = head.states.findIndex((s) => s.id === state);
  const chosen = f.id.map((_, i) => i).filter((i) => wanted < 0 || f.state[i] === wanted);
  const columns = (
    ['state', 'severity', 'enterprise', 'check', 'reason', 'message', 'first_seen', 'last_seen'] as const
  ).map((k) => ({ title: t(k), tight: k.endsWith('_seen') }));
  return pager(chosen.length, (from, to) =>
    wideTable(
      t('gone'),
      table(
        t('gone'),
        columns,
        chosen.slice(from, to).map((i) => {
          const check = head.checks[f.check[i]!];
          return [
            stateBadge(store, f.state[i]!),
            severityBadge(store, f.severity[i]!),
            enterpriseLink(f.uscc[i]!, f.name[i]!),
            check ? [h('span', { class: 'code' }, check.id), ' ', say(check.title)] : '',
            say(head.reasons[f.reason[i]!]?.title),
            f.message[i]!,
            word(f.firstSeen, i),
            word(f.lastSeen, i),
          ];
        }),
        true,
      ),
    ),
  );
}
