import type { Lang } from '../config/text.js';
import { EXIT } from '../errors.js';
import type { AnomalyHistory, HistoryEntry } from '../ledger/history.js';
import { EVENTS, FEEDBACK, REASONS, STATES } from '../ledger/words.js';
import { history } from '../run/history.js';
import { loadChecks } from '../run/load-checks.js';
import { asOfOf, checksDirOf, langOf, oneOf } from './options.js';
import { type Output, printable } from './output.js';
import type { WithProject } from './project.js';
import { stateOf } from './state.js';
import { table } from './table.js';

interface HistoryCommandOptions extends WithProject {
  state?: string;
  checks?: string;
  enterprise?: string;
  check?: string;
  anomaly?: string;
  since?: string;
  format: string;
  lang: string;
}

const WORDS = {
  zh: {
    nights: [
      '基准日',
      '范围',
      '企业',
      '发现',
      '新增',
      '持续',
      '复现',
      '已消除',
      '无法比对',
      '红',
      '黄',
      '蓝',
      '未到数据源',
    ],
    none: '台账中没有符合条件的异常',
    feedback: '反馈',
    suppressed: '抑制',
    unsuppressed: '解除抑制',
    assigned: '派单',
    head: (a: AnomalyHistory) =>
      `首次发现 ${a.first_seen}，最近发现 ${a.last_seen}，共 ${a.runs} 次${a.reopened > 0 ? `，复现 ${a.reopened} 次` : ''}`,
  },
  en: {
    nights: [
      'As of',
      'Covering',
      'Enterprises',
      'Found',
      'New',
      'Persisting',
      'Reopened',
      'Resolved',
      'Not comparable',
      'Red',
      'Yellow',
      'Blue',
      'Sources missing',
    ],
    none: 'the ledger has no such anomaly',
    feedback: 'feedback',
    suppressed: 'suppressed',
    unsuppressed: 'suppression ended',
    assigned: 'assigned',
    head: (a: AnomalyHistory) =>
      `first found ${a.first_seen}, last found ${a.last_seen}, ${a.runs} times${a.reopened > 0 ? `, came back ${a.reopened} times` : ''}`,
  },
} as const;

export async function historyCommand(options: HistoryCommandOptions, output: Output): Promise<number> {
  const lang = langOf(options.lang);
  const format = oneOf('--format', options.format, ['table', 'json'] as const);
  const since = options.since === undefined ? undefined : asOfOf(options.since, '--since');
  const filter = {
    uscc: options.enterprise?.trim().toUpperCase(),
    check: options.check?.trim().toUpperCase(),
    anomaly: options.anomaly?.trim().toUpperCase(),
    since,
  };
  const whole = !filter.uscc && !filter.check && !filter.anomaly;
  const { nights, anomalies } = await history({
    ...{ state: stateOf(options), filter, lang },
    maskingFile: options.loadedProject?.settings.reports?.masking,
    checks: () => loadChecks(checksDirOf(options)),
  });
  if (format === 'json') {
    output.out(JSON.stringify({ nights, anomalies }, null, 2));
    return EXIT.ok;
  }
  const w = WORDS[lang];
  if (whole) {
    output.out(
      table(
        w.nights,
        nights.map((n) => [
          n.as_of, n.coverage, n.enterprises, n.found, n.new, n.persisting, n.reopened, n.resolved, n.not_comparable,
          n.red, n.yellow, n.blue, n.missing_sources.join(', '),
        ]), // biome-ignore format: one row
        { width: output.columns },
      ),
    );
    if (!since) return EXIT.ok;
    output.out('');
  }
  output.out(anomalies.length === 0 ? w.none : anomalies.map((a) => historyText(a, lang)).join('\n\n'));
  return EXIT.ok;
}

/** One anomaly: what it is, and line by line what happened to it. */
export function historyText(a: AnomalyHistory, lang: Lang): string {
  const w = WORDS[lang];
  const reason = word(REASONS, a.reason, lang);
  const state = `${word(STATES, a.state, lang)}${reason ? (lang === 'zh' ? `（${reason}）` : ` (${reason})`) : ''}`;
  const lines = a.entries.map((e) => `  ${e.on}  ${entryText(e, lang)}`);
  return printable(
    [`${a.id}  ${a.enterprise} ${a.uscc}${a.about ? `  ${a.about}` : ''}`, `  ${state}  ${w.head(a)}`, ...lines].join(
      '\n',
    ),
  );
}

function entryText(e: HistoryEntry, lang: Lang): string {
  const w = WORDS[lang];
  const colon = lang === 'zh' ? '：' : ': ';
  if (e.kind === 'feedback') {
    return [`${w.feedback}${colon}${word(FEEDBACK, e.code, lang)}`, e.by, e.text].filter(Boolean).join('  ');
  }
  if (e.kind === 'suppressed' || e.kind === 'unsuppressed' || e.kind === 'assigned') {
    return [w[e.kind], e.by, e.text].filter(Boolean).join('  ');
  }
  return [word(EVENTS, e.kind, lang), word(REASONS, e.code, lang), e.text].filter(Boolean).join('  ');
}

const word = (words: Readonly<Record<string, Record<Lang, string>>>, code: string | null, lang: Lang): string =>
  code === null ? '' : (words[code]?.[lang] ?? code);
