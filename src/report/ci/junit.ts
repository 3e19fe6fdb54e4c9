import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lang } from '../../config/text.js';
import type { ReportModel, WriteReport } from '../model.js';
import type { Summary } from '../summary.js';
import { type CheckCounts, countsByCheck, type Finding, findings, type Side } from './findings.js';
import { element, text, type Xml } from './xml.js';

/** Viewers show a body whole: enough of it to act on, and where the rest is. */
const SHOWN = 50;
const BODY = 10_000;

const WORDS = {
  zh: {
    found: (n: number, by: string) => `疑似异常 ${n} 条（${by}）`,
    more: (n: number) => `另有 ${n} 条，见 anomalies.csv`,
    dismissed: (n: number) => `疑似异常 ${n} 条，均已抑制或在基线中，不计入`,
    beside: (n: number) => `另有 ${n} 条已抑制或在基线中，不计入：`,
    notComparable: (n: number) => `${n} 户无法比对（数据源未到、缺项或无法读取），无一户可判定`,
    notApplicable: '不适用于本次任何一户企业',
    outcomes: (c: Check) =>
      `一致 ${c.consistent} 户，异常 ${c.anomaly} 户，无法比对 ${c.not_comparable} 户，不适用 ${c.not_applicable} 户`,
    at: (file: string, row: number | null) => `（${file}${row === null ? '' : ` 第${row}行`}）`,
    colon: '：',
    join: '，',
  },
  en: {
    found: (n: number, by: string) => `${n} possible ${n === 1 ? 'anomaly' : 'anomalies'} (${by})`,
    more: (n: number) => `${n} more, in anomalies.csv`,
    dismissed: (n: number) =>
      `${n} possible ${n === 1 ? 'anomaly' : 'anomalies'}, all suppressed or known to the baseline`,
    beside: (n: number) => `${n} more, suppressed or known to the baseline:`,
    notComparable: (n: number) =>
      `${n} enterprises not comparable (a source not delivered, a value missing or unreadable), none could be judged`,
    notApplicable: 'applies to none of the enterprises of this run',
    outcomes: (c: Check) =>
      `${c.consistent} consistent, ${c.anomaly} anomalous, ${c.not_comparable} not comparable, ${c.not_applicable} not applicable`,
    at: (file: string, row: number | null) => ` (${file}${row === null ? '' : ` row ${row}`})`,
    colon: ': ',
    join: ', ',
  },
} as const;

type Check = Summary['by_check'][number];
type CaseState = 'passed' | 'failed' | 'skipped';

/** junit.xml: a theme is a suite, a check is a case. What is suppressed or known to the baseline fails nothing. */
export const writeJunit: WriteReport = async (m) => {
  const s = m.summary;
  const counts = await countsByCheck(m);
  const shown = await findings(m, SHOWN, true);
  const suites = m.themes
    .filter((t) => s.by_check.some((c) => c.theme === t.id))
    .map((t) => {
      const cases = s.by_check.filter((c) => c.theme === t.id).map((c) => testCase(m, c, counts.get(c.check), shown));
      return { theme: t, cases };
    });
  const total = tally(suites.flatMap((x) => x.cases));
  // As-of at midnight: a report does not depend on when it was made.
  const timestamp = `${s.as_of}T00:00:00`;
  const { tests, failures, errors } = total;
  const xml = element('testsuites', { name: 'bidui', tests, failures, errors, time: '0' }, [
    ...suites.map((x) => {
      const head = { name: x.theme.name, ...tally(x.cases), time: '0', timestamp };
      return `\n${element('testsuite', head, [properties(m, x.theme.id), ...x.cases.map((c) => `\n${c.xml}`), '\n'])}`;
    }),
    '\n',
  ]);
  writeFileSync(join(m.dir, 'junit.xml'), `<?xml version="1.0" encoding="UTF-8"?>\n${xml}\n`);
  return ['junit.xml'];
};

