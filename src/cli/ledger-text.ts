import type { Lang } from '../config/text.js';
import type { FeedbackLine, LedgerSummary, SuppressionLine } from '../ledger/summary.js';
import { table } from './table.js';

const WORDS = {
  zh: {
    life: (l: LedgerSummary) =>
      `与${l.previous ? `上次（${l.previous}）` : '台账（首次）'}相比：新增 ${l.new}，持续 ${l.persisting}，复现 ${l.reopened}（三者之和即本次发现 ${l.found}）；已消除 ${l.resolved}，无法比对 ${l.not_comparable}（仍未了结，见 followed.csv）${l.not_covered > 0 ? `，本次未查 ${l.not_covered}` : ''}`,
    work: (l: LedgerSummary) =>
      `待核查 ${l.needs_eyes} 条，逾期 ${l.overdue} 条，整改未见效 ${l.ineffective} 条，已抑制 ${l.suppressed} 条`,
    suppressions: ['抑制编号', '对象', '负责人', '原因', '至', '未了结异常'],
    feedback: ['规则', '已有结论', '误报', '误报率', '数据问题'],
    none: '未使用台账：加 --state bidui.duckdb 即可逐夜跟踪新增、持续、已消除',
  },
  en: {
    life: (l: LedgerSummary) =>
      `Since ${l.previous ?? 'never (first night)'}: ${l.new} new, ${l.persisting} persisting, ${l.reopened} reopened (together the ${l.found} found); ${l.resolved} resolved, ${l.not_comparable} not comparable (still open, see followed.csv)${l.not_covered > 0 ? `, ${l.not_covered} not looked for` : ''}`,
    work: (l: LedgerSummary) =>
      `${l.needs_eyes} to be checked, ${l.overdue} overdue, ${l.ineffective} rectified but still found, ${l.suppressed} suppressed`,
    suppressions: ['Suppression', 'Of', 'Owner', 'Reason', 'Until', 'Open anomalies'],
    feedback: ['Check', 'Concluded', 'False alarms', 'Rate', 'Data problems'],
    none: 'No ledger: add --state bidui.duckdb to follow anomalies from night to night',
  },
} as const;

/** What the ledger adds to the summary. Suppressions are always all listed: nothing is left out in silence. */
export function ledgerText(l: LedgerSummary | undefined, lang: Lang, width?: number): string[] {
  const w = WORDS[lang];
  if (!l) return [w.none];
  const alarms = l.feedback_by_check.filter((f) => f.false_alarms > 0);
  return [
    w.life(l),
    w.work(l),
    ...(l.suppressions.length > 0 ? ['', table(w.suppressions, l.suppressions.map(suppressionRow), { width })] : []),
    ...(alarms.length > 0 ? ['', table(w.feedback, alarms.map(feedbackRow), { width })] : []),
  ];
}

const suppressionRow = (s: SuppressionLine): (string | number)[] => [
  s.number,
  scopeOf(s),
  s.owner,
  s.reason,
  s.until,
  s.anomalies,
];

const feedbackRow = (f: FeedbackLine): (string | number)[] => [
  f.check,
  f.concluded,
  f.false_alarms,
  percent(f.false_alarm_rate),
  f.data_issues,
];

export const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** An anomaly, an enterprise, a check, or a check at an enterprise. */
export const scopeOf = (s: { anomaly: string | null; uscc: string | null; check: string | null }): string =>
  s.anomaly ?? [s.uscc, s.check].filter(Boolean).join(' × ');
