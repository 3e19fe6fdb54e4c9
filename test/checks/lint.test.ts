import { describe, expect, test } from 'vitest';
import { check, faults, lint, theme } from './harness.js';

const permit = { with: { permit: { from: 'permit', pick: 'latest valid_to' } } };

describe('where a fault stands', () => {
  /** The rest of a check around an expectation, written by hand: the place is what is tested. */
  const around = (expectation: string, before = '') => `theme: test
title: { zh: 主题, en: Theme }
prefix: AA
department: tax
checks:
  - id: AA-01
    title: { zh: 标题, en: Title }
    item: { zh: 事项, en: Item }
    key_point: { zh: 要点, en: Point }
    classification: expired
    severity: red
    department: tax
    with:
      permit: { from: permit, pick: latest valid_to }
${before}    expect: ${expectation}
    message: { zh: 疑似有误, en: Possibly wrong }
    evidence: [permit.valid_to]
    advice: { zh: 核实, en: Verify }
    examples:
      - { as_of: 2026-07-31, outcome: anomaly }
      - { as_of: 2026-07-31, outcome: consistent }
      - { as_of: 2026-07-31, outcome: not_comparable }
`;
  const told = (yaml: string) => lint(yaml).filter((x) => x.includes('valid_too'));
  const FIX = "\n  fix: did you mean 'valid_to'?";

  test.each([
    ['plain', 'permit.valid_too >= as_of', '15:20'],
    ['double quoted', '"permit.valid_too >= as_of"', '15:21'],
    ['single quoted', "'permit.valid_too >= as_of'", '15:21'],
    ['quoted with escapes', `"permit.kind == \\"x\\" || permit.valid_too >= as_of"`, '15:45'],
    ['single quoted with quotes', "'permit.kind == ''x'' || permit.valid_too >= as_of'", '15:45'],
    ['plain over lines', 'permit.n > 1\n      && permit.valid_too >= as_of', '16:17'],
    ['plain over a blank line', 'permit.n > 1\n\n      && permit.valid_too >= as_of', '17:17'],
    ['quoted over lines', '"permit.n > 1\n      && permit.valid_too >= as_of"', '16:17'],
    ['folded', '>-\n      permit.n > 1\n      && permit.valid_too >= as_of', '17:17'],
    [
      'folded, with a blank line and deeper lines',
      '>-\n      permit.n > 1\n\n        && permit.n > 2\n      && permit.valid_too >= as_of',
      '19:17',
    ],
    ['literal', '|\n      permit.n > 1 &&\n      permit.valid_too >= as_of', '17:14'],
    ['after Chinese', "permit.kind == '许可证' || permit.valid_too >= as_of", '15:44'],
  ])('%s', (_, text, place) => {
    expect(told(around(text))).toEqual([
      `error: checks/themes/test.yaml:${place} no field 'valid_too' in permit${FIX}`,
    ]);
  });

  test('inside a message', () => {
    const yaml = around('permit.valid_to >= as_of').replace(
      '疑似有误',
      '"疑似过期：{permit.kind}到{permit.valid_too}"',
    );
    expect(told(yaml)).toEqual([`error: checks/themes/test.yaml:16:48 no field 'valid_too' in permit${FIX}`]);
  });

  test('of a name that is used elsewhere in the expression as well', () => {
    expect(told(around('permit.n > 1 && has(permit.valid_too)'))[0]).toContain(':15:40 ');
  });
});

