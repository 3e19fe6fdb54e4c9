import pc from 'picocolors';
import type { Summary } from '../report/summary.js';
import { guardText } from './guard-text.js';
import { ledgerText } from './ledger-text.js';
import { type Output, printable } from './output.js';
import { table } from './table.js';

type Baseline = NonNullable<Summary['baseline']>;
/** Where the text is shown. */
export type Screen = Pick<Output, 'columns' | 'colorOut'>;

const WORDS = {
  zh: {
    title: (s: Summary) =>
      `基准日 ${s.as_of}：${s.enterprises} 户企业，${s.checks} 条规则，发现疑似异常 ${s.anomalies} 条，涉及 ${s.enterprises_anomalous} 户`,
    theme: ['主题', '规则', '已比对企业', '一致', '异常', '无法比对', '不适用', '异常条数'],
    total: '合计',
    note: '一致、异常、无法比对、不适用按“企业×规则”计，四者之和等于企业数×规则数',
    severity: ['风险等级', '异常条数'],
    department: ['责任部门', '异常条数'],
    sources: (n: number, of: number, q: number, f: number, u: number) =>
      `数据源 ${of} 个，到数 ${n} 个；隔离 ${q} 行、${f} 个字段（见 quarantine.csv）；未匹配到企业 ${u} 行`,
    baseline: (b: Baseline) =>
      `与基线（${b.entries} 条）相比：新发现 ${b.new}，加重 ${b.graver}，已有 ${b.known}，已不再发现 ${b.gone}，无法比对 ${b.not_comparable}，未查 ${b.not_covered}（见 baseline.csv）`,
    files: (dir: string) => `已写入 ${dir}：`,
  },
  en: {
    title: (s: Summary) =>
      `As of ${s.as_of}: ${s.enterprises} enterprises, ${s.checks} checks, ${s.anomalies} possible anomalies at ${s.enterprises_anomalous} enterprises`,
    theme: ['Theme', 'Checks', 'Compared', 'Consistent', 'Anomaly', 'Not comparable', 'Not applicable', 'Anomalies'],
    total: 'Total',
    note: 'The four outcomes count enterprise × check; they add up to enterprises × checks',
    severity: ['Severity', 'Anomalies'],
    department: ['Department', 'Anomalies'],
    sources: (n: number, of: number, q: number, f: number, u: number) =>
      `${n} of ${of} sources delivered; ${q} rows and ${f} fields quarantined (see quarantine.csv); ${u} rows matched no enterprise`,
    baseline: (b: Baseline) =>
      `Against the baseline of ${b.entries}: ${b.new} new, ${b.graver} graver, ${b.known} known, ${b.gone} gone, ${b.not_comparable} not comparable, ${b.not_covered} not looked for (see baseline.csv)`,
    files: (dir: string) => `Written to ${dir}:`,
  },
} as const;

/** What the operator reads first, and the regulator's question answered: how many, of what, for whom. */
export function summaryText(
  s: Summary,
  outDir: string,
  files: readonly string[],
  seconds: Record<string, number>,
  screen: Screen = {},
): string {
  const w = WORDS[s.lang];
  const width = screen.columns;
  const sum = (of: (x: Summary['by_source'][number]) => number) => s.by_source.reduce((n, x) => n + of(x), 0);
  const themes = s.by_theme.map((t) => [
    t.title,
    t.checks,
    t.enterprises_compared,
    t.consistent,
    t.anomaly,
    t.not_comparable,
    t.not_applicable,
    t.anomalies,
  ]);
  const o = s.outcomes;
  // Enterprises compared do not add up over themes: the same enterprise is compared in several.
  const total = [
    w.total,
    s.checks,
    s.enterprises,
    o.consistent,
    o.anomaly,
    o.not_comparable,
    o.not_applicable,
    s.anomalies,
  ];
  const listed = files.filter((f) => !f.includes('/'));
  const folders = ['by-theme', 'by-department'].map(
    (dir) => `${dir}/ (${files.filter((f) => f.startsWith(`${dir}/`)).length})`,
  );
  return [
    pc.createColors(screen.colorOut === true).bold(w.title(s)),
    '',
    table(w.theme, [...themes, total], { width }),
    w.note,
    '',
    table(
      w.severity,
      s.by_severity.map((x) => [x.title, x.anomalies]),
      { width, paint: inSeverity(s, screen) },
    ),
    '',
    table(
      w.department,
      s.by_department.map((x) => [x.title, x.anomalies]),
      { width },
    ),
    '',
    ...ledgerText(s.ledger, s.lang, width),
    ...(s.baseline ? [w.baseline(s.baseline)] : []),
    '',
    ...guardText(s.guards, s.lang),
    w.sources(
      s.by_source.filter((x) => x.delivered).length,
      s.by_source.length,
      sum((x) => x.quarantined_rows),
      sum((x) => x.quarantined_fields),
      sum((x) => x.unmatched),
    ),
    printable(`${w.files(outDir)} ${[...listed, ...folders].join(', ')}`),
    Object.entries(seconds)
      .map(([step, n]) => `${step} ${n.toFixed(2)}s`)
      .join(', '),
  ].join('\n');
}

/** The words stand there as well: colour alone tells nothing. */
function inSeverity(s: Summary, screen: Screen) {
  const colors = pc.createColors(screen.colorOut === true);
  const paint: Record<string, (x: string) => string> = { red: colors.red, yellow: colors.yellow, blue: colors.blue };
  return (text: string, row: number) => (paint[s.by_severity[row]?.severity ?? ''] ?? String)(text);
}
