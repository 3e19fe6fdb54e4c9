import { nightsOf } from '../../ledger/history.js';
import { DISPOSALS, REASONS, STATES } from '../../ledger/words.js';
import { type CatalogueEntry, catalogue } from '../catalogue.js';
import type { ReportModel } from '../model.js';
import type { Bilingual, Named, PageCheck, PageGuards, PageHead, PageLedger, PageNight, PageTheme } from './data.js';
import type { PageScope } from './scope.js';

/** The figures of a page and every word that both languages need. */
export async function pageHead(m: ReportModel, scope: PageScope): Promise<Omit<PageHead, 'totals'>> {
  const { summary, pack } = m;
  const named = (words: Readonly<Record<string, Bilingual>>): Named[] =>
    Object.entries(words).map(([id, title]) => ({ id, title }));
  const checked = m.checks.filter((c) => scope.confined?.checks.has(c.id) ?? true);
  const zh = catalogue(checked, pack, 'zh', summary.as_of);
  const en = catalogue(checked, pack, 'en', summary.as_of);
  const themes = themesOf(m, new Set(zh.map((e) => e.theme_id)));
  const departments = named(pack.vocabulary.departments);
  const place = (all: readonly Named[], id: string) => all.findIndex((x) => x.id === id);
  const counted = new Map(summary.by_check.map((c) => [c.check, c]));
  const checks = checked.map((c, i): PageCheck => {
    const both = (key: keyof CatalogueEntry): Bilingual => ({ zh: String(zh[i]![key]), en: String(en[i]![key]) });
    const n = counted.get(c.id)!;
    return {
      id: c.id,
      title: both('check_title'),
      theme: place(themes, c.theme.theme),
      department: place(departments, c.def.department),
      helping: c.def.with_departments.map((x) => place(departments, x)),
      item: both('item'),
      keyPoint: both('key_point'),
      classification: both('classification'),
      basis: both('legal_basis'),
      advice: both('advice'),
      labels: c.evidence.slice(0, 2).map((e) => e.label),
      outcomes: {
        not_applicable: n.not_applicable,
        consistent: n.consistent,
        not_comparable: n.not_comparable,
        anomaly: n.anomaly,
      },
    };
  });
  const found = await foundIn(m, scope);
  const sum = (of: keyof PageCheck['outcomes']) => checks.reduce((total, c) => total + c.outcomes[of], 0);
  return {
    lang: m.lang,
    asOf: summary.as_of,
    version: m.version,
    confinedTo: scope.confined?.title ?? null,
    enterprises: summary.enterprises,
    enterprisesAnomalous: found.enterprises,
    outcomes: {
      not_applicable: sum('not_applicable'),
      consistent: sum('consistent'),
      not_comparable: sum('not_comparable'),
      anomaly: sum('anomaly'),
    },
    severities: named(pack.vocabulary.severities),
    departments,
    themes,
    checks,
    outcomeTitles: pack.vocabulary.outcomes,
    states: named(STATES),
    reasons: named(REASONS),
    disposals: named(DISPOSALS),
    sources: sourcesOf(m),
    counts: countsOf(m, found.groups, themes, departments),
    // What the ledger counts, it counts over the whole run.
    ledger: scope.confined ? null : ledgerOf(m),
    guards: scope.confined ? null : guardsOf(m, checks),
    nights: scope.confined || !m.followed ? null : await nights(m),
  };
}

function themesOf({ summary, checks }: ReportModel, ids: ReadonlySet<string>): PageTheme[] {
  const titles = new Map(checks.map((c) => [c.theme.theme, c.theme.title]));
  return summary.by_theme
    .filter((t) => ids.has(t.theme))
    .map((t) => ({
      id: t.theme,
      title: titles.get(t.theme)!,
      compared: t.enterprises_compared,
      anomalous: t.enterprises_anomalous,
    }));
}

function sourcesOf({ summary, pack }: ReportModel): PageHead['sources'] {
  return summary.by_source.map((s) => {
    const contract = pack.contracts.get(s.source)!;
    return {
      id: s.source,
      title: contract.title,
      department: pack.vocabulary.departments[contract.department] ?? {
        zh: contract.department,
        en: contract.department,
      },
      delivered: s.delivered,
      date: s.extract_date,
      rows: s.rows,
      loaded: s.loaded,
      quarantinedRows: s.quarantined_rows,
      quarantinedFields: s.quarantined_fields,
      duplicates: s.duplicates,
      unmatched: s.unmatched,
    };
  });
}

interface Group {
  theme: string | null;
  department: string;
  severity: string;
  anomalies: number;
  enterprises: number;
}

/** The anomalies of the page by theme, department and severity, and their enterprises, of which each counts once. */
async function foundIn({ session }: ReportModel, { where }: PageScope) {
  const rows = await session.rows<Group>(
    `SELECT _theme AS theme, _department AS department, _severity AS severity, count(*) AS anomalies, count(DISTINCT _eid) AS enterprises
FROM report.anomalies WHERE ${where} GROUP BY GROUPING SETS ((_theme, _department, _severity), ())`,
  );
  const all = rows.find((r) => r.theme === null);
  return { enterprises: Number(all?.enterprises ?? 0), groups: rows.filter((r) => r !== all) };
}

function countsOf(
  { pack }: ReportModel,
  groups: readonly Group[],
  themes: readonly Named[],
  departments: readonly Named[],
): PageHead['counts'] {
  const severities = Object.keys(pack.vocabulary.severities);
  return groups
    .map((g): PageHead['counts'][number] => [
      themes.findIndex((x) => x.id === g.theme),
      departments.findIndex((x) => x.id === g.department),
      severities.indexOf(g.severity),
      Number(g.anomalies),
    ])
    .sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
}

function guardsOf({ summary, pack }: ReportModel, checks: readonly PageCheck[]): PageGuards | null {
  const g = summary.guards;
  if (!g) return null;
  const named = (id: string): Named => ({
    id,
    title: pack.contracts.get(id)?.title ?? checks.find((c) => c.id === id)?.title ?? { zh: id, en: id },
  });
  return {
    stopped: g.stopped,
    held: g.held.map((x) => [checks.findIndex((c) => c.id === x.check), x.anomalies]),
    findings: g.findings.map(({ of, action, accepted, text }) => ({ of: named(of), action, accepted, text })),
  };
}

function ledgerOf({ summary }: ReportModel): PageLedger | null {
  const l = summary.ledger;
  if (!l) return null;
  const { previous, reopened, resolved, persisting, not_comparable, not_covered } = l;
  const { overdue, ineffective, needs_eyes, suppressed, suppressions } = l;
  return {
    ...{ previous, new: l.new, persisting, reopened, resolved, not_comparable, not_covered },
    ...{ overdue, ineffective, needs_eyes, suppressed, suppressions },
  };
}

/** The ledger knows the nights before this one; this one is written after its reports. */
async function nights({ session, summary }: ReportModel): Promise<PageNight[]> {
  const l = summary.ledger!;
  const before = (await nightsOf(session)).filter((n) => n.as_of < summary.as_of);
  const night = (day: string, partial: boolean, n: Omit<PageNight, 'day' | 'partial'>): PageNight => ({
    ...{ day, partial, found: n.found, new: n.new, persisting: n.persisting, reopened: n.reopened },
    ...{ resolved: n.resolved, not_comparable: n.not_comparable, red: n.red, yellow: n.yellow, blue: n.blue },
  });
  return [...before.map((n) => night(n.as_of, n.coverage !== 'all', n)), night(summary.as_of, l.not_covered > 0, l)];
}
