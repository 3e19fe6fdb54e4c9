import type { CheckedTheme } from '../checks/checked.js';
import { allChecks } from '../checks/load-themes.js';
import { OutcomeWords } from '../compile/outcome-words.js';
import type { Pack } from '../config/pack.js';
import type { Lang } from '../config/text.js';
import type { Session } from '../engine/engine.js';
import type { LedgerSummary } from '../ledger/summary.js';
import type { BaselineSummary } from './baseline.js';
import type { CatalogueEntry } from './catalogue.js';
import { type FailCount, failCounts } from './gate.js';

export interface Outcomes {
  consistent: number;
  anomaly: number;
  not_comparable: number;
  not_applicable: number;
}

export interface ThemeSummary extends Outcomes {
  theme: string;
  title: string;
  checks: number;
  /** Enterprises that at least one check of the theme could judge. */
  enterprises_compared: number;
  enterprises_anomalous: number;
  anomalies: number;
}

export interface Summary {
  as_of: string;
  lang: Lang;
  enterprises: number;
  enterprises_anomalous: number;
  checks: number;
  /** Verdicts: one for every enterprise and check; they add up to enterprises × checks. */
  outcomes: Outcomes;
  anomalies: number;
  by_severity: { severity: string; title: string; anomalies: number }[];
  by_department: { department: string; title: string; anomalies: number }[];
  by_theme: ThemeSummary[];
  by_check: (Outcomes & { check: string; title: string; theme: string; anomalies: number })[];
  by_source: {
    source: string;
    title: string;
    delivered: boolean;
    /** Day or month of the newest extract, by its file's name. */
    extract_date: string | null;
    rows: number;
    loaded: number;
    quarantined_rows: number;
    quarantined_fields: number;
    duplicates: number;
    unmatched: number;
  }[];
  /** What `--fail-on` looks at: anomalies that are neither suppressed nor known to the baseline. */
  fail_on: FailCount[];
  /** How the run compares with the baseline; absent where none was given. */
  baseline?: BaselineSummary;
  /** What guards found; absent only in parts of bidui that have none. */
  guards?: GuardSummary;
  /** What became of the anomalies since the last night; absent where the run keeps no ledger. */
  ledger?: LedgerSummary;
}

export interface GuardSummary {
  /** Whether there is a ledger: without it, guards that measure by earlier nights are off. */
  with_history: boolean;
  /** Sources that count as not delivered. */
  stopped: string[];
  /** Checks whose anomalies are in held-back.csv alone. */
  held: { check: string; anomalies: number }[];
  findings: {
    /** A source or a check. */
    of: string;
    title: string;
    guard: string;
    action: 'warn' | 'stop' | 'hold';
    /** Let in all the same, because somebody said so. */
    accepted: boolean;
    text: string;
  }[];
}

export type SourceCounts = Summary['by_source'][number];

/** The figures of a run, counted from the very tables that the reports are written from. */
export async function summarise(
  session: Session,
  pack: Pack,
  themes: readonly CheckedTheme[],
  entries: readonly CatalogueEntry[],
  counts: ReadonlyMap<string, Outcomes>,
  sources: SourceCounts[],
  asOf: string,
  lang: Lang,
  /** A ledger or a baseline tells what is new. */
  newIsTold: boolean,
): Promise<Summary> {
  const found = await session.rows<{ severity: string; department: string; check: string; n: number }>(
    `SELECT _severity AS severity, _department AS department, check_id AS ${session.dialect.ident('check')}, count(*) AS n
FROM report.anomalies GROUP BY 1, 2, 3`,
  );
  const count = (by: 'severity' | 'department' | 'check') => {
    const counted = new Map<string, number>();
    for (const f of found) counted.set(f[by], (counted.get(f[by]) ?? 0) + Number(f.n));
    return counted;
  };
  const [bySeverity, byDepartment, byCheck] = [count('severity'), count('department'), count('check')];
  const { departments, severities } = pack.vocabulary;
  const judging = themes.filter((t) => t.checks.length > 0);
  const judged = await enterprisesByTheme(session, judging, new OutcomeWords(allChecks(themes), session.dialect));
  const by_theme = judging.map(
    (t, i): ThemeSummary => ({
      theme: t.def.theme,
      title: t.def.title[lang],
      checks: t.checks.length,
      ...judged[i]!,
      ...total(t.checks.map((c) => counts.get(c.id)!)),
      anomalies: t.checks.reduce((n, c) => n + (byCheck.get(c.id) ?? 0), 0),
    }),
  );
  const [all] = await session.rows<{ enterprises: number; anomalous: number }>(
    `SELECT (SELECT count(*) FROM run.outcomes) AS enterprises, (SELECT count(DISTINCT _eid) FROM report.anomalies) AS anomalous`,
  );
  return {
    as_of: asOf,
    lang,
    enterprises: Number(all?.enterprises ?? 0),
    enterprises_anomalous: Number(all?.anomalous ?? 0),
    checks: entries.length,
    outcomes: total([...counts.values()]),
    anomalies: [...bySeverity.values()].reduce((a, b) => a + b, 0),
    fail_on: await failCounts(session, newIsTold),
    by_severity: Object.entries(severities).map(([id, t]) => ({
      severity: id,
      title: t[lang],
      anomalies: bySeverity.get(id) ?? 0,
    })),
    by_department: Object.entries(departments)
      .filter(([id]) => entries.some((e) => e.department_id === id))
      .map(([id, t]) => ({ department: id, title: t[lang], anomalies: byDepartment.get(id) ?? 0 })),
    by_theme,
    by_check: entries.map((e) => ({
      check: e.check_id,
      title: e.check_title,
      theme: e.theme_id,
      ...counts.get(e.check_id)!,
      anomalies: byCheck.get(e.check_id) ?? 0,
    })),
    by_source: sources,
  };
}

/** Of each theme, how many enterprises it could judge, and how many of these it found something of. */
async function enterprisesByTheme(
  session: Session,
  themes: readonly CheckedTheme[],
  words: OutcomeWords,
): Promise<Pick<ThemeSummary, 'enterprises_compared' | 'enterprises_anomalous'>[]> {
  if (themes.length === 0) return [];
  const d = session.dialect;
  const counted = themes.flatMap((t, i) => {
    const [compared, anomalous] = [words.anyJudged(t.checks), words.anyAnomaly(t.checks)];
    return [`${d.countIf(compared)} AS compared_${i}`, `${d.countIf(anomalous)} AS anomalous_${i}`];
  });
  const [row] = await session.rows<Record<string, number>>(`SELECT ${counted.join(', ')} FROM ${words.table}`);
  return themes.map((_, i) => ({
    enterprises_compared: Number(row?.[`compared_${i}`] ?? 0),
    enterprises_anomalous: Number(row?.[`anomalous_${i}`] ?? 0),
  }));
}

function total(all: readonly Outcomes[]): Outcomes {
  const sum = (k: keyof Outcomes) => all.reduce((n, o) => n + o[k], 0);
  return {
    consistent: sum('consistent'),
    anomaly: sum('anomaly'),
    not_comparable: sum('not_comparable'),
    not_applicable: sum('not_applicable'),
  };
}
