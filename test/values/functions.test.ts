import { describe, expect, it } from 'vitest';
import type { Sql } from '../../src/engine/dialect.js';
import { type FunctionName, functions, nameKey } from '../../src/values/index.js';
import { d, evaluate } from './harness.js';

/** Each row: the arguments as texts, then the answer as text. */
function says(
  name: FunctionName,
  rows: readonly (readonly (string | null)[])[],
  cast: (column: Sql, index: number) => Sql = (c) => c,
  literals: readonly string[] = [],
) {
  it.concurrent(`${name}${literals.length > 0 ? `(${literals})` : ''}`, async () => {
    const args = rows.map((r) => r.slice(0, -1));
    const found = await evaluate(args, (...c) => functions[name].sql(d, ...c.map(cast), ...literals));
    expect(found.map((f, i) => [...args[i]!, f])).toEqual(rows);
  });
}

const date = (c: Sql) => d.cast(c, 'date');
const decimal = (c: Sql) => d.cast(c, 'decimal');
/** Names are compared by the keys that ingest has stored. */
const key = (c: Sql) => nameKey(c, d);
const list = (c: Sql) => d.split(c, '[|]');

describe('identifiers', () => {
  says('valid_uscc', [
    ['91130200699229617X', 'true'],
    ['91350100M000100Y43', 'true'],
    ['91320594MA1TEXT06F', 'true'],
    ['91320594MA2000019B', 'true'],
    ['91320594MA7ABCDE97', 'true'],
    ['91320594MA7ABCDE98', 'false'],
    ['91320594MA7ABCDE9', 'false'],
    ['9132059OMA7ABCDE97', 'false'],
    ['', 'false'],
    [null, null],
  ]);
  says('repair_uscc', [
    ['9132O594MA1TEXT06F', '91320594MA1TEXT06F'],
    ['9I320594MA1TEXT06F', '91320594MA1TEXT06F'],
    ['913Z0594MA1TEXT06F', '91320594MA1TEXT06F'],
    ['91320S94MA1TEXT06F', '91320594MA1TEXT06F'],
    ['91320594MA7A8CDE97', '91320594MA7ABCDE97'],
    ['91320594MA1TEXT06F', null],
    ['9I32O594MA1TEXT06F', null],
    ['91320594MA1TEXT06G', null],
    ['91320594MA1TEXT06', null],
    [null, null],
  ]);
  says('valid_reg_no', [
    ['110108000000016', 'true'],
    ['320594000012340', 'true'],
    ['320594000012341', 'false'],
    ['3205942100123', null],
    [null, null],
  ]);
  says('valid_org_code', [
    ['699229617', 'true'],
    ['MA1TEXT06', 'true'],
    ['699229618', 'false'],
    [null, null],
  ]);
  says('valid_id_no', [
    ['11010519491231002X', 'true'],
    ['110105194912310021', 'false'],
    [null, null],
  ]);
  says('valid_cas', [
    ...['64-17-5', '67-56-1', '7664-93-9', '108-88-3', '67-64-1', '1310-73-2', '67-63-0'].map((x) => [x, 'true']),
    ['64-17-6', 'false'],
    ['酒精', 'false'],
    [null, null],
  ]);
  says('valid_permit_no', [
    ['91130200699229617X001P', 'true'],
    ['91130200699229618X001P', 'false'],
    ['H93205940000000011001P', 'true'],
    ['排污', 'false'],
    [null, null],
  ]);
  says('permit_uscc', [
    ['91130200699229617X002P', '91130200699229617X'],
    ['H93205940000000011001P', null],
    [null, null],
  ]);
  says('permit_site', [
    ['91130200699229617X002P', '002'],
    ['x', null],
    [null, null],
  ]);
  says('valid_licence_no', [
    ['苏(苏)危化经字00123', 'true'],
    ['(苏)WH安许证字(E00123)', 'true'],
    ['苏(苏园)危化经字(2023)00123', 'true'],
    ['00123', 'false'],
    ['办理中', 'false'],
  ]);
  says('org_code_of', [
    ['91130200699229617X', '699229617'],
    ['320594699229617', '699229617'],
    ['699229617', '699229617'],
    ['110108000000016', null],
    [null, null],
  ]);
});

describe('names', () => {
  says(
    'same_name',
    [
      ['苏州星湖化工（集团）有限公司', '苏州星湖化工(集团) 有限公司', 'true'],
      ['苏州星湖化工有限公司', '苏州星湖化工有限责任公司', 'false'],
      ['苏州工业园区星湖化工有限公司', '苏州星湖化工有限公司', 'false'],
      ['蘇州東華機電有限公司', '苏州东华机电有限公司', 'true'],
      ['ABC（苏州）有限公司', 'ａｂｃ(苏州)有限公司', 'true'],
      ['苏州“星湖”化工有限公司', '苏州星湖化工有限公司', 'true'],
      ['苏州星湖·化工有限公司', '苏州星湖化工有限公司', 'true'],
      ['苏州𠮷田有限公司', '苏州吉田有限公司', 'false'],
      ['苏州星湖化工有限公司', '苏州星湖化工有限公司昆山分公司', 'false'],
      ['无锡公司', null, null],
    ],
    key,
  );
  says('is_branch_name', [
    ['苏州星湖化工有限公司昆山分公司', 'true'],
    ['苏州星湖化工有限公司', 'false'],
    ['苏州分公司管理有限公司', 'false'],
    [null, null],
  ]);
  says(
    'is_name_of',
    [
      ['甲公司', '乙公司', '甲公司|丙公司', 'true'],
      ['乙 公司', '乙公司', '甲公司', 'true'],
      ['丁公司', '乙公司', '甲公司', 'false'],
      ['丁公司', '乙公司', null, 'false'],
      [null, '乙公司', null, null],
      ['丁公司', null, null, null],
    ],
    (c, i) => (i === 2 ? list(c) : key(c)),
  );
  says(
    'former_name',
    [
      ['甲公司|丙（苏州）公司', '丙(苏州)公司', 'true'],
      ['甲公司', '丙公司', 'false'],
      ['甲公司', null, null],
    ],
    (c, i) => (i === 0 ? list(c) : key(c)),
  );
});

