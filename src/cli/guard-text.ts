import type { Lang } from '../config/text.js';
import type { GuardSummary, Summary } from '../report/summary.js';

const WORDS = {
  zh: {
    calm: '数据护栏：未触发',
    off: '（未使用台账：数据量、列增减、异常突增等与历史相比的护栏未启用）',
    stopped: (title: string, id: string, why: string) => `数据护栏：数据源 ${title}（${id}）按未到数处理：${why}`,
    held: (title: string, id: string, n: number, why: string) =>
      `数据护栏：规则 ${id} ${title} 疑似数据问题，${n} 条异常暂不下发（见 held-back.csv）：${why}`,
    how: '处理办法：请部门重新导出后再运行；确认无误的，加 --accept <数据源或规则编号>',
    warned: (n: number) => `数据护栏：另有 ${n} 项提示`,
    accepted: (id: string) => `数据护栏：${id} 已人工确认放行`,
    join: '；',
  },
  en: {
    calm: 'Guards on data: nothing found',
    off: ' (no ledger: guards that compare with earlier nights, on volume, columns and jumps, are off)',
    stopped: (title: string, id: string, why: string) =>
      `Guard: source ${title} (${id}) counts as not delivered: ${why}`,
    held: (title: string, id: string, n: number, why: string) =>
      `Guard: check ${id} ${title} is likely a data problem, ${n} anomalies are held back (see held-back.csv): ${why}`,
    how: 'What to do: have the extract made again and run again; if it is right as it is, add --accept <source or check>',
    warned: (n: number) => `Guards: ${n} more to look at`,
    accepted: (id: string) => `Guard: ${id} was let in because somebody said so`,
    join: '; ',
  },
} as const;

/** What guards kept back, in the summary. */
export function guardText(g: GuardSummary | undefined, lang: Lang): string[] {
  if (!g) return [];
  const w = WORDS[lang];
  const off = g.with_history ? '' : w.off;
  const of = (id: string) => g.findings.filter((f) => f.of === id && f.action !== 'warn');
  const why = (id: string) =>
    of(id)
      .map((f) => f.text)
      .join(w.join);
  const title = (id: string) => of(id)[0]?.title ?? id;
  const accepted = [...new Set(g.findings.filter((f) => f.accepted).map((f) => f.of))];
  const warned = g.findings.filter((f) => f.action === 'warn').length;
  const lines = [
    ...g.stopped.map((id) => w.stopped(title(id), id, why(id))),
    ...g.held.map((h) => w.held(title(h.check), h.check, h.anomalies, why(h.check))),
    ...(g.stopped.length + g.held.length > 0 ? [w.how] : []),
    ...accepted.map(w.accepted),
    ...(warned > 0 ? [w.warned(warned)] : []),
  ];
  return lines.length > 0 ? [...lines.slice(0, -1), `${lines.at(-1)}${off}`] : [`${w.calm}${off}`];
}

/** Findings that change nothing, beside the other warnings. */
export const guardWarnings = (s: Summary): string[] =>
  (s.guards?.findings ?? []).filter((f) => f.action === 'warn').map((f) => `${f.title} (${f.of}): ${f.text}`);

export const keptBack = (s: Summary): boolean => (s.guards?.stopped.length ?? 0) + (s.guards?.held.length ?? 0) > 0;
