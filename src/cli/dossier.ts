import { writeFileSync } from 'node:fs';
import { applyOverrides } from '../config/override.js';
import { EXIT, outputError } from '../errors.js';
import type { Dossier } from '../ledger/dossier.js';
import { type DossierWords, dossierHtml } from '../report/dossier-html.js';
import { dossier } from '../run/dossier.js';
import { loadChecks } from '../run/load-checks.js';
import { historyText } from './history.js';
import { asOfOf, checksDirOf, langOf, needed, oneOf } from './options.js';
import { type Output, printable } from './output.js';
import { inputOf, type WithProject } from './project.js';
import { table } from './table.js';

interface DossierCommandOptions extends WithProject {
  input?: string;
  asOf?: string;
  state?: string;
  checks?: string;
  params?: string;
  format: string;
  out?: string;
  lang: string;
  unmasked?: boolean;
}

const WORDS: Record<'zh' | 'en', DossierWords> = {
  zh: {
    asOf: (day) => `基准日 ${day}`,
    lead: '比对结果均为疑似线索，须经部门核实',
    sideBySide: '各部门同名信息对照',
    verdicts: '各主题比对结果',
    history: '异常与反馈经过',
    records: '各来源记录',
    none: '无',
    values: ['信息项', '各来源的值'],
    checks: ['规则', '结果', '说明'],
    sources: ['文件与行', '内容'],
    rows: (n) => `${n} 条`,
  },
  en: {
    asOf: (day) => `as of ${day}`,
    lead: 'What is found here are leads; a department has to verify them',
    sideBySide: 'What departments call by one name',
    verdicts: 'Verdicts by theme',
    history: 'Anomalies and feedback',
    records: 'Rows of every source',
    none: 'none',
    values: ['Item', 'Values'],
    checks: ['Check', 'Outcome', 'What it says'],
    sources: ['File and row', 'Content'],
    rows: (n) => `${n} rows`,
  },
};

export async function dossierCommand(uscc: string, given: DossierCommandOptions, output: Output): Promise<number> {
  const o = needed(given, { asOf: '<YYYY-MM-DD>' });
  const lang = langOf(o.lang);
  const format = oneOf('--format', o.format, ['text', 'json', 'html'] as const);
  const park = o.params;
  const { pack, themes } = loadChecks(checksDirOf(o), (p) => (park ? applyOverrides(p, park) : p));
  const x = await dossier(pack, themes, {
    uscc: uscc.trim().toUpperCase(),
    ...inputOf(o.input, o),
    asOf: asOfOf(o.asOf),
    lang,
    unmasked: o.unmasked === true,
    maskingFile: o.loadedProject?.settings.reports?.masking,
    state: o.state ?? process.env.BIDUI_STATE,
  });
  const history = x.history.map((a) => historyText(a, lang));
  const text =
    format === 'json'
      ? JSON.stringify(x, null, 2)
      : format === 'html'
        ? dossierHtml(x, WORDS[lang], history)
        : printable(asText(x, WORDS[lang], history));
  if (o.out === undefined) output.out(text);
  else write(o.out, text);
  return EXIT.ok;
}

function write(path: string, text: string): void {
  try {
    // It holds all that is known of an enterprise: its owner's to hand on.
    writeFileSync(path, text.endsWith('\n') ? text : `${text}\n`, { mode: 0o600 });
  } catch (error) {
    throw outputError({
      what: `${path} cannot be written`,
      why: (error as Error).message,
      fix: 'give another file with --out',
    });
  }
}

function asText(x: Dossier, w: DossierWords, history: readonly string[]): string {
  const title = (t: string) => ['', `══ ${t} ══`];
  const lines = [`${x.name}  ${x.uscc}  ${w.asOf(x.as_of)}`, w.lead, ...title(w.sideBySide)];
  const values = x.side_by_side.flatMap((s) =>
    s.values.map((v, i) => [i === 0 ? `${s.differs ? '≠ ' : '  '}${s.title}` : '', v.value, v.source, v.place]),
  );
  lines.push(values.length > 0 ? table([w.values[0]!, w.values[1]!, '', ''], values) : w.none);
  lines.push(...title(w.verdicts));
  for (const t of x.themes) {
    const counts = new Map<string, number>();
    for (const c of t.checks) counts.set(c.outcome_title, (counts.get(c.outcome_title) ?? 0) + 1);
    lines.push(`${t.title}: ${[...counts].map(([k, n]) => `${k} ${n}`).join('，')}`);
    for (const c of t.checks) {
      for (const a of c.anomalies)
        lines.push(`  [${a.severity}] ${c.check} ${c.title}`, `      ${a.message}`, `      → ${a.advice}`);
      if (c.outcome === 'not_comparable') lines.push(`  [${c.outcome_title}] ${c.check} ${c.title}`);
    }
  }
  if (x.with_ledger) lines.push(...title(w.history), history.length > 0 ? history.join('\n') : w.none);
  lines.push(...title(w.records));
  for (const s of x.sources.filter((s) => s.count > 0)) {
    lines.push(`${s.title}（${s.department}，${w.rows(s.count)}）`);
    for (const r of s.rows)
      lines.push(`  ${r.file}:${r.row}  ${r.values.map((v) => `${v.title}=${v.value}`).join('  ')}`);
  }
  return lines.join('\n');
}
