import { expect, test } from 'vitest';
import { logicText } from '../../src/checks/words/logic.js';
import { check, checksOf } from './harness.js';

const said = (part: Record<string, unknown>) => {
  const { pack, checks } = checksOf([check(part)]);
  return [logicText(checks[0]!, pack, 'zh'), logicText(checks[0]!, pack, 'en')];
};

test('a comparison in words: titles, labels, days, numbers, parameters', () => {
  expect(
    said({
      with: { permit: { from: 'permit', where: "permit.status == 'active'", pick: 'latest valid_to' } },
      when: "enterprise.status in ['active'] && !(exists(permit) && !has(permit.kind))",
      expect: 'permit.valid_to >= add_months(as_of, -param.a_limit) || (permit.n > 3 && !open_ended(permit.valid_to))',
    }),
  ).toMatchInlineSnapshot(`
    [
      "数据：许可证（限状态为存续，取Until甲最晚的一条）。适用：企业的登记状态属于（存续），且并非（查到许可证，且许可证的Kind甲空缺）。要求：许可证的Until甲不早于基准日前上限（5）个月或（许可证的N甲大于3，且许可证的Until甲不是长期）。",
      "Data: Permits (where Status is Active, the one with the latest Until). Applies where: Status of the enterprise is one of (Active) and not (Permits is found and Kind of Permits is blank). Expected: Until of Permits is no earlier than Limit (5) months before the day of the run or (N of Permits is more than 3 and Until of Permits has an end).",
    ]
  `);
});

test('rows judged by themselves, values over rows, rows of any enterprise', () => {
  expect(
    said({
      with: {
        permit: { from: 'permit', each: true },
        other: {
          from: 'permit',
          on: 'other.kind == permit.kind',
          group: {
            n: 'count()',
            newest: 'max(other.issued_on)',
            ours: 'any(same_address(other.address, enterprise.address))',
          },
        },
        limit: { from: 'limit', across: true, on: 'limit.kind == permit.kind' },
      },
      when: 'other.n > 1 && !other.ours && permit.kind in param.some_kinds',
      expect: 'permit.issued_on == other.newest && within(permit.amount, limit.tonnes, 0.1, 5)',
      about: ['permit.permit_no'],
    }),
  ).toMatchInlineSnapshot(`
    [
      "数据：许可证①（逐条比对）；许可证②（Kind甲与许可证①的Kind甲相同，全部符合条件的记录）；限值（Kind甲与许可证①的Kind甲相同）。适用：许可证②的条数大于1，且许可证②中没有一条满足“Address甲与企业的Address甲为同一地址”，且许可证①的Kind甲属于类别（air、water）。要求：许可证①的Issued甲为许可证②中最大（最晚）的Issued甲，且许可证①的Amount甲与限值的Tonnes甲相差不超过限值的Tonnes甲的0.1倍或5（取大者）。",
      "Data: Permits① (every record by itself); Permits② (Kind equals Kind of Permits①, all such records together); Limits (Kind equals Kind of Permits①). Applies where: the number of Permits② is more than 1 and for none of Permits② Address and Address of the enterprise are the same place and Kind of Permits① is one of Kinds (air、water). Expected: Issued of Permits① is the greatest Issued of Permits② and Amount of Permits① and Tonnes of Limits differ by no more than 0.1 × Tonnes of Limits or 5, whichever is more.",
    ]
  `);
});
