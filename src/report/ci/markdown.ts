import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportModel, WriteReport } from '../model.js';
import type { Summary } from '../summary.js';
import { type Finding, findings } from './findings.js';
import { plain, table } from './markdown-text.js';

/** GitHub shows no more than 1 MiB of a step's summary, GitLab and mail less gladly; the CSV has every row. */
const BYTES = 900_000;
const SHOWN = 200;
/** A value may be as long as a cell of an extract. */
const CELL = 300;

const MARK: Record<string, string> = { red: '🔴', yellow: '🟡', blue: '🔵' };

const WORDS = {
  zh: {
    title: (s: Summary) => `数据比对结果（基准日 ${s.as_of}）`,
    lead: (s: Summary) =>
      `**疑似异常 ${s.anomalies} 条**，涉及 ${s.enterprises_anomalous} 户；共 ${s.enterprises} 户企业、${s.checks} 条规则。`,
    ledger: (l: NonNullable<Summary['ledger']>) =>
      `与${l.previous ? `上次（${l.previous}）` : '台账（首次）'}相比：新增 ${l.new}，持续 ${l.persisting}，复现 ${l.reopened}，已消除 ${l.resolved}，无法比对 ${l.not_comparable}；逾期 ${l.overdue}，已抑制 ${l.suppressed}。`,
    baseline: (b: NonNullable<Summary['baseline']>) =>
      `与基线（${b.entries} 条）相比：新发现 ${b.new}，加重 ${b.graver}，已有 ${b.known}，已不再发现 ${b.gone}，无法比对 ${b.not_comparable}，未查 ${b.not_covered}（见 baseline.csv）。`,
    severity: ['风险等级', '异常条数', '其中计入（未抑制、不在基线）'],
    theme: ['主题', '已比对企业', '一致', '异常', '无法比对', '不适用', '异常条数'],
    total: '合计',
    department: ['责任部门', '异常条数'],
    anomalies: '疑似异常',
    row: ['等级', '企业', '规则', '异常描述', '责任部门', '编号'],
    shown: (n: number, of: number) => `仅列前 ${n} 条，共 ${of} 条，全部见 anomalies.csv。`,
    dismissed: '已抑制或在基线中',
    missing: '未到数据源',
    refused: (rows: number, fields: number) => `隔离 ${rows} 行、${fields} 个字段，见 quarantine.csv。`,
    note: '每一条均为疑似线索，须经核查，不是违法认定。',
    none: '未发现疑似异常。',
    join: '、',
  },
  en: {
    title: (s: Summary) => `Comparison as of ${s.as_of}`,
    lead: (s: Summary) =>
      `**${s.anomalies} possible anomalies** at ${s.enterprises_anomalous} of ${s.enterprises} enterprises; ${s.checks} checks.`,
    ledger: (l: NonNullable<Summary['ledger']>) =>
      `Since ${l.previous ?? 'never (first night)'}: ${l.new} new, ${l.persisting} persisting, ${l.reopened} reopened, ${l.resolved} resolved, ${l.not_comparable} not comparable; ${l.overdue} overdue, ${l.suppressed} suppressed.`,
    baseline: (b: NonNullable<Summary['baseline']>) =>
      `Against the baseline of ${b.entries}: ${b.new} new, ${b.graver} graver, ${b.known} known, ${b.gone} gone, ${b.not_comparable} not comparable, ${b.not_covered} not looked for (baseline.csv).`,
    severity: ['Severity', 'Anomalies', 'Of these not suppressed and not in the baseline'],
    theme: ['Theme', 'Compared', 'Consistent', 'Anomaly', 'Not comparable', 'Not applicable', 'Anomalies'],
    total: 'Total',
    department: ['Department', 'Anomalies'],
    anomalies: 'Possible anomalies',
    row: ['Severity', 'Enterprise', 'Check', 'Description', 'Department', 'Id'],
    shown: (n: number, of: number) => `The first ${n} of ${of}; all are in anomalies.csv.`,
    dismissed: 'suppressed or in the baseline',
    missing: 'Sources not delivered',
    refused: (rows: number, fields: number) => `${rows} rows and ${fields} fields quarantined, see quarantine.csv.`,
    note: 'Each row is a lead to be checked, not a finding of violation.',
    none: 'No possible anomaly was found.',
    join: ', ',
  },
} as const;

