import type { CheckedCheck } from '../checks/checked.js';
import { applyOverrides } from '../config/override.js';
import type { Pack } from '../config/pack.js';
import type { Lang } from '../config/text.js';
import { EXIT, usageError } from '../errors.js';
import { citation, inForce } from '../report/legal-basis.js';
import { explainEnterprise, explainSql } from '../run/explain.js';
import { loadChecks, pickChecks } from '../run/load-checks.js';
import { asOfOf, checksDirOf, langOf } from './options.js';
import { type Output, printable } from './output.js';
import { table } from './table.js';

interface ExplainOptions {
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
  if (options.enterprise && (!options.input || !options.asOf)) {
    throw usageError({
      what: '--enterprise needs the extracts and the day',
      fix: 'add --input <dir> and --as-of <date>, as for `bidui run`',
    });
  }
  const park = options.params;
  const { pack, themes } = loadChecks(checksDirOf(options), (p) => (park ? applyOverrides(p, park) : p));
  const [check] = pickChecks(themes, [id]);
  const facts = { asOf, lang, unmasked: options.unmasked === true };
  output.out(inWords(check!, pack, lang, asOf));
  if (!options.enterprise) {
    output.out(`\nSQL (${lang}, as of ${asOf}):\n${explainSql(check!, pack, facts)}`);
    return EXIT.ok;
  }
  const result = await explainEnterprise(pack, check!, options.enterprise.trim().toUpperCase(), options.input!, facts);
  output.out(printable(`\n${result.enterprise} ${options.enterprise}`));
  for (const v of result.verdicts) {
    const outcome = pack.vocabulary.outcomes[v.outcome][lang];
    output.out(
      table(
        ['value', '', 'from'],
        v.values.map((x) => [x.name, printable(x.value), x.place]),
      ),
    );
    output.out(`when: ${v.when}, expect: ${v.expect} → ${outcome}\n`);
  }
  return EXIT.ok;
}

function inWords(c: CheckedCheck, pack: Pack, lang: Lang, asOf: string): string {
  const { departments, classifications, severities } = pack.vocabulary;
  const joins = Object.entries(c.def.with).map(([alias, j]) => {
    const how = j.group
      ? `group ${Object.entries(j.group)
          .map(([n, e]) => `${n} = ${e}`)
          .join(', ')}`
      : j.each
        ? 'each row'
        : j.pick
          ? `pick ${j.pick}`
          : 'one row';
    const parts = [
      `${alias}: ${pack.contracts.get(j.from)?.title[lang]} (${j.from})`,
      how,
      j.on && `on ${j.on}`,
      j.where && `where ${j.where}`,
    ];
    return `  ${parts.filter(Boolean).join(' · ')}`;
  });
  const bases = c.def.basis.map((id) => pack.bases.get(id)!).filter((b) => inForce(b, asOf));
  const params = [...new Set(JSON.stringify(c.def).match(/param\.[a-z0-9_]+/g) ?? [])].map((p) => {
    const param = pack.params.get(p.slice('param.'.length));
    return `  ${p} = ${Array.isArray(param?.value) ? `[${param.value.length}] ${param.value.slice(0, 6).join(', ')}` : param?.value} (${param?.title[lang]}; ${param?.source})`;
  });
  const also = c.theme.also ? ` (${c.id.replace(c.theme.prefix, c.theme.also)})` : '';
  return [
    `${c.id}${also} ${c.def.title[lang]}`,
    `${c.theme.title[lang]} › ${c.def.item[lang]} › ${c.def.key_point[lang]}`,
    `${classifications[c.def.classification]?.[lang]} · ${severities[c.severity.otherwise][lang]} · ${departments[c.def.department]?.[lang]}`,
    ...(bases.length > 0 ? [bases.map((b) => citation(b, lang)).join('；')] : []),
    '',
    ...(joins.length > 0 ? ['beside the enterprise:', ...joins] : []),
    `applies when: ${c.def.when ?? 'always'}`,
    `expects: ${c.def.expect}`,
    ...(params.length > 0 ? ['parameters:', ...params] : []),
    `message: ${c.def.message[lang]}`,
    `advice: ${c.def.advice[lang]}`,
    ...(c.def.supersedes.length > 0 ? [`explains, and so replaces: ${c.def.supersedes.join(', ')}`] : []),
  ].join('\n');
}
