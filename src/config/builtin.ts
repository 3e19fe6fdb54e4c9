import { type Contract, contract } from './contract.js';

/**
 * Sources that no department delivers: what ingest itself found out. Checks use them like any other
 * (`from: quarantined`), so that "the credit code in the tax extract cannot be read" is a check as well.
 */
export const BUILTIN_CONTRACTS: readonly Contract[] = [
  contract.parse({
    source: 'quarantined',
    title: { zh: '隔离数据', en: 'Quarantined data' },
    department: 'big_data',
    files: ['(built in)'],
    complete: true,
    // Rows are linked by ingest itself, which knows how each was found.
    subject: {},
    key: ['source', 'file', 'row', 'field'],
    fields: {
      source: { title: { zh: '数据源', en: 'Source' } },
      file: { title: { zh: '文件', en: 'File' } },
      row: { title: { zh: '行号', en: 'Row' }, type: 'int' },
      field: { title: { zh: '字段', en: 'Field' } },
      raw: { title: { zh: '原值', en: 'Raw value' } },
      reason: { title: { zh: '原因', en: 'Reason' } },
      scope: { title: { zh: '范围', en: 'Scope' } },
      name: { title: { zh: '企业名称', en: 'Enterprise name' }, type: 'name' },
    },
  }),
  contract.parse({
    source: 'linked',
    title: { zh: '非代码关联的数据', en: 'Rows linked otherwise than by credit code' },
    department: 'big_data',
    files: ['(built in)'],
    complete: true,
    // Rows are linked by ingest itself, which knows how each was found.
    subject: {},
    key: ['source', 'file', 'row'],
    fields: {
      source: { title: { zh: '数据源', en: 'Source' } },
      file: { title: { zh: '文件', en: 'File' } },
      row: { title: { zh: '行号', en: 'Row' }, type: 'int' },
      method: { title: { zh: '关联方式', en: 'Method' } },
      raw: { title: { zh: '原值', en: 'Raw value' } },
    },
  }),
];
