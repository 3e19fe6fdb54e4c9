import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inProcess } from './bidui.js';
import { shown } from './refused.js';
import { A, C, PERSONAL, world, write } from './world.js';

const explain = async (...argv: string[]) => {
  const w = world();
  const told = await inProcess(['checks', 'explain', ...argv, '--checks', w.checks]);
  return { ...told, out: shown(told.out, w) };
};
const ofEnterprise = async (id: string, uscc: string, ...more: string[]) => {
  const w = world();
  return inProcess([
    ...[
      'checks',
      'explain',
      id,
      '--enterprise',
      uscc,
      '--input',
      w.input,
      '--as-of',
      '2026-07-31',
      '--checks',
      w.checks,
    ],
    ...more,
  ]);
};

describe('bidui checks explain', () => {
  test('says in words what a check does, and the SQL it becomes', async () => {
    const { code, out } = await explain('AA-01', '--lang', 'en');
    expect(code).toBe(0);
    expect(out.slice(0, out.indexOf('\nSQL'))).toMatchInlineSnapshot(`
      "AA-01 Permit expired
      Permits › Check item › Key point
      Expired · Red · Ecology
      Permit rules 第十四条

      Data
        Permits (every record by itself)
      Applies where
        Status of the enterprise is Active
        = enterprise.status == 'active'
      Expected
        Valid to of Permits is no earlier than Days of grace (0) days before the day of the run
        = permit.valid_to >= add_days(as_of, -param.grace_days)
      Parameters
        Days of grace param.grace_days = 0 (ours)
      Message
        Possible expired permit: {permit.permit_no} was valid until {permit.valid_to}
      Advice
        Please verify
      "
    `);
    expect(out).toMatch(/\nSQL \(as of 2026-07-31, .*\):\n[\s\S]*SELECT/);
  });

  test('shows the values of an enterprise with their places, and the verdict they led to', async () => {
    const { code, out } = await ofEnterprise('AA-02', A);
    expect(code).toBe(0);
    expect(out.slice(out.indexOf('\n苏州甲有限公司'))).toMatchInlineSnapshot(`
      "
      苏州甲有限公司 91320594MA1TEXT06F
      项目                  字段                  值           来源
      ────────────────────  ────────────────────  ───────────  ───────────────────────────
      企业的登记状态        enterprise.status     存续         企业登记_20260731.csv 第2行
      查到许可证表          exists(permit)        是           许可证.csv 第2行
      企业的法定代表人      enterprise.legal_rep  欧**         企业登记_20260731.csv 第2行
      许可证表的法定代表人  permit.legal_rep      诸**         许可证.csv 第2行
      企业的联系电话        enterprise.phone      138****5678  企业登记_20260731.csv 第2行
      适用条件: 成立 · 比对要求: 不成立 → 异常

      "
    `);
  });

  test('masks what reports mask, unless told not to', async () => {
    const masked = await ofEnterprise('BB-01', A);
    for (const value of PERSONAL) expect(masked.out).not.toContain(value);
    expect((await ofEnterprise('BB-01', A, '--unmasked')).out).toContain('110101199003078814');
  });

  test("follows the masking policy, and the park's own", async () => {
    const project = (rules: string) => {
      const w = world();
      write(w.root, {
        'masking.yaml': `rules:\n${rules}`,
        'bidui.yaml': 'version: 1\nchecks: checks\nsources: { input: in }\nreports: { masking: masking.yaml }\n',
      });
      return ['--project', join(w.root, 'bidui.yaml')];
    };
    const told = async (...argv: string[]) =>
      (await inProcess(['checks', 'explain', 'AA-02', '--enterprise', A, '--as-of', '2026-07-31', ...argv])).out;
    const left = project('  - { of: [enterprise.legal_rep], in: [dossier], do: omit }\n');
    for (const more of [[], ['--unmasked']]) {
      const out = await told(...left, ...more);
      expect(out).toMatch(/enterprise\.legal_rep\s+（不予显示）/);
      expect(out).not.toContain('欧');
    }
    expect(await told(...project('  - { of: [phone], in: [dossier], do: show }\n'))).toMatch(
      /enterprise\.phone\s+138\d{8} /,
    );
  });

  test('says so where the enterprise is not in the registry, or the check does not apply', async () => {
    const unknown = await ofEnterprise('AA-01', '91320594MA00000000');
    expect([unknown.code, unknown.err]).toEqual([3, expect.stringContaining('no enterprise 91320594MA00000000')]);
    expect((await ofEnterprise('AA-02', C)).out).toContain('不适用');
  });

  test('leaves nothing behind', async () => {
    const mine = () => readdirSync(tmpdir()).filter((n) => n.startsWith('bidui-') && n.includes(`-${process.pid}-`));
    await ofEnterprise('AA-01', A);
    expect(mine()).toEqual([]);
  });
});
