import { describe, expect, test } from 'vitest';
import { outcomes } from './harness.js';

const [OK, BAD, NONE, NA] = ['consistent', 'anomaly', 'not_comparable', 'not_applicable'];
const ND = 'not delivered';
/** A row without a key is refused; it is known whose it is. */
const REFUSED = { permit_no: '' };

const permits = (...rows: (Record<string, unknown> | string)[]) => ({
  permit: rows.length === 1 ? rows[0] : rows.map((r, i) => ({ permit_no: `P${i}`, ...(r as object) })),
});

describe('exists', () => {
  const found = { with: { permit: { from: 'permit', pick: 'latest valid_to' } }, expect: 'exists(permit)' };

  test('of a complete source: there, not there, not delivered, refused', async () => {
    const worlds = [
      permits({ permit_no: 'P' }),
      {},
      permits(ND),
      permits(REFUSED),
      permits({ valid_to: '2026-01-01' }, REFUSED),
    ];
    expect(await outcomes(found, worlds)).toEqual([OK, BAD, NONE, NONE, NONE]);
  });

  test('of an incomplete source nobody can say that there is none', async () => {
    const check = { with: { survey: { from: 'survey' } }, expect: 'exists(survey)' };
    expect(await outcomes(check, [{ survey: { n: 1 } }, {}])).toEqual([OK, NONE]);
  });

  test('a row that may be the one is neither there nor not there', async () => {
    const check = {
      with: { permit: { from: 'permit', where: "permit.status == 'active'", pick: 'latest valid_to' } },
      expect: 'exists(permit)',
    };
    const worlds = [
      permits({ permit_no: 'P', status: '存续' }),
      permits({ permit_no: 'P', status: '注销' }),
      permits({ permit_no: 'P', status: '不明' }),
      permits({ permit_no: 'P' }),
      permits({ status: '存续' }, { status: '不明' }),
    ];
    expect(await outcomes(check, worlds)).toEqual([OK, BAD, NONE, NONE, OK]);
  });

  test('an unknown key finds nothing and denies nothing', async () => {
    const check = {
      with: { permit: { from: 'permit', on: 'permit.n == enterprise.n', pick: 'latest valid_to' } },
      expect: 'exists(permit)',
    };
    const row = { permit: { permit_no: 'P', n: 1 } };
    const worlds = [
      { ...row, enterprise: { n: 1 } },
      { ...row, enterprise: { n: 2 } },
      { ...row, enterprise: {} },
    ];
    expect(await outcomes(check, worlds)).toEqual([OK, BAD, NONE]);
  });
});

describe('pick', () => {
  const check = { with: { permit: { from: 'permit', pick: 'latest valid_to' } }, expect: "permit.kind == 'new'" };

  test('takes the latest, of equals the first in the file', async () => {
    const worlds = [
      permits({ valid_to: '2026-01-01', kind: 'old' }, { valid_to: '2027-01-01', kind: 'new' }),
      permits({ valid_to: '2027-01-01', kind: 'new' }, { valid_to: '2027-01-01', kind: 'old' }),
      permits({ kind: 'old' }, { valid_to: '2020-01-01', kind: 'new' }),
    ];
    expect(await outcomes(check, worlds)).toEqual([OK, OK, OK]);
  });

  test('of several, one whose place cannot be read may be the one; alone it is', async () => {
    const worlds = [
      permits({ valid_to: '2026-01-01', kind: 'new' }, { valid_to: '五年', kind: 'old' }),
      permits({ permit_no: 'P', valid_to: '五年', kind: 'new' }),
    ];
    expect(await outcomes(check, worlds)).toEqual([NONE, OK]);
    expect(await outcomes({ ...check, expect: 'exists(permit)' }, worlds)).toEqual([OK, OK]);
  });

  test('earliest', async () => {
    const earliest = {
      with: { permit: { from: 'permit', pick: 'earliest valid_to' } },
      expect: "permit.kind == 'old'",
    };
    const worlds = [permits({ valid_to: '2027-01-01', kind: 'new' }, { valid_to: '2026-01-01', kind: 'old' })];
    expect(await outcomes(earliest, worlds)).toEqual([OK]);
  });
});