describe('scope', () => {
  says('mentions', [
    ['化工产品销售(不含危险化学品)', '危险化学品', 'false'],
    ['化工产品销售（不含危险化学品、易制毒品）', '危险化学品', 'false'],
    ['许可项目:危险化学品经营(依法须经批准的项目,经相关部门批准后方可开展经营活动)', '危险化学品', 'true'],
    ['危险化学品经营;', '危险化学品', 'true'],
    ['销售化工产品，不含危险化学品；危险化学品仓储', '危险化学品', 'true'],
    ['销售除危险化学品外的化工产品', '危险化学品', 'false'],
    ['化工产品（除危险化学品）', '危险化学品', 'false'],
    ['化工产品（危险化学品除外）销售', '危险化学品', 'false'],
    ['销售化工产品（危险化学品及易制毒化学品除外）', '危险化学品', 'false'],
    ['非危险化学品销售', '危险化学品', 'false'],
    ['危险化学品(除剧毒品外)经营', '危险化学品', 'true'],
    ['不得经营危险化学品', '危险化学品', 'false'],
    ['危 险化学品批发', '危险化学品', 'true'],
    ['机械加工', '危险化学品', 'false'],
    [null, '危险化学品', null],
  ]);
});

describe('dates', () => {
  says(
    'open_ended',
    [
      ['9999-12-31', 'true'],
      ['2026-01-01', 'false'],
      [null, null],
    ],
    date,
  );
  says(
    'add_months',
    [
      ['2026-05-31', '1', '2026-06-30'],
      ['9999-12-31', '-3', '9999-12-31'],
      [null, '1', null],
    ],
    (c, i) => d.cast(c, i === 0 ? 'date' : 'int'),
  );
  says(
    'add_years',
    [
      ['2024-02-29', '1', '2025-02-28'],
      ['2023-08-01', '5', '2028-08-01'],
    ],
    (c, i) => d.cast(c, i === 0 ? 'date' : 'int'),
  );
  says('add_days', [['2026-11-23', '60', '2027-01-22']], (c, i) => d.cast(c, i === 0 ? 'date' : 'int'));
  says(
    'days_between',
    [
      ['2026-11-23', '2027-01-22', '60'],
      [null, '2026-01-01', null],
    ],
    date,
  );
  says(
    'months_between',
    [
      ['2026-01-31', '2026-02-28', '1'],
      ['2026-01-15', '2026-03-14', '1'],
      ['2026-03-14', '2026-01-15', '-1'],
      ['2026-01-15', '2026-01-15', '0'],
      [null, '2026-01-15', null],
    ],
    date,
  );
  says('year', [['2026-01-15', '2026']], date);
  says('month', [['2026-01-15', '1']], date);
  says(
    'make_date',
    [
      ['2026', '6', '30', '2026-06-30'],
      ['2026', '2', '30', null],
    ],
    (c) => d.cast(c, 'int'),
  );
});

describe('numbers and lists', () => {
  says(
    'within',
    [
      ['103', '100', '0.1', '3', 'true'],
      ['111', '100', '0.1', '3', 'false'],
      ['110', '100', '0.1', '3', 'true'],
      ['2', '0', '0.1', '3', 'true'],
      ['-111', '-100', '0.1', '3', 'false'],
      [null, '100', '0.1', '3', null],
    ],
    decimal,
  );
  says('round', [['1.25', '1.3']], decimal, ['1']);
  says(
    'ratio',
    [
      ['1', '4', '0.25'],
      ['1', '0', null],
    ],
    decimal,
  );
  says('first_of', [
    [null, '乙', '乙'],
    ['甲', '乙', '甲'],
    [null, null, null],
  ]);
  says(
    'overlaps',
    [
      ['甲|乙', '乙|丙', 'true'],
      ['甲', '乙', 'false'],
      [null, '乙', null],
    ],
    list,
  );
  says(
    'size',
    [
      ['甲|乙', '2'],
      [null, null],
    ],
    list,
  );
  says(
    'includes',
    [
      ['甲|乙', '乙', 'true'],
      ['甲|乙', '丙', 'false'],
      [null, '丙', null],
    ],
    (c, i) => (i === 0 ? list(c) : c),
  );
});

describe('masks', () => {
  says('mask_person', [
    ['张三', '张*'],
    ['欧阳娜', '欧**'],
    ['欧阳娜娜', '欧**'],
    ['𠮷田', '𠮷*'],
    [null, null],
  ]);
  says('mask_id_no', [
    ['11010519491231002X', '110***********002X'],
    ['123', '***'],
    [null, null],
  ]);
  says('mask_phone', [
    ['13812341234', '138****1234'],
    ['0512-62881234', '****1234'],
    ['110', '****'],
    [null, null],
  ]);
  says('mask_email', [
    ['abc@example.com', 'a***@example.com'],
    ['x', '***'],
    [null, null],
  ]);
});
