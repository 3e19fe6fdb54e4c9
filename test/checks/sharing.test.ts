import { describe, expect, test } from 'vitest';
import { runExamples } from '../../src/run/examples.js';
import { loadChecks, pickChecks } from '../../src/run/load-checks.js';
import { check, directory, engine, faults, lint, outcomes, packFiles, theme } from './harness.js';

describe('values that the checks of a theme share', () => {
  const shared = (more: Record<string, unknown> = {}) => ({
    let: { start: 'month_start(as_of)', due: 'add_days(start, 9)', rows: 'permits.n > 0', ...more },
  });
  const permits = { permits: { from: 'permit', group: { n: 'count()' } } };
  const day = (id: string, expectation: string, part: Record<string, unknown> = {}) =>
    check({
      id,
      expect: expectation,
      examples: [
        { as_of: '2026-07-10', outcome: 'consistent' },
        { as_of: '2026-07-11', outcome: 'anomaly', permit: { permit_no: 'P' } },
        { as_of: '2026-07-11', outcome: 'not_comparable', permit: 'not delivered' },
      ],
      ...part,
    });

  test('each reads them with its own rows; what it does not use need not make sense to it', async () => {
    const dir = directory(
      packFiles({
        test: theme(
          [day('AA-01', 'as_of <= due || is_known(enterprise.n)'), day('AA-02', '!rows', { with: permits })],
          shared(),
        ),
      }),
    );
    const { pack, themes } = loadChecks(dir);
    const db = await engine();
    await db.run('CREATE SCHEMA ref');
    const results = await runExamples(db, pack, pickChecks(themes, []));
    expect(results.map((r) => r.got)).toEqual([
      'consistent',
      'anomaly',
      'anomaly',
      'consistent',
      'anomaly',
      'not_comparable',
    ]);
  });

  test('a fault in one is told once, where it stands; a name no check uses is told', () => {
    const yaml = theme(
      [day('AA-01', 'as_of <= due'), day('AA-02', 'as_of >= due')],
      shared({ start: 'month_strat(as_of)' }),
    );
    expect(lint(yaml)).toEqual([
      "error: checks/themes/test.yaml:8:10 no function 'month_strat'\n  fix: did you mean 'month_start'?",
    ]);
    const unused = lint(theme([day('AA-01', 'as_of <= due')], shared()));
    expect(unused).toContain(
      "warning: checks/themes/test.yaml:10:3 no check of the theme uses 'rows'\n  fix: use it or remove it",
    );
  });
});

describe('the enterprise inside a join', () => {
  test('in the condition of rows and in what is summed up', async () => {
    const part = {
      with: {
        permits: {
          from: 'permit',
          where: 'permits.issued_on >= enterprise.founded_on',
          group: { n: 'count(permits.n > enterprise.n)' },
        },
      },
      expect: 'permits.n == 0',
    };
    const permit = [
      { permit_no: 'P1', issued_on: '2020-01-01', n: 5 },
      { permit_no: 'P2', issued_on: '2024-01-01', n: 5 },
    ];
    const of = (enterprise: object) => ({ enterprise, permit });
    expect(
      await outcomes(part, [
        of({ founded_on: '2022-01-01', n: 5 }),
        of({ founded_on: '2022-01-01', n: 4 }),
        of({ founded_on: '2025-01-01', n: 4 }),
        of({ founded_on: '2022-01-01' }),
        of({ n: 5 }),
      ]),
    ).toEqual(['consistent', 'anomaly', 'consistent', 'not_comparable', 'consistent']);
  });

  test('addresses are compared there too', async () => {
    const part = {
      with: { permits: { from: 'permit', group: { here: 'any(same_address(permits.address, enterprise.address))' } } },
      expect: 'permits.here',
    };
    const enterprise = { address: '苏州工业园区星湖街328号' };
    const at = (address: string) => ({ enterprise, permit: { permit_no: 'P', address } });
    expect(await outcomes(part, [at('星湖街３２８号'), at('苏州工业园区现代大道88号')])).toEqual([
      'consistent',
      'anomaly',
    ]);
  });

  test('of rows of any enterprise, it would not be clear whose', () => {
    const across = {
      with: {
        all: {
          from: 'permit',
          across: true,
          on: 'all.n == enterprise.n',
          where: 'all.kind == enterprise.uscc',
          group: { n: 'count()' },
        },
      },
      expect: 'all.n > 0',
    };
    expect(faults(across)).toEqual([
      "error: checks/themes/test.yaml:40:28 no name 'enterprise' here\n  fix: known here: all, as_of, param",
    ]);
  });
});