const tally = (cases: readonly { state: CaseState }[]) => {
  const of = (state: CaseState) => cases.filter((c) => c.state === state).length;
  return { tests: cases.length, failures: of('failed'), errors: 0, skipped: of('skipped') };
};

function properties(m: ReportModel, theme: string): Xml {
  const t = m.summary.by_theme.find((x) => x.theme === theme)!;
  const said = {
    'bidui.version': m.version,
    'bidui.theme': theme,
    'bidui.as_of': m.summary.as_of,
    'bidui.enterprises': m.summary.enterprises,
    'bidui.enterprises_compared': t.enterprises_compared,
    'bidui.consistent': t.consistent,
    'bidui.anomaly': t.anomaly,
    'bidui.not_comparable': t.not_comparable,
    'bidui.not_applicable': t.not_applicable,
    'bidui.anomalies': t.anomalies,
  };
  return `\n${element(
    'properties',
    {},
    Object.entries(said).map(([name, value]) => element('property', { name, value })),
  )}`;
}

function testCase(m: ReportModel, c: Check, n: CheckCounts | undefined, all: readonly Finding[]) {
  const w = WORDS[m.lang];
  const counting = n ? n.red + n.yellow + n.blue : 0;
  const dismissed = n?.dismissed ?? 0;
  const attributes = { classname: `bidui.${c.theme}`, name: `${c.check} ${c.title}`, time: '0' };
  const own = all.filter((f) => f.check === c.check);
  const counts = own.filter((f) => f.counts);
  const others = own.filter((f) => !f.counts);
  const listed = dismissed > 0 ? `\n${w.beside(dismissed)}\n\n${body(others, dismissed, m.lang)}` : '';
  const out = element('system-out', {}, [text(`${w.outcomes(c)}${listed}`)]);
  const made = (state: CaseState, ...verdict: Xml[]) => ({
    state,
    xml: element('testcase', attributes, [...verdict, out]),
  });
  if (counting > 0) {
    const { severities } = m.pack.vocabulary;
    const by = (['red', 'yellow', 'blue'] as const)
      .filter((s) => n![s] > 0)
      .map((s) => `${severities[s][m.lang]} ${n![s]}`)
      .join(w.join);
    const type = n!.red > 0 ? 'red' : n!.yellow > 0 ? 'yellow' : 'blue';
    const message = w.found(counting, by);
    return made('failed', element('failure', { message, type }, [text(body(counts, counting, m.lang))]));
  }
  if (dismissed > 0) return made('skipped', element('skipped', { message: w.dismissed(dismissed) }));
  if (c.consistent > 0) return made('passed');
  const why = c.not_comparable > 0 ? w.notComparable(c.not_comparable) : w.notApplicable;
  return made('skipped', element('skipped', { message: why }));
}

/** As many anomalies as there is room for, and how many there are besides. */
function body(all: readonly Finding[], total: number, lang: Lang): string {
  const parts: string[] = [];
  let length = 0;
  for (const f of all) {
    const part = told(f, lang);
    // The first is always told, cut if it must be.
    if (parts.length > 0 && length + part.length > BODY) break;
    parts.push(part.slice(0, BODY));
    length += part.length;
  }
  if (parts.length < total) parts.push(WORDS[lang].more(total - parts.length));
  return `${parts.join('\n\n')}\n`;
}

function told(f: Finding, lang: Lang): string {
  const w = WORDS[lang];
  const side = (s: Side) => {
    const [source, field, value, file] = [f[`${s}_source`], f[`${s}_field`], f[`${s}_value`], f[`${s}_file`]];
    if (field === null) return [];
    const where = [source, file ? w.at(file, f[`${s}_row`]) : ''].filter(Boolean).join('');
    return [`  ${field}${w.colon}${value ?? ''}${where ? ` — ${where}` : ''}`];
  };
  return [`[${f.severity}] ${f.enterprise} ${f.uscc} ${f.id}`, `  ${f.message}`, ...side('a'), ...side('b')].join('\n');
}
