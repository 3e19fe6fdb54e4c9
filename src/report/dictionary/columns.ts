import { type Column, column } from '../anomaly-columns.js';

/** In both languages whatever the language of the run, so that it bears one name. */
export const DICTIONARY_CSV = '数据字典.csv';
export const DICTIONARY_MD = 'dictionary.md';
export const DATA_PACKAGE = 'datapackage.json';

export const DICTIONARY_COLUMNS: readonly Column[] = [
  column('file', '文件', 'File', ['哪个或哪些 CSV 文件', 'Which CSV files'], { required: true }),
  column('position', '序号', 'No', ['列在文件中的位置，从1起', 'Place of the column in the file, from 1'], {
    ...{ type: 'integer', required: true },
  }),
  column('id', '字段代码', 'Id', ['程序所用的名称', 'Name for programs'], { required: true }),
  column('title_zh', '中文列名', 'Chinese title', ['中文报告的表头', 'Header in Chinese reports'], { required: true }),
  column('title_en', '英文列名', 'English title', ['英文报告的表头', 'Header in English reports'], { required: true }),
  column('type', '类型', 'Type', ['文本、整数或日期', 'Text, integer or date'], { required: true }),
  column('filled', '必填', 'Filled', ['是：每行都有值', 'Whether every row has a value'], { required: true }),
  column('meaning_zh', '含义', 'Meaning in Chinese', ['列的含义', 'What it holds, in Chinese'], { required: true }),
  column('meaning_en', '英文含义', 'Meaning', ['列的含义（英文）', 'What it holds'], { required: true }),
  column('codes', '代码表', 'Code list', ['可取的值，中文和英文', 'The words it can hold, Chinese and English']),
];
