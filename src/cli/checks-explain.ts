import type { CheckedCheck } from '../checks/checked.js';
import { logicOf } from '../checks/words/logic.js';
import { applyOverrides } from '../config/override.js';
import type { Pack } from '../config/pack.js';
import type { Lang } from '../config/text.js';
import { EXIT, usageError } from '../errors.js';
import { citation, inForce } from '../report/legal-basis.js';
import { type Explained, explainEnterprise, explainSql } from '../run/explain.js';
import { loadChecks, pickChecks } from '../run/load-checks.js';
import { asOfOf, checksDirOf, langOf } from './options.js';
import { type Output, printable } from './output.js';
import { inputOf, type WithProject } from './project.js';
import { table } from './table.js';

interface ExplainOptions extends WithProject {
  checks?: string;
  params?: string;
  lang: string;
  asOf?: string;
  enterprise?: string;
  input?: string;
  unmasked?: boolean;
}

export async function explainCommand(id: string, options: ExplainOptions, output: Output): Promise<number> {
  const lang = langOf(options.lang);
  const asOf = asOfOf(options.asOf ?? '2026-07-31');
  const given = options.input !== undefined || options.loadedProject !== undefined;
  if (options.enterprise && (!given || !options.asOf)) {
    throw usageError({
      what: '--enterprise needs the extracts and the day',
      fix: 'add --input <dir> and --as-of <date>, as for `bidui run`',
    });
  }
  const park = options.params;
  const { pack, themes } = loadChecks(checksDirOf(options), (p) => (park ? applyOverrides(p, park) : p));
  const [check] = pickChecks(themes, [id]);
  const facts = { asOf, lang, unmasked: options.unmasked === true };
  output.out(about(check!, pack, lang, asOf));
  if (!options.enterprise) {
    output.out(`\n${WORDS[lang].sql(asOf)}\n${explainSql(check!, pack, facts)}`);
    return EXIT.ok;
  }
  const result = await explainEnterprise(
    pack,
    check!,
    options.enterprise.trim().toUpperCase(),
    inputOf(options.input, options),
    { ...facts, maskingFile: options.loadedProject?.settings.reports?.masking },
  );
  output.out(printable(`\n${result.enterprise} ${options.enterprise}`));
  output.out(verdicts(result, pack, lang));
  return EXIT.ok;
}

const WORDS = {
  zh: {
    data: '数据',
    when: '适用条件',
    always: '全部企业',
    expect: '比对要求',
    params: '参数',
    message: '异常描述',
    advice: '核查建议',
    replaces: '同一原因，不再另报',
    value: ['项目', '字段', '值', '来源'],
    truth: { true: '成立', false: '不成立', unknown: '无法判断' },
    refused: '另有记录被隔离（见 quarantine.csv），因此结果不优于“无法比对”',
    sql: (asOf: string) => `SQL（基准日 ${asOf}，设各数据源均已提供、无隔离记录）：`,
    source: (text: string) => `（${text}）`,
  },
  en: {
    data: 'Data',
    when: 'Applies where',
    always: 'always',
    expect: 'Expected',
    params: 'Parameters',
    message: 'Message',
    advice: 'Advice',
    replaces: 'Explains, and so replaces',
    value: ['Value', 'Name', '', 'From'],
    truth: { true: 'true', false: 'false', unknown: 'unknown' },
    refused: 'Other rows were refused (see quarantine.csv): so nothing better than "not comparable" can be said.',
    sql: (asOf: string) => `SQL (as of ${asOf}, all sources delivered, nothing refused):`,
    source: (text: string) => ` (${text})`,
  },
} as const;

function verdicts(result: Explained, pack: Pack, lang: Lang): string {
  const w = WORDS[lang];
  const truth = (x: string) => w.truth[x as keyof typeof w.truth];
  const lines = result.verdicts.flatMap((v) => [
    table(
      [...w.value],
      v.values.map((x) => [printable(x.title), x.name, printable(x.value), x.place]),
    ),
    `${w.when}: ${truth(v.when)} · ${w.expect}: ${truth(v.expect)} → ${pack.vocabulary.outcomes[v.outcome][lang]}\n`,
  ]);
  return [...lines, ...(result.refused ? [w.refused] : [])].join('\n');
}

/** The check in words, and beside them as it is written. */
function about(c: CheckedCheck, pack: Pack, lang: Lang, asOf: string): string {
  const w = WORDS[lang];
  const { departments, classifications, severities } = pack.vocabulary;
  const logic = logicOf(c, pack, lang);
  const bases = c.def.basis.map((id) => pack.bases.get(id)!).filter((b) => inForce(b, asOf));
  const also = c.theme.also ? ` (${c.id.replace(c.theme.prefix, c.theme.also)})` : '';
  const replaces = c.def.supersedes.join(', ');
  return [
    `${c.id}${also} ${c.def.title[lang]}`,
    `${c.theme.title[lang]} › ${c.def.item[lang]} › ${c.def.key_point[lang]}`,
    `${classifications[c.def.classification]?.[lang]} · ${severities[c.severity.otherwise][lang]} · ${departments[c.def.department]?.[lang]}`,
    ...(bases.length > 0 ? [bases.map((b) => citation(b, lang)).join(lang === 'zh' ? '；' : '; ')] : []),
    '',
    ...section(w.data, logic.data),
    ...section(w.when, [logic.when ?? w.always], c.def.when),
    ...section(w.expect, [logic.expect], c.def.expect),
    ...section(w.params, paramsOf(c, pack, lang)),
    ...section(w.message, [c.def.message[lang]]),
    ...section(w.advice, [c.def.advice[lang]]),
    ...(replaces ? section(w.replaces, [replaces]) : []),
  ].join('\n');
}

function section(title: string, lines: readonly string[], written?: string): string[] {
  if (lines.length === 0) return [];
  return [title, ...lines.map((l) => `  ${l}`), ...(written ? [`  = ${written.replace(/\s+/g, ' ')}`] : [])];
}

function paramsOf(c: CheckedCheck, pack: Pack, lang: Lang): string[] {
  const used = new Set(JSON.stringify(c.def).match(/param\.[a-z0-9_]+/g) ?? []);
  return [...used].map((p) => {
    const param = pack.params.get(p.slice('param.'.length));
    const value = Array.isArray(param?.value)
      ? `[${param.value.length}] ${param.value.slice(0, 6).join(', ')}`
      : `${param?.value}`;
    return `${param?.title[lang]} ${p} = ${value}${WORDS[lang].source(param?.source ?? '')}`;
  });
}
