import { type Finding, median, percent } from './finding.js';
import type { CheckGuard } from './policy.js';

/** How a check came out in one night: enterprises it could judge, and those of them with an anomaly. */
export interface CheckFigures {
  check: string;
  judged: number;
  anomalous: number;
}

/** Whether so many anomalies are likelier the data's fault. `history`: shares of earlier nights, the newest first. */
export function guardCheck(f: CheckFigures, history: readonly number[], g: CheckGuard): Finding[] {
  if (g.action === 'off' || f.judged === 0 || f.anomalous < g.min_anomalies) return [];
  const share = f.anomalous / f.judged;
  const told = (guard: Finding['guard'], zh: string, en: string): Finding[] => [
    {
      of: f.check,
      guard,
      action: g.action as Finding['action'],
      text: {
        zh: `可比对 ${f.judged} 户中异常 ${f.anomalous} 户，占 ${percent(share)}，${zh}`,
        en: `${f.anomalous} of ${f.judged} enterprises are anomalous, ${percent(share)}: ${en}`,
      },
    },
  ];
  if (share > g.at_most) return told('share', `超过上限 ${percent(g.at_most)}`, `more than ${percent(g.at_most)}`);
  const last = history.slice(0, g.runs);
  if (last.length === 0) return [];
  const usual = median(last);
  if (share <= Math.max(usual, g.floor) * g.factor) return [];
  return told(
    'jump',
    `最近 ${last.length} 次的中位数为 ${percent(usual)}，超过其 ${g.factor} 倍`,
    `more than ${g.factor} times the median of the last ${last.length}, ${percent(usual)}`,
  );
}