describe('what is wrong', () => {
  const one = (part: Record<string, unknown>) => faults({ ...permit, ...part });

  test('names that are not there', () => {
    expect([
      ...one({ expect: 'permitt.valid_to > as_of' }),
      ...one({ expect: 'permit.valid_to > as_off' }),
      ...one({ expect: 'permit.n > param.a_limt' }),
      ...one({ expect: 'permit.valid_to > add_dayz(as_of, 1)' }),
      ...one({ expect: "enterprise.status == 'actve'" }),
      ...one({ expect: "enterprise.status in ['active', 'canceled']" }),
      ...one({ with: { permit: { from: 'permits', pick: 'latest valid_to' } } }),
      ...one({ with: { permit: { from: 'permit', pick: 'latest valid_too' } } }),
      ...one({ evidence: [{ label: { zh: '值', en: 'Value' }, value: 'permit.n', from: 'permt' }] }),
      ...one({ department: 'taxes', classification: 'expire', basis: ['some_law'], with_departments: ['ecologie'] }),
    ]).toMatchSnapshot();
  });

  test('types', () => {
    expect([
      ...one({ expect: 'permit.valid_to > 5' }),
      ...one({ expect: 'permit.valid_to + 5 > as_of' }),
      ...one({ expect: 'permit.valid_to' }),
      ...one({ expect: 'permit.valid_to && true' }),
      ...one({ expect: "permit.n in ['a']" }),
      ...one({ expect: "permit.valid_to in ['2024-01-01']" }),
      ...one({ expect: 'permit.n in permit.n' }),
      ...one({ expect: 'first_of(permit.n, permit.kind) == 1' }),
      ...one({ expect: 'permit.good ? permit.n : permit.kind' }),
      ...one({ expect: 'add_days(as_of) > as_of' }),
      ...one({ expect: 'permit.kind == enterprise.name' }),
      ...one({ expect: "enterprise.person == 'x'" }),
      ...one({ expect: "permit.valid_to > date('2026-02-30')" }),
      ...one({ expect: "matches(permit.kind, '(?=x)')" }),
      ...one({ expect: "same_address(permit.address, enterprise.address, 'flat')" }),
      ...one({ expect: 'permit' }),
      ...one({ expect: 'exists(enterprise)' }),
      ...one({ expect: 'sum(permit.n) > 1' }),
      ...one({ expect: 'permit.n >' }),
      ...one({ expect: '[1, 2].exists(x, x > 1)' }),
      ...one({ message: { zh: '疑似{permit.n', en: 'Possibly' } }),
    ]).toMatchSnapshot();
  });

  test('joins', () => {
    const join = (permit: object) =>
      faults({ with: { permit: { from: 'permit', ...permit } }, expect: 'enterprise.a' });
    expect([
      ...join({}),
      ...join({ pick: 'latest valid_to', each: true }),
      ...join({ across: true, pick: 'latest valid_to' }),
      ...join({ on: 'permit.n > enterprise.n', pick: 'latest valid_to' }),
      ...join({ on: 'permit.n == permit.n', pick: 'latest valid_to' }),
      ...join({ where: 'permit.n', pick: 'latest valid_to' }),
      ...join({ group: { x: 'permit.n' } }),
      ...join({ group: { x: 'max(permit.n) > permit.n' } }),
      ...join({ with: { report: { from: 'report', each: true } }, pick: 'latest valid_to' }),
      ...faults({ with: { limit: { from: 'limit' } }, expect: 'enterprise.a' }),
      ...faults({ with: { enterprise: { from: 'permit', each: true } }, expect: 'enterprise.a' }),
      ...faults({
        with: { a: { from: 'permit', each: true }, b: { from: 'permit', each: true } },
        expect: 'a.good || b.good',
        about: ['a.permit_no'],
      }),
    ]).toMatchSnapshot();
  });

  test('several faults of one expression are told at once', () => {
    expect(one({ expect: 'permit.valid_too >= as_off && permit.n > "x"' })).toHaveLength(3);
  });
});

