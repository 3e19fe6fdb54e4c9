import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Column } from '../anomaly-columns.js';
import { BOM, EOL, quotedLine } from '../csv.js';
import type { ReportModel } from '../model.js';
import { writeJson } from '../write.js';
import { type Code, codeLists } from './code-lists.js';
import { DATA_PACKAGE, DICTIONARY_COLUMNS, DICTIONARY_CSV, DICTIONARY_MD } from './columns.js';
import { dataPackage, schemaPath, tableSchema } from './data-package.js';
import { type CsvFile, csvFiles } from './files.js';

/** What every column of every CSV file of the run means: for people as a table and a page, for programs as a data package. */
export async function writeDictionary(m: ReportModel, written: readonly string[]): Promise<string[]> {
  const lists = codeLists(m);
  const csv = csvFiles(m, written);
  const tables = tablesOf(csv);
  const rows = tables.flatMap((t) => t.columns.map((c, i) => row(t, c, i, c.values && lists[c.values])));
  const lines = [DICTIONARY_COLUMNS.map((c) => c.title[m.lang]), ...rows].map((cells) => quotedLine(cells) + EOL);
  writeFileSync(join(m.dir, DICTIONARY_CSV), BOM + lines.join(''));
  writeFileSync(join(m.dir, DICTIONARY_MD), markdown(tables, lists));
  mkdirSync(join(m.dir, dirname(schemaPath(''))), { recursive: true });
  const schemas = kindsOf(csv).map((f) => writeJson(m.dir, schemaPath(f.kind), tableSchema(f, lists, m.lang)));
  return [DICTIONARY_CSV, DICTIONARY_MD, writeJson(m.dir, DATA_PACKAGE, dataPackage(m, csv)), ...schemas];
}

interface Table {
  files: string;
  zh: string;
  en: string;
  columns: readonly Column[];
}

/** The first file of each kind. */
const kindsOf = (files: readonly CsvFile[]): CsvFile[] =>
  files.filter((f, i) => files.findIndex((x) => x.kind === f.kind) === i);

/** Files with the same columns are told once. Checks, of which there are many with one meaning, are told as one column. */
function tablesOf(files: readonly CsvFile[]): Table[] {
  return kindsOf(files).map((first) => {
    const same = files.filter((f) => f.kind === first.kind);
    const folders = [...new Set(same.slice(1).map((f) => `${f.path.slice(0, f.path.indexOf('/'))}/*.csv`))];
    const outcome = first.columns.filter((c) => c.values === 'outcome');
    return {
      files: [first.path, ...folders].join(' '),
      ...first.title,
      columns: [...first.columns.filter((c) => c.values !== 'outcome'), ...(outcome.length > 0 ? [ANY_CHECK] : [])],
    };
  });
}

const ANY_CHECK: Column = {
  id: '<check_id>',
  title: { zh: '〈规则编号 规则名称〉', en: '<check id and name>' },
  description: {
    zh: '每条规则一列：该规则对该企业的比对结果',
    en: 'A column for each check: its outcome for the enterprise',
  },
  required: true,
  values: 'outcome',
};

const TYPES = { text: '文本 text', integer: '整数 integer', date: '日期 date (YYYY-MM-DD)' };
const words = (codes: readonly Code[]) =>
  codes.map(({ word: { zh, en } }) => (zh === en ? zh : `${zh} ${en}`)).join('；');

const row = (t: Table, c: Column, i: number, codes: readonly Code[] | undefined): string[] => [
  ...[t.files, String(i + 1), c.id, c.title.zh, c.title.en, TYPES[c.type ?? 'text'], c.required ? '是 yes' : '否 no'],
  ...[c.description.zh, c.description.en, codes ? words(codes) : ''],
];

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
const line = (...cells: string[]) => `| ${cells.map(cell).join(' | ')} |`;

function markdown(tables: readonly Table[], lists: ReturnType<typeof codeLists>): string {
  const out = ['# 数据字典 · Data dictionary', ''];
  for (const t of tables) {
    out.push(
      `## ${t.zh} · ${t.en}`,
      '',
      t.files
        .split(' ')
        .map((f) => `\`${f}\``)
        .join(' '),
      '',
    );
    out.push(line('列 Column', '代码 Id', '类型 Type', '含义 Meaning', '代码表 Code list'), '|---|---|---|---|---|');
    for (const c of t.columns) {
      const type = `${TYPES[c.type ?? 'text']}${c.required ? '，必填 always filled' : ''}`;
      const meaning = `${c.description.zh}。${c.description.en}.`;
      out.push(line(`${c.title.zh} ${c.title.en}`, c.id, type, meaning, c.values ? `[${c.values}](#${c.values})` : ''));
    }
    out.push('');
  }
  out.push('## 代码表 · Code lists', '');
  for (const [name, codes] of Object.entries(lists)) {
    out.push(`### ${name}`, '', line('代码 Id', '中文', 'English', '含义 Meaning'), '|---|---|---|---|');
    for (const c of codes) {
      out.push(line(c.id, c.word.zh, c.word.en, c.meaning ? `${c.meaning.zh}。${c.meaning.en}.` : ''));
    }
    out.push('');
  }
  return `${out.join('\n')}`;
}
