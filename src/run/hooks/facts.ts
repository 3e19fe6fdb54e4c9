import type { HookFact } from '../../config/project/hooks.js';
import type { RunReport } from '../tally.js';

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);

/** The run as single words and numbers, for templates and for a program's environment. */
export function hookFacts(r: RunReport): Record<HookFact, string> {
  const sources = Object.entries(r.sources);
  const facts = {
    run: r.run,
    outcome: r.outcome,
    exit: r.exit,
    as_of: r.as_of,
    host: r.host,
    out: r.out,
    started: r.started,
    seconds: r.seconds,
    enterprises: r.enterprises,
    anomalies: r.anomalies,
    red: r.by_severity.red,
    yellow: r.by_severity.yellow,
    blue: r.by_severity.blue,
    new: r.by_state.new,
    persisting: r.by_state.persisting,
    reopened: r.by_state.reopened,
    resolved: r.by_state.resolved,
    not_comparable: r.by_state.not_comparable,
    rows: sum(sources.map(([, s]) => s.rows)),
    quarantined: sum(sources.map(([, s]) => s.quarantined)),
    missing_sources: sources
      .filter(([, s]) => !s.delivered)
      .map(([id]) => id)
      .join(', '),
    guards: r.guards.stopped + r.guards.held,
    problems: r.problems.join('\n'),
    text: textOf(r),
  };
  return Object.fromEntries(Object.entries(facts).map(([k, v]) => [k, String(v ?? '')])) as Record<HookFact, string>;
}

/** One or two lines for a chat window. */
function textOf(r: RunReport): string {
  if (r.outcome !== 'ok') {
    return `比对未完成（${r.host}，基准日 ${r.as_of || '未知'}，退出码 ${r.exit}）：${r.problems[0] ?? '原因见日志'}`;
  }
  const { red = 0, yellow = 0, blue = 0 } = r.by_severity;
  const kept = r.guards.stopped + r.guards.held;
  const life = r.by_state.new === undefined ? '' : `，新增 ${r.by_state.new}，已消除 ${r.by_state.resolved ?? 0}`;
  return `比对完成（基准日 ${r.as_of}）：${r.enterprises} 户企业，疑似异常 ${r.anomalies} 条（红 ${red}，黄 ${yellow}，蓝 ${blue}）${life}${kept > 0 ? `；数据护栏拦下 ${kept} 项` : ''}；用时 ${Math.round(r.seconds)} 秒`;
}
