import { describe, expect, test } from 'vitest';
import { type ContractInput, contract } from '../../src/config/contract.js';
import { mapHeaders } from '../../src/ingest/map-headers.js';

const make = (fields: ContractInput['fields']) =>
  contract.parse({ source: 's', title: { zh: '源', en: 'S' }, department: 'd', files: ['*'], key: ['no'], fields });

const c = make({
  no: { title: { zh: '编号', en: 'Number' } },
  type: { title: { zh: '企业(机构)类型', en: 'Type' } },
  capital: { title: { zh: '注册资本', en: 'Capital' }, names: ['注册资本(金)'], type: 'money', unit: '万元' },
  stock: { title: { zh: '库存', en: 'Stock' }, type: 'quantity', unit: 't' },
  density: { title: { zh: '浓度', en: 'Concentration' }, type: 'quantity', unit: 'mg/L' },
  person: { title: { zh: '法定代表人', en: 'Representative' }, type: 'person' },
  rate: { title: { zh: '达标率', en: 'Rate' }, type: 'percent' },
});
const map = (...headers: string[]) => {
  const found = mapHeaders(c, ['编号', ...headers], 'f.csv', 'sources/s.yaml');
  return found.mapped.slice(1).map((m) => (m.unit ? [m.field, m.header, m.unit] : [m.field, m.header]));
};

describe('headers as people type them', () => {
  test.each([
    ['企业（机构）类型', ['type', '企业（机构）类型']],
    ['企业\n[机构] 类型', ['type', '企业\n[机构] 类型']],
    ['TYPE', ['type', 'TYPE']],
    ['*法定代表人', ['person', '*法定代表人']],
    ['法定代表人（负责人）', ['person', '法定代表人（负责人）']],
    ['注册资本（万元）', ['capital', '注册资本（万元）', '万元']],
    ['注册资本(金)（单位：元）', ['capital', '注册资本(金)（单位：元）', '元']],
    ['注册资本【亿元】', ['capital', '注册资本【亿元】', '亿元']],
    ['库存（KG）', ['stock', '库存（KG）', 'kg']],
    ['浓度(mg/L)', ['density', '浓度(mg/L)', 'mg/L']],
    ['达标率(%)', ['rate', '达标率(%)', '%']],
    ['基本信息/法定代表人', ['person', '基本信息/法定代表人']],
    ['金额/注册资本(元)', ['capital', '金额/注册资本(元)', '元']],
    ['法定代表人/', ['person', '法定代表人/']],
  ])('%j', (header, expected) => {
    expect(map(header)).toEqual([expected]);
  });

  test.each(['注册资本(万美元)', '注册资本(万韩元)', '浓度(ug/L)', '库存(m3)', '达标率(‰)', '注册资本总额'])(
    '%s is not taken: its figures would be read in a wrong unit, or it is another thing',
    (header) => {
      expect(map(header)).toEqual([]);
      expect(mapHeaders(c, ['编号', header], 'f.csv', 's').unknown).toEqual([header]);
    },
  );

  test('the full name is surer than the lower row of two; equals quarrel', () => {
    expect(map('附表/法定代表人', '法定代表人')).toEqual([['person', '法定代表人']]);
    const found = mapHeaders(c, ['编号', '注册资本', '注册资本(万元)'], 'f.csv', 'sources/s.yaml');
    expect(found.problems.map((p) => p.what)).toEqual([
      "2 columns for one field, 注册资本 (capital): '注册资本' (column 2), '注册资本(万元)' (column 3)",
    ]);
  });

  test('a missing key column lists what is there, and what was expected where nothing is near', () => {
    const found = mapHeaders(c, ['甲', '乙'], 'f.csv', 'sources/s.yaml');
    expect(found.problems).toEqual([
      {
        what: 'a required column is missing for 源 (s): 编号 (no)',
        where: { file: 'f.csv' },
        why: 'headers found: 甲, 乙',
        fix: "expected '编号' or 'Number' or 'no'. Rename the column, or add its header to the field's names in sources/s.yaml",
      },
    ]);
  });
});