describe('one fault is told once', () => {
  test('in a let that much depends on', () => {
    const told = faults({
      ...permit,
      let: { due: 'add_days(permit.valid_too, 5)', late: 'due < as_of' },
      when: 'due > as_of',
      expect: '!late && days_between(due, as_of) < 3',
      message: { zh: '疑似{due}', en: 'Possibly {due}' },
      evidence: [{ label: { zh: '日期', en: 'Day' }, value: 'due', from: 'permit' }],
    });
    expect(told).toHaveLength(1);
  });

  test('in a group, and in a join', () => {
    const uses = { expect: 'all.n > 1', evidence: [{ label: { zh: '数', en: 'Number' }, value: 'all.n' }] };
    expect(faults({ with: { all: { from: 'permit', group: { n: 'sum(all.nn)' } } }, ...uses })).toHaveLength(1);
    expect(faults({ with: { all: { from: 'permitt', group: { n: 'sum(all.n)' } } }, ...uses })).toHaveLength(1);
    expect(faults({ with: { all: { from: 'report', where: 'all.yeer == 2025' } }, ...uses })).toHaveLength(1);
  });

  test('in a theme that others refer to', () => {
    const other = theme([check({ id: 'BB-01', supersedes: ['AA-01'], expect: 'enterprise.a' })], {
      theme: 'other',
      prefix: 'BB',
    });
    const told = lint('theme: [', { 'themes/other.yaml': other });
    expect(told.filter((x) => x.includes('AA-01'))).toEqual([]);
    expect(told.some((x) => x.includes('not valid YAML'))).toBe(true);
  });
});

describe('between the parts of a check, and between checks', () => {
  test('what can never be', () => {
    const told = (part: Record<string, unknown>) => faults({ ...permit, expect: 'permit.good', ...part });
    expect([
      ...told({ when: "enterprise.status == 'active' && enterprise.status == 'cancelled'" }),
      ...told({ when: "enterprise.status != 'active' && enterprise.status != 'cancelled'" }),
      ...told({ when: 'enterprise.n > 5 && enterprise.n < 5' }),
      ...told({ when: 'enterprise.n > 5 && 5 >= enterprise.n' }),
      ...told({ when: 'exists(permit) && !exists(permit)' }),
      ...told({ when: 'enterprise.n < enterprise.m && enterprise.n >= enterprise.m' }),
      ...told({ when: 'false' }),
      ...told({ expect: 'true' }),
      ...told({ when: 'enterprise.a && permit.good' }),
      ...told({ with: { permit: { from: 'permit', where: 'permit.n > 2 && permit.n < 1', pick: 'latest valid_to' } } }),
      ...told({
        severity: {
          cases: [
            { when: 'enterprise.a', severity: 'red' },
            { when: 'enterprise.a', severity: 'blue' },
          ],
          otherwise: 'yellow',
        },
      }),
    ]).toMatchSnapshot();
  });

  test('ids, supersession, wording, examples, translations, what is not used', () => {
    const more = [
      { as_of: '2026-07-31', outcome: 'anomaly', permitt: { n: 1 }, permit: { nn: 1 }, params: { a_limitt: 1 } },
      { as_of: '2026-07-31', outcome: 'anomaly', permit: [{ n: 1 }, { valid_too: 1 }] },
    ];
    const yaml = theme([
      check({ expect: 'enterprise.a', supersedes: ['AA-02', 'AA-09'] }),
      check({ expect: 'enterprise.a', supersedes: ['AA-01'] }),
      check({ id: 'AA-02', expect: 'enterprise.a', supersedes: ['AA-01'], title: { zh: 'Title', en: '标题' } }),
      check({ id: 'BB-03', expect: 'enterprise.a', message: { zh: '过期{enterprise.n}', en: 'Expired' } }),
      check({ id: 'AA-04', expect: 'enterprise.a', examples: more }),
      check({
        id: 'AA-05',
        with: {
          permit: { from: 'permit', each: true },
          all: { from: 'permit', group: { n: 'count()', m: 'count()' } },
          spare: { from: 'survey' },
        },
        let: { used: 'all.n', unused: 'all.n' },
        expect: 'used > 0',
      }),
      { ...check({ id: 'AA-06', expect: 'enterprise.a' }), advice: { zh: '核实' } },
    ]);
    expect(lint(yaml)).toMatchSnapshot('a missing translation hides the rest of its file');
    expect(lint(yaml.replace('zh: 核实\n    examples', 'zh: 核实\n      en: Verify\n    examples'))).toMatchSnapshot();
  });
});
