import { type Store, word } from './store.js';

export const ORDERS = ['urgency', 'severity', 'check', 'enterprise', 'department', 'state', 'due'] as const;
export type Order = (typeof ORDERS)[number];

export interface Sorting {
  by: Order;
  down: boolean;
}

export function sortingOf(params: URLSearchParams): Sorting {
  const by = ORDERS.find((x) => x === params.get('sort')) ?? 'urgency';
  return { by, down: params.get('down') === '1' };
}

/** Positions put in order; what is equal stays in the order of the list. */
export function sorted(s: Store, found: readonly number[], { by, down }: Sorting): number[] {
  const rank = rankOf(s, by);
  const turn = down ? -1 : 1;
  return [...found].sort((x, y) => (rank(x) - rank(y)) * turn || x - y);
}

function rankOf(s: Store, by: Order): (i: number) => number {
  const { anomalies: a, head } = s;
  const ineffective = head.disposals.findIndex((x) => x.id === 'ineffective');
  const late = (i: number) => a.overdue.at[i]! >= 0 || a.disposal[i] === ineffective;
  switch (by) {
    case 'urgency':
      // What is late comes first and what is suppressed last, the graver before the lesser.
      return (i) => (a.suppressed.at[i]! >= 0 ? 20 : late(i) ? 0 : 10) + a.severity[i]!;
    case 'severity':
      return (i) => a.severity[i]!;
    case 'check':
      return (i) => a.check[i]!;
    case 'department':
      return (i) => head.checks[a.check[i]!]!.department;
    case 'state':
      return (i) => a.state[i]!;
    case 'enterprise':
      return byText(a.name);
    case 'due':
      // Nothing due comes last.
      return byText(a.due.at.map((_, i) => word(a.due, i) || '9999'));
  }
}

const collator = new Intl.Collator('zh-CN');

/** Texts are compared once each, not at every step of sorting. */
function byText(texts: readonly string[]): (i: number) => number {
  const ranks = new Map([...new Set(texts)].sort(collator.compare).map((x, i) => [x, i]));
  return (i) => ranks.get(texts[i]!)!;
}
