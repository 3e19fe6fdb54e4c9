import type { Lang } from '../../config/text.js';
import type { Column } from '../anomaly-columns.js';
import { SCHEMA_VERSION } from '../machine/columns.js';
import type { ReportModel } from '../model.js';
import type { Code, codeLists } from './code-lists.js';
import type { CsvFile } from './files.js';

type Lists = ReturnType<typeof codeLists>;

const NOTE = {
  zh: '文本单元格前的单引号（避免被当作公式）或制表符（避免长数字、前导零被改动）是为电子表格加的，不属于数据。',
  en: 'A quote in front of a text (so that it is not run as a formula) or a tab (so that long numbers and leading zeros stay) is there for spreadsheet programs and no part of the data.',
};

/** Files of one kind share a schema, which stands beside the package. */
export const schemaPath = (kind: string): string => `table-schema/${kind}.json`;

/** A Frictionless Data Package of the run's CSV files: https://specs.frictionlessdata.io/data-package/ */
export function dataPackage(m: ReportModel, files: readonly CsvFile[]): object {
  const { lang } = m;
  return {
    profile: 'tabular-data-package',
    name: 'bidui-reports',
    id: m.runId,
    title: lang === 'zh' ? `疑似异常清单 ${m.summary.as_of}` : `Possible anomalies ${m.summary.as_of}`,
    description: NOTE[lang],
    descriptions: NOTE,
    bidui: { version: m.version, schema_version: SCHEMA_VERSION, as_of: m.summary.as_of, lang },
    resources: files.map((f) => resource(f, lang)),
  };
}

const resource = (f: CsvFile, lang: Lang) => ({
  ...{ profile: 'tabular-data-resource', name: f.name, path: f.path, title: f.title[lang], titles: f.title },
  ...{ format: 'csv', mediatype: 'text/csv', encoding: 'utf-8' },
  dialect: { delimiter: ',', lineTerminator: '\r\n', quoteChar: '"', doubleQuote: true, header: true },
  schema: schemaPath(f.kind),
});

/** Table Schema of a kind of file: https://specs.frictionlessdata.io/table-schema/ */
export function tableSchema(f: CsvFile, lists: Lists, lang: Lang): object {
  const name = (id: string) => f.columns.find((c) => c.id === id)!.title[lang];
  return {
    fields: f.columns.map((c) => field(c, f, lists, lang)),
    missingValues: [''],
    ...(f.key ? { primaryKey: f.key.map(name) } : {}),
    ...(f.enterprises
      ? { foreignKeys: [{ fields: [name('uscc')], reference: { resource: 'outcomes', fields: [name('uscc')] } }] }
      : {}),
    codes: Object.fromEntries(
      [...new Set(f.columns.flatMap((c) => c.values ?? []))].map((list) => [list, lists[list].map(codeOf)]),
    ),
  };
}

/** Named as in the header of the file; `id` is what programs call it in any language, `codes` which list its words are of. */
function field(c: Column, f: CsvFile, lists: Lists, lang: Lang): object {
  const constraints = {
    ...(c.required ? { required: true } : {}),
    ...(f.key?.length === 1 && f.key[0] === c.id ? { unique: true } : {}),
    ...(c.values ? { enum: lists[c.values].map((code) => code.word[lang]) } : {}),
  };
  return {
    ...{ name: c.title[lang], id: c.id, type: c.type ?? 'string', ...(c.type === 'date' ? { format: 'default' } : {}) },
    ...{ title: c.title[lang], titles: c.title, description: c.description[lang], descriptions: c.description },
    ...(Object.keys(constraints).length > 0 ? { constraints } : {}),
    ...(c.values ? { codes: c.values } : {}),
  };
}

const codeOf = ({ id, word, meaning }: Code) => ({ id, ...word, ...(meaning ? { meaning } : {}) });
