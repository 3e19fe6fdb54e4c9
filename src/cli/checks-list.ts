import type { CheckedCheck } from '../checks/checked.js';
import { allChecks } from '../checks/load-themes.js';
import { logicText } from '../checks/words/logic.js';
import type { Pack } from '../config/pack.js';
import type { Lang } from '../config/text.js';
import { EXIT } from '../errors.js';
import { feedbackByCheck } from '../ledger/summary.js';
import { catalogue } from '../report/catalogue.js';
import { BOM, EOL, quotedLine } from '../report/csv.js';
import { readLedger } from '../run/ledger.js';
import { loadChecks } from '../run/load-checks.js';
import { percent } from './ledger-text.js';
import { asOfOf, checksDirOf, langOf, oneOf } from './options.js';
import type { Output } from './output.js';
import { table } from './table.js';

const TITLES = {
  zh: [
    '规则编号',
    '主题',
    '检查事项',
    '关键检查点',
    '规则名称',
    '比对逻辑',
    '数据来源',
    '异常类型',
    '风险等级',
    '责任部门',
    '协同部门',
    '法律依据',
    '核查建议',
  ],
  en: [
    'Check',
    'Theme',
    'Check item',
    'Key check point',
    'Name',
    'Comparison',
    'Sources',
    'Classification',
    'Severity',
    'Department',
    'Helping departments',
    'Legal basis',
    'Advice',
  ],
} as const;

/** From a ledger: how many anomalies of the check the departments have judged, and how many of these were none. */
const FEEDBACK_TITLES = { zh: ['已有结论', '误报率'], en: ['Concluded', 'False alarms'] } as const;

/** The checklist (一单): 检查事项 → 关键检查点 → 数据比对逻辑, as the departments sign it. */
export async function listCommand(
  options: { checks?: string; format: string; lang: string; asOf?: string; state?: string },
  output: Output,
): Promise<number> {
  const lang = langOf(options.lang);
  const format = oneOf('--format', options.format, ['table', 'csv', 'md', 'json'] as const);
  const { pack, themes } = loadChecks(checksDirOf(options));
  const checks = allChecks(themes);
  // Without a day every rule that was ever in force is named, the newest last.
  const rows = checklist(checks, pack, lang, options.asOf === undefined ? '9999-12-31' : asOfOf(options.asOf));
  const titles: string[] = [...TITLES[lang]];
  if (options.state) {
    const said = await readLedger(options.state, feedbackByCheck);
    titles.push(...FEEDBACK_TITLES[lang]);
    checks.forEach((c, i) => {
      const f = said.find((x) => x.check === c.id);
      rows[i]!.push(...(f ? [String(f.concluded), percent(f.false_alarm_rate)] : ['0', '']));
    });
  }
  if (format === 'json') {
    output.out(
      JSON.stringify(
        rows.map((r) => Object.fromEntries(titles.map((t, i) => [t, r[i]]))),
        null,
        2,
      ),
    );
  } else if (format === 'csv') {
    output.out(`${BOM}${[titles, ...rows].map(quotedLine).join(EOL)}\r`);
  } else if (format === 'md') {
    const line = (r: readonly string[]) =>
      `| ${r.map((x) => x.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
    output.out([line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n'));
  } else {
    const short = [0, 1, 2, 3, 4, 8, 9, ...(options.state ? [13, 14] : [])];
    output.out(
      table(
        short.map((i) => titles[i]!),
        rows.map((r) => short.map((i) => r[i]!)),
        { width: output.columns },
      ),
    );
    output.out(`${themes.length} themes, ${checks.length} checks`);
  }
  return EXIT.ok;
}

function checklist(checks: readonly CheckedCheck[], pack: Pack, lang: Lang, asOf: string): string[][] {
  const join = lang === 'zh' ? '、' : ', ';
  const { severities } = pack.vocabulary;
  return catalogue(checks, pack, lang, asOf).map((e, i) => {
    const c = checks[i]!;
    const sources = ['enterprise', ...Object.values(c.def.with).map((j) => j.from)];
    const levels = [...c.severity.cases.map((x) => x.severity), c.severity.otherwise];
    return [
      e.check_id,
      e.theme,
      e.item,
      e.key_point,
      e.check_title,
      logicText(c, pack, lang),
      [...new Set(sources)].map((s) => pack.contracts.get(s)?.title[lang] ?? s).join(join),
      e.classification,
      [...new Set(levels)].map((s) => severities[s][lang]).join('/'),
      e.department,
      e.helping_departments,
      e.legal_basis,
      e.advice,
    ];
  });
}
