import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { csvRows, json } from '../read.js';

export type Counts = Record<string, number>;

/** What one report says. What a format has no place for is left out; what it does say must agree with all others. */
export interface Said {
  /** Anomalies in all. */
  total: number;
  /** Their ids, in whatever order. */
  ids?: string[];
  /** Anomalies by id of severity, department, theme and check. Where there are none, 0 or nothing. */
  severity?: Counts;
  department?: Counts;
  theme?: Counts;
  check?: Counts;
  /** Verdicts of enterprises by checks. */
  outcomes?: Counts;
  /** Anomalies by state, where there is a ledger. */
  state?: Counts;
}

export interface Titles {
  severity: Map<string, string>;
  department: Map<string, string>;
  theme: Map<string, string>;
}

interface SummaryLike {
  as_of: string;
  anomalies: number;
  outcomes: Counts;
  by_severity: { severity: string; title: string; anomalies: number }[];
  by_department: { department: string; title: string; anomalies: number }[];
  by_theme: { theme: string; title: string; anomalies: number }[];
  by_check: { check: string; anomalies: number }[];
  ledger?: Counts;
}

/** A run that has been made, and the words it uses. */
export interface Made {
  out: string;
  /** What was printed. */
  told: string;
  summary: SummaryLike;
  /** Ids behind the words of the reports. */
  ids: Titles;
}

export function made(out: string, told: string): Made {
  const summary: SummaryLike = json(out, 'summary.json');
  return {
    ...{ out, told, summary },
    ids: {
      severity: new Map(summary.by_severity.map((x) => [x.title, x.severity])),
      department: new Map(summary.by_department.map((x) => [x.title, x.department])),
      theme: new Map(summary.by_theme.map((x) => [x.title, x.theme])),
    },
  };
}

export function count(values: readonly (string | undefined)[]): Counts {
  const n: Counts = {};
  for (const v of values) n[v ?? '?'] = (n[v ?? '?'] ?? 0) + 1;
  return n;
}

export const pairs = (entries: readonly (readonly [string, number])[]): Counts => Object.fromEntries(entries);

type Row = Record<string, string>;

/** Rows with the Chinese titles of the CSV files. */
export const saidByRows = (m: Made, rows: readonly Row[]): Said => ({
  total: rows.length,
  ids: rows.map((r) => r.异常编号!),
  severity: count(rows.map((r) => m.ids.severity.get(r.风险等级!))),
  department: count(rows.map((r) => m.ids.department.get(r.责任部门!))),
  theme: count(rows.map((r) => m.ids.theme.get(r.主题!))),
  check: count(rows.map((r) => r.规则编号!)),
  ...(m.summary.ledger ? { state: count(rows.map((r) => STATES[r.状态!])) } : {}),
});

const STATES: Record<string, string> = { 新增: 'new', 持续: 'persisting', 复现: 'reopened' };

/** What always comes: the files of themes and departments are the run's file in parts. */
export const ALWAYS: Record<string, (m: Made) => Said> = {
  'anomalies.csv': (m) => saidByRows(m, csvRows(m.out, 'anomalies.csv')),
  'by-theme/': (m) => saidByRows(m, split(m, 'by-theme')),
  // A department's file is its work list, without what is suppressed: that part is in the run's file alone.
  'by-department/': (m) => saidByRows(m, [...split(m, 'by-department'), ...suppressed(m)]),
  'outcomes.csv': (m) => {
    const words = csvRows(m.out, 'outcomes.csv').flatMap((r) =>
      Object.entries(r).flatMap(([title, word]) => (/^[A-Z]{2}-\d\d /.test(title) ? [OUTCOMES[word]] : [])),
    );
    return { total: m.summary.anomalies, outcomes: count(words) };
  },
  'summary.json': ({ summary: s }) => ({
    total: s.anomalies,
    severity: pairs(s.by_severity.map((x) => [x.severity, x.anomalies])),
    department: pairs(s.by_department.map((x) => [x.department, x.anomalies])),
    theme: pairs(s.by_theme.map((x) => [x.theme, x.anomalies])),
    check: pairs(s.by_check.map((x) => [x.check, x.anomalies])),
    outcomes: s.outcomes,
    ...(s.ledger ? { state: pairs((['new', 'persisting', 'reopened'] as const).map((x) => [x, s.ledger![x]!])) } : {}),
  }),
  'run.json': (m) => {
    const { anomalies, outcomes } = json(m.out, 'run.json');
    return { total: anomalies, outcomes };
  },
  'the terminal': (m) => {
    const cells = m.told.split('\n').map((l) => l.trim().split(/ {2,}/));
    const last = (title: string) => Number(cells.find((c) => c[0] === title && c.length > 1)?.at(-1) ?? Number.NaN);
    const total = cells.find((c) => c[0] === '合计')!.map(Number);
    return {
      total: Number(/发现疑似异常 (\d+) 条/.exec(m.told)?.[1]),
      severity: pairs([...m.ids.severity].map(([title, id]) => [id, last(title)])),
      department: pairs([...m.ids.department].map(([title, id]) => [id, last(title)])),
      theme: pairs([...m.ids.theme].map(([title, id]) => [id, last(title)])),
      outcomes: pairs(OUTCOME_ORDER.map((o, i) => [o, total[i + 3]!])),
    };
  },
};

const OUTCOMES: Record<string, string> = {
  一致: 'consistent',
  异常: 'anomaly',
  无法比对: 'not_comparable',
  不适用: 'not_applicable',
};
/** As the tables of the terminal and of Markdown have them. */
export const OUTCOME_ORDER = ['consistent', 'anomaly', 'not_comparable', 'not_applicable'];

const split = (m: Made, dir: string): Row[] =>
  readdirSync(join(m.out, dir))
    .filter((f) => f.endsWith('.csv'))
    .flatMap((f) => csvRows(join(m.out, dir), f));

export const suppressed = (m: Made): Row[] => csvRows(m.out, 'anomalies.csv').filter((r) => r.抑制 !== '');