describe('one row', () => {
  test('found by the rest of its key', async () => {
    const check = {
      with: { report: { from: 'report', where: 'report.year == year(as_of) - 1' } },
      when: 'exists(report)',
      expect: 'report.n > 0',
    };
    const worlds = [
      {
        report: [
          { year: 2025, n: 1 },
          { year: 2024, n: 0 },
        ],
      },
      { report: { year: 2025, n: 0 } },
      { report: { year: 2024, n: 0 } },
      { report: { year: 2025 } },
    ];
    expect(await outcomes(check, worlds)).toEqual([OK, BAD, NA, NONE]);
  });
});

describe('each', () => {
  const check = {
    with: { permit: { from: 'permit', each: true } },
    when: "permit.status == 'active'",
    expect: 'permit.valid_to >= as_of',
    about: ['permit.permit_no'],
  };
  const good = { status: '存续', valid_to: '2027-01-01' };
  const past = { status: '存续', valid_to: '2026-01-01' };
  const blank = { status: '存续' };
  const gone = { status: '注销' };

  test('the gravest row decides', async () => {
    const worlds = [
      permits(good, good),
      permits(good, past, blank),
      permits(good, blank, gone),
      permits(gone, gone),
      permits(good, gone),
    ];
    expect(await outcomes(check, worlds)).toEqual([OK, BAD, NONE, NA, OK]);
  });

  test('no row, not delivered, refused rows', async () => {
    const worlds = [{}, permits(ND), permits(REFUSED), permits(good, REFUSED), permits(past, REFUSED)];
    expect(await outcomes(check, worlds)).toEqual([NA, NONE, NONE, NONE, BAD]);
  });

  test('where nothing was delivered, `when` may still rule the enterprise out', async () => {
    const some = { ...check, when: "enterprise.status == 'active' && permit.status == 'active'" };
    const worlds = [
      { ...permits(ND), enterprise: { status: '注销' } },
      { ...permits(ND), enterprise: { status: '存续' } },
      { ...permits(REFUSED), enterprise: { status: '注销' } },
    ];
    expect(await outcomes(some, worlds)).toEqual([NA, NONE, NONE]);
  });

  test('a row that may be one to judge is not passed over', async () => {
    const some = {
      ...check,
      with: { permit: { from: 'permit', each: true, where: 'permit.issued_on <= as_of' } },
      when: "permit.status == 'active'",
    };
    const issued = { issued_on: '2026-01-01' };
    const worlds = [
      permits({ ...good, ...issued }, { ...past, issued_on: '2026-08-01' }),
      permits({ ...good, ...issued }, { ...past, issued_on: '去年' }),
      permits({ ...good, ...issued }, { ...gone, issued_on: '去年' }),
      permits({ ...past, ...issued }, { ...good, issued_on: '去年' }),
    ];
    expect(await outcomes(some, worlds)).toEqual([OK, NONE, OK, BAD]);
  });

  test('other rows are looked up for each', async () => {
    const some = {
      ...check,
      with: {
        permit: { from: 'permit', each: true },
        report: { from: 'report', on: 'report.permit_no == permit.permit_no', pick: 'latest year' },
      },
      when: undefined,
      expect: 'exists(report)',
    };
    const rows = [{ permit_no: 'P1' }, { permit_no: 'P2' }];
    const worlds = [
      {
        permit: rows,
        report: [
          { year: 2024, permit_no: 'P1' },
          { year: 2025, permit_no: 'P2' },
        ],
      },
      { permit: rows, report: [{ year: 2024, permit_no: 'P1' }] },
      { permit: rows, report: ND },
    ];
    expect(await outcomes(some, worlds)).toEqual([OK, BAD, NONE]);
  });

  test('rows to judge may be found through another row', async () => {
    const some = {
      with: {
        survey: { from: 'survey' },
        permit: { from: 'permit', each: true, on: 'permit.kind == survey.kind' },
      },
      expect: 'permit.n > 0',
      about: ['permit.permit_no'],
    };
    const rows = permits({ kind: 'x', n: 1 }, { kind: 'y', n: 0 });
    const worlds = [
      { ...rows, survey: { kind: 'x' } },
      { ...rows, survey: { kind: 'y' } },
      { ...rows, survey: { kind: 'z' } },
      { ...rows, survey: {} },
      rows,
    ];
    expect(await outcomes(some, worlds)).toEqual([OK, BAD, NA, NONE, NONE]);
  });
});