/** summary.md: the run on a job page. Cut where such a page ends, and said so. */
export const writeMarkdown: WriteReport = async (m) => {
  const w = WORDS[m.lang];
  const s = m.summary;
  const right = (n: number) => Array.from({ length: n }, () => 'right' as const);
  const failing = new Map(s.fail_on.map((x) => [x.severity as string, x.anomalies]));
  const head = [
    `# ${w.title(s)}`,
    w.lead(s),
    ...(s.ledger ? [w.ledger(s.ledger)] : []),
    ...(s.baseline ? [w.baseline(s.baseline)] : []),
    table(
      w.severity,
      ['left', 'right', 'right'],
      s.by_severity.map((x) => [
        `${MARK[x.severity]} ${plain(x.title)}`,
        String(x.anomalies),
        String(failing.get(x.severity) ?? 0),
      ]),
    ),
    table(w.theme, ['left', ...right(6)], [...s.by_theme.map(themeRow), totalRow(m)]),
    table(
      w.department,
      ['left', 'right'],
      s.by_department.map((x) => [plain(x.title), String(x.anomalies)]),
    ),
    ...sources(m),
    `## ${w.anomalies}`,
  ].join('\n\n');
  const rows = await findings(m, SHOWN, false);
  const lines = table(
    w.row,
    Array.from({ length: 6 }, () => 'left' as const),
    rows.map((f) => findingRow(m, f)),
  ).split('\n');
  const tail = (n: number) => `\n\n${n < s.anomalies ? `${w.shown(n, s.anomalies)}\n\n` : ''}${w.note}\n`;
  let size = Buffer.byteLength(head) + Buffer.byteLength(tail(SHOWN)) + 2;
  const kept = lines.filter((line) => {
    size += Buffer.byteLength(line) + 1;
    return size <= BYTES;
  });
  const shown = Math.max(0, kept.length - 2);
  const body = s.anomalies === 0 ? w.none : kept.join('\n');
  writeFileSync(join(m.dir, 'summary.md'), `${head}\n\n${body}${tail(shown)}`);
  return ['summary.md'];
};

const themeRow = (t: Summary['by_theme'][number]): string[] => [
  plain(t.title),
  ...[t.enterprises_compared, t.consistent, t.anomaly, t.not_comparable, t.not_applicable, t.anomalies].map(String),
];

/** Enterprises compared do not add up over themes: the same enterprise is compared in several. */
function totalRow({ summary: s, lang }: ReportModel): string[] {
  const o = s.outcomes;
  const sums = [s.enterprises, o.consistent, o.anomaly, o.not_comparable, o.not_applicable, s.anomalies];
  return [`**${WORDS[lang].total}**`, ...sums.map((n) => `**${n}**`)];
}

function sources({ summary: s, lang }: ReportModel): string[] {
  const w = WORDS[lang];
  const missing = s.by_source.filter((x) => !x.delivered).map((x) => plain(x.title));
  const sum = (of: (x: Summary['by_source'][number]) => number) => s.by_source.reduce((n, x) => n + of(x), 0);
  const [rows, fields] = [sum((x) => x.quarantined_rows), sum((x) => x.quarantined_fields)];
  return [
    ...(missing.length > 0 ? [`**${w.missing}** ${missing.join(w.join)}`] : []),
    ...(rows + fields > 0 ? [w.refused(rows, fields)] : []),
  ];
}

function findingRow(m: ReportModel, f: Finding): string[] {
  const cell = (text: string) => plain([...text].length > CELL ? `${[...text].slice(0, CELL).join('')}…` : text);
  const state = f.counts ? '' : ` _${WORDS[m.lang].dismissed}_`;
  return [
    `${MARK[f.severity_id] ?? ''} ${cell(f.severity)}${state}`,
    `${cell(f.enterprise)} ${cell(f.uscc)}`,
    `${cell(f.check)} ${cell(f.check_title)}`,
    cell(f.message),
    cell(f.department),
    cell(f.id),
  ];
}
