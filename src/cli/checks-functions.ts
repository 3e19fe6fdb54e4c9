import { languageFunctions } from '../compile/language-functions.js';
import { signatures } from '../compile/signatures.js';
import { EXIT } from '../errors.js';
import { langOf } from './options.js';
import type { Output } from './output.js';
import { table } from './table.js';

const AGGREGATES: Record<string, { zh: string; en: string }> = {
  'count()': { zh: '行数', en: 'How many rows.' },
  'count(condition)': { zh: '满足条件的行数', en: 'How many rows meet the condition.' },
  'count_distinct(x)': { zh: '不同值的个数', en: 'How many different values.' },
  'sum(x)': { zh: '合计（精确）', en: 'Exact sum.' },
  'min(x)': { zh: '最小值', en: 'The least.' },
  'max(x)': { zh: '最大值', en: 'The greatest.' },
  'any(condition)': { zh: '任一行满足', en: 'Some row meets the condition.' },
  'all(condition)': { zh: '所有行满足', en: 'Every row meets the condition.' },
  'collect(x)': { zh: '不重复文本列表（排序）', en: 'The different texts, sorted.' },
};

export function functionsCommand(options: { lang: string }, output: Output): number {
  const lang = langOf(options.lang);
  const rows = [...signatures.values()]
    .map((s) => [s.usage, languageFunctions[s.name]?.returns ?? '', languageFunctions[s.name]?.doc[lang] ?? ''])
    .sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
  output.out(table(['function', 'gives', ''], rows));
  output.out('');
  output.out(
    table(
      ['under group', ''],
      Object.entries(AGGREGATES).map(([usage, doc]) => [usage, doc[lang]]),
    ),
  );
  return EXIT.ok;
}
