import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { A, B, C, complaint, csv, directory, load, REGISTRY, TAX } from './load-harness.js';

const count = (record: { counts: { data: number; loaded: number; quarantinedRows: number; duplicates: number } }) => {
  const { data, loaded, quarantinedRows, duplicates } = record.counts;
  return { data, loaded, quarantinedRows, duplicates };
};

describe('rows become typed rows that know their enterprise', () => {
  test('fields are typed, absent columns are NULL and said to be absent', async () => {
    const { record, rows } = await load({
      '企业登记_20260731.csv': REGISTRY,
      'tax.csv': csv(
        ['税务登记号', '信用代码', '营业收入（万元）', '申报日期', '序号'],
        ['T1', 'x', '1234.5', '2026年1月5日', '1'],
      ),
    });
    expect(
      await rows(
        'SELECT uscc, name, former_names, status, capital, _eid, _match, _file, _row FROM src.enterprise ORDER BY _eid',
      ),
    ).toEqual([
      {
        uscc: A,
        name: '苏州甲有限公司',
        former_names: ['苏州老甲有限公司'],
        status: 'active',
        capital: null,
        _eid: 1,
        _match: 'uscc',
        _file: 0,
        _row: 2,
      },
      {
        uscc: B,
        name: '苏州乙有限公司',
        former_names: null,
        status: 'active',
        capital: null,
        _eid: 2,
        _match: 'uscc',
        _file: 0,
        _row: 3,
      },
    ]);
    expect(await rows('SELECT CAST(revenue AS VARCHAR) AS revenue, filed_on, uscc FROM src.tax')).toEqual([
      { revenue: '12345000.0000', filed_on: '2026-01-05', uscc: null },
    ]);
    const tax = record.files[1];
    expect(tax?.headers).toContainEqual({ column: 3, header: '营业收入（万元）', field: 'revenue', unit: '万元' });
    expect(tax?.unknownHeaders).toEqual(['信用代码', '序号']);
    expect(record.sources.tax?.absentFields).toContain('uscc');
    expect(record.files[0]?.extractDate).toBe('2026-07-31');
    expect(record.sources.enterprise?.absentFields).toEqual(['reg_no', 'approved_on', 'capital']);
  });

  test('a cell that cannot be read is quarantined alone; the row stays', async () => {
    const { record, rows } = await load({
      'enterprise.csv': csv(
        ['统一社会信用代码', '企业名称', '登记状态', '核准日期'],
        [A, '苏州甲有限公司', '失踪', '2026-02-30'],
        [B, '苏州乙有限公司', '存续', '2026-02-28'],
      ),
    });
    expect(await rows('SELECT uscc, status, approved_on, _bad FROM src.enterprise ORDER BY _eid')).toEqual([
      { uscc: A, status: null, approved_on: null, _bad: ['status', 'approved_on'] },
      { uscc: B, status: 'active', approved_on: '2026-02-28', _bad: null },
    ]);
    expect(await rows('SELECT * FROM meta.quarantine ORDER BY field')).toEqual([
      {
        source: 'enterprise',
        file: 'enterprise.csv',
        row: 2,
        field: 'approved_on',
        raw: '2026-02-30',
        reason: 'no_such_day',
        scope: 'field',
        name: '苏州甲有限公司',
        personal: null,
        _file: 0,
        _eid: 1,
      },
      {
        source: 'enterprise',
        file: 'enterprise.csv',
        row: 2,
        field: 'status',
        raw: '失踪',
        reason: 'unknown_code',
        scope: 'field',
        name: '苏州甲有限公司',
        personal: null,
        _file: 0,
        _eid: 1,
      },
    ]);
    expect(record.files[0]?.counts).toMatchObject({ data: 2, loaded: 2, quarantinedFields: 2, quarantinedRows: 0 });
  });

  test('a row whose key is blank or unreadable is refused, and led to its enterprise by name', async () => {
    const { record, rows } = await load({
      'enterprise.csv': csv(
        ['信用代码', '企业名称'],
        [A, '苏州甲有限公司'],
        [`${A.slice(0, 17)}G`, '苏州丙有限公司'],
        ['9.13206E+17', '苏州丁有限公司'],
        ['', '苏州戊有限公司'],
      ),
      'tax.csv': csv(
        ['税务登记号', '企业名称', '联系人电话'],
        ['', '苏州甲有限公司', '13812345678'],
        ['T1', '苏州甲有限公司', '不是电话'],
      ),
    });
    expect(
      await rows(
        `SELECT row, field, raw, reason, scope, name, _eid, personal FROM meta.quarantine ORDER BY source, row`,
      ),
    ).toEqual([
      {
        row: 3,
        field: 'uscc',
        raw: `${A.slice(0, 17)}G`,
        reason: 'check_digit',
        scope: 'row',
        name: '苏州丙有限公司',
        _eid: null,
        personal: null,
      },
      {
        row: 4,
        field: 'uscc',
        raw: '9.13206E+17',
        reason: 'scientific',
        scope: 'row',
        name: '苏州丁有限公司',
        _eid: null,
        personal: null,
      },
      {
        row: 5,
        field: 'uscc',
        raw: null,
        reason: 'key_blank',
        scope: 'row',
        name: '苏州戊有限公司',
        _eid: null,
        personal: null,
      },
      {
        row: 2,
        field: 'taxpayer_no',
        raw: null,
        reason: 'key_blank',
        scope: 'row',
        name: '苏州甲有限公司',
        _eid: 1,
        personal: null,
      },
      {
        row: 3,
        field: 'contact',
        raw: '不是电话',
        reason: 'not_a_phone',
        scope: 'field',
        name: '苏州甲有限公司',
        _eid: 1,
        personal: 'phone',
      },
    ]);
    expect(record.sources.enterprise && count(record.sources.enterprise)).toEqual({
      data: 4,
      loaded: 1,
      quarantinedRows: 3,
      duplicates: 0,
    });
    expect(
      await rows(`SELECT source, row, raw, reason, scope, _eid FROM src.quarantined WHERE source = 'tax' ORDER BY row`),
    ).toEqual([
      { source: 'tax', row: 2, raw: null, reason: 'key_blank', scope: 'row', _eid: 1 },
      { source: 'tax', row: 3, raw: null, reason: 'not_a_phone', scope: 'field', _eid: 1 },
    ]);
  });

  test('a record that cannot be split into cells is refused whole, and masked whole', async () => {
    const { record, rows } = await load({
      'enterprise.csv': REGISTRY,
      'tax.csv': `${csv(['税务登记号', '企业名称', '联系人电话'], ['T1', '甲', '13812345678'])}T2,乙,13812345678,多,余,的\n`,
    });
    expect(record.sources.tax?.counts).toMatchObject({ data: 2, loaded: 1, quarantinedRows: 1 });
    expect(await rows('SELECT row, field, raw, scope, personal, _eid FROM meta.quarantine')).toEqual([
      { row: 3, field: null, raw: 'T2,乙,13812345678,多,余,的', scope: 'row', personal: 'row', _eid: null },
    ]);
    expect(await rows('SELECT raw FROM src.quarantined')).toEqual([{ raw: null }]);
  });

  test('a column that one of two files lacks is unknown in its rows', async () => {
    const { record, rows } = await load({
      'enterprise.csv': REGISTRY,
      'tax_202606.csv': csv(['税务登记号', '营业收入'], ['T1', '5']),
      'tax_202607.csv': csv(['税务登记号', '企业名称'], ['T2', '甲']),
    });
    expect(await rows('SELECT taxpayer_no, revenue IS NULL AS blank, _bad FROM src.tax ORDER BY taxpayer_no')).toEqual([
      { taxpayer_no: 'T1', blank: false, _bad: ['name'] },
      { taxpayer_no: 'T2', blank: true, _bad: ['revenue'] },
    ]);
    expect(record.sources.tax?.absentFields).not.toContain('name');
    expect(record.sources.tax?.counts.quarantinedFields).toBe(0);
  });

  test('one cell with a range gives both ends', async () => {
    const { rows, record } = await load({
      'enterprise.csv': REGISTRY,
      'tax.csv': csv(['税务登记号', '有效期限'], ['T1', '2023-08-01至2028-07-31'], ['T2', '长期']),
    });
    expect(await rows('SELECT valid_from, valid_to FROM src.tax ORDER BY taxpayer_no')).toMatchObject([
      { valid_from: '2023-08-01', valid_to: '2028-07-31' },
      {},
    ]);
    expect(record.files[1]?.headers.map((h) => h.field)).toEqual(['taxpayer_no', 'valid_from', 'valid_to']);
  });
});

describe('linking', () => {
  const registry = csv(
    ['统一社会信用代码', '注册号', '企业名称', '曾用名'],
    [A, '320594000012340', '苏州甲有限公司', '苏州老甲有限公司；苏州同名有限公司'],
    [B, '', '苏州乙有限公司', '苏州同名有限公司'],
  );
  const repaired = (code: string) => code.replace('0', 'O');

  test('by code, repaired code, registration number, organisation code, name and former name, in this order', async () => {
    const header = ['税务登记号', '统一社会信用代码', '注册号', '组织机构代码', '纳税人名称'];
    const { record, rows } = await load({
      'enterprise.csv': registry,
      'tax.csv': csv(
        header,
        ['1', A, '', '', '随便什么公司'],
        ['2', `"'${A.toLowerCase()}"`, '', '', ''],
        ['3', repaired(A), '', '', ''],
        ['4', '', '320594000012340', '', '苏州乙有限公司'],
        ['5', '坏', '', A.slice(8, 17), ''],
        ['6', '', '', '', '苏州甲 有限公司'],
        ['7', '', '', '', '苏州老甲有限公司'],
        ['8', '', '', '', '苏州同名有限公司'],
        ['9', C, '', '', '苏州甲有限公司'],
        ['10', '', '', '', '苏州甲有限公司园区分公司'],
        ['11', '', '', '', ''],
      ),
    });
    const found = await rows<{ no: string; _eid: number; _match: string }>(
      'SELECT taxpayer_no AS no, _eid, _match FROM src.tax ORDER BY CAST(taxpayer_no AS INTEGER)',
    );
    expect(found.map((r) => [r.no, r._eid, r._match])).toEqual([
      ['1', 1, 'uscc'],
      ['2', 1, 'uscc'],
      ['3', 1, 'repaired'],
      ['4', 1, 'reg_no'],
      ['5', 1, 'org_code'],
      ['6', 1, 'name'],
      ['7', 1, 'name'],
      // Two enterprises have had that name: it points to neither.
      ['8', null, null],
      // A code that the library does not know is another enterprise, whatever it calls itself.
      ['9', null, null],
      // A branch is not its parent.
      ['10', null, null],
      ['11', null, null],
    ]);
    expect(record.sources.tax?.links).toEqual({
      uscc: 2,
      repaired: 1,
      reg_no: 1,
      org_code: 1,
      name: 2,
      unmatched: 4,
      unknownCode: 1,
    });
    expect(await rows(`SELECT source, file, row, method, raw, _eid, _file, _row FROM src.linked ORDER BY row`)).toEqual(
      [
        { source: 'tax', file: 'tax.csv', row: 4, method: 'repaired', raw: repaired(A), _eid: 1, _file: 1, _row: 4 },
        {
          source: 'tax',
          file: 'tax.csv',
          row: 5,
          method: 'reg_no',
          raw: '320594000012340',
          _eid: 1,
          _file: 1,
          _row: 5,
        },
        { source: 'tax', file: 'tax.csv', row: 6, method: 'org_code', raw: A.slice(8, 17), _eid: 1, _file: 1, _row: 6 },
        { source: 'tax', file: 'tax.csv', row: 7, method: 'name', raw: '苏州甲有限公司', _eid: 1, _file: 1, _row: 7 },
        { source: 'tax', file: 'tax.csv', row: 8, method: 'name', raw: '苏州老甲有限公司', _eid: 1, _file: 1, _row: 8 },
      ],
    );
  });

  test('a repaired code in the library itself is logged too', async () => {
    const { rows } = await load({ 'enterprise.csv': csv(['信用代码', '企业名称'], [repaired(A), '苏州甲有限公司']) });
    expect(await rows('SELECT uscc, _match FROM src.enterprise')).toEqual([{ uscc: A, _match: 'repaired' }]);
    expect(await rows('SELECT method, raw FROM src.linked')).toEqual([{ method: 'repaired', raw: repaired(A) }]);
  });
});

describe('duplicates', () => {
  const header = ['统一社会信用代码', '企业名称', '核准日期'];

  test('copies are dropped; of different rows of one key the latest stays', async () => {
    const { record, rows } = await load({
      'enterprise.csv': csv(
        header,
        [A, '新名', '2026-01-02'],
        [A, '旧名', '2025-01-02'],
        [A, '新名', '2026-01-02'],
        [A, '更旧', ''],
        [B, '乙', ''],
      ),
    });
    expect(await rows('SELECT name, _row FROM src.enterprise ORDER BY _eid')).toEqual([
      { name: '新名', _row: 4 },
      { name: '乙', _row: 6 },
    ]);
    expect(record.sources.enterprise?.counts).toMatchObject({ data: 5, loaded: 2, duplicates: 3 });
    expect(record.sources.enterprise?.conflictingKeys).toBe(1);
    expect(await rows('SELECT row, fate, kept_file, kept_row FROM meta.dropped ORDER BY row')).toEqual([
      { row: 2, fate: 'exact', kept_file: 'enterprise.csv', kept_row: 4 },
      { row: 3, fate: 'superseded', kept_file: 'enterprise.csv', kept_row: 4 },
      { row: 5, fate: 'superseded', kept_file: 'enterprise.csv', kept_row: 4 },
    ]);
  });

  test('the last row of the newest file wins by default, however the files are named', async () => {
    const { rows } = await load({
      'enterprise.csv': REGISTRY,
      'tax_z_202606.csv': csv(['税务登记号', '企业名称'], ['T1', '旧']),
      'tax_a_202607.csv': csv(['税务登记号', '企业名称'], ['T1', '中'], ['T1', '新']),
    });
    expect(await rows('SELECT name FROM src.tax')).toEqual([{ name: '新' }]);
  });

  test('where the contract prefers none, all of them are quarantined', async () => {
    const checks = {
      'sources/tax.yaml': TAX.replace('key: [taxpayer_no]', 'key: [taxpayer_no]\nduplicates: { keep: none }'),
    };
    const { record, rows } = await load(
      {
        'enterprise.csv': REGISTRY,
        'tax.csv': csv(
          ['税务登记号', '信用代码', '企业名称'],
          ['T1', '', '甲'],
          ['T1', '', '乙'],
          ['T1', '', '乙'],
          ['T2', '', '丙'],
          ['T2', '', '丙'],
        ),
      },
      { checks },
    );
    expect(await rows('SELECT taxpayer_no, _row FROM src.tax')).toEqual([{ taxpayer_no: 'T2', _row: 6 }]);
    expect(await rows(`SELECT row, field, raw, reason FROM meta.quarantine ORDER BY row`)).toEqual([
      { row: 2, field: null, raw: 'T1', reason: 'ambiguous_key' },
      { row: 4, field: null, raw: 'T1', reason: 'ambiguous_key' },
    ]);
    expect(record.sources.tax?.counts).toMatchObject({ data: 5, loaded: 1, quarantinedRows: 2, duplicates: 2 });
  });
});

describe('files', () => {
  test('the latest of several is read and the others are named', async () => {
    const { record } = await load({
      '企业登记_20260630.csv': REGISTRY,
      'sub/企业登记_2026年7月31日.csv': REGISTRY,
      '企业登记2026-7-1.csv': REGISTRY,
      '~$企业登记.xlsx': 'x',
      '.DS_Store': 'x',
      'notes.md': 'x',
      'truth.csv': 'x',
    });
    expect(record.files.map((f) => f.name)).toEqual(['sub/企业登记_2026年7月31日.csv']);
    expect(record.sources.enterprise?.passedOver.map((p) => p.name)).toEqual([
      '企业登记_20260630.csv',
      '企业登记2026-7-1.csv',
    ]);
    expect(record.notes).toEqual(['not claimed by any contract: notes.md, truth.csv']);
  });

  test('two files for one source without dates stop the run', async () => {
    expect(
      await complaint(() => load({ 'enterprise.csv': REGISTRY, 'enterprise_copy.csv': REGISTRY })),
    ).toMatchInlineSnapshot(`
      "exit 3
      two files for one source, 企业登记 (enterprise): enterprise.csv, enterprise_copy.csv
        why: only one is read, the one with the latest date in its name, but there is no date in enterprise.csv, enterprise_copy.csv
        fix: keep the right one, or put the day of extraction into the names (…_20260731.csv); if they belong together, write 'several: all' in the contract of enterprise"
    `);
  });

  test('a file that two contracts claim stops the run', async () => {
    const checks = { 'sources/tax.yaml': TAX.replace('"tax*"', '"*tax*"') };
    expect(await complaint(() => load({ 'enterprise_tax.csv': REGISTRY }, { checks }))).toMatchInlineSnapshot(`
      "exit 3
      enterprise_tax.csv the file is claimed by 2 contracts
        why: 企业登记 (enterprise) by 'enterprise*'; 税务信息 (tax) by '*tax*'
        fix: rename the file so that it matches one of them, or make the globs under 'files' in sources/enterprise.yaml, sources/tax.yaml narrower"
    `);
  });

  test('an empty directory, a directory that is not there, a missing required file', async () => {
    expect(await complaint(() => load({}))).toContain('no extract was found');
    expect(await complaint(() => load({}, { inputDir: '/nowhere/at/all' }))).toContain(
      'there is no directory /nowhere/at/all',
    );
    expect(await complaint(() => load({ 'tax.csv': csv(['税务登记号'], ['T1']) }))).toContain(
      'no file for the required source 企业登记 (enterprise)',
    );
  });

  test('links do not lead out of the directory', async () => {
    const outside = directory({ 'tax.csv': csv(['税务登记号'], ['T1']) });
    const inputDir = directory({ 'enterprise.csv': REGISTRY });
    symlinkSync(join(outside, 'tax.csv'), join(inputDir, 'tax.csv'));
    symlinkSync(inputDir, join(inputDir, 'round'));
    const { record } = await load({}, { inputDir });
    expect(record.sources.tax?.delivered).toBe(false);
    expect(record.notes).toEqual([
      'round: a link to a directory, not followed',
      'tax.csv: a link that leads out of the directory, not read',
    ]);
  });

  test('GBK is read, and the record says so', async () => {
    const { record, rows } = await load({ '企业登记.utf8.csv': gbk(REGISTRY) });
    expect(await rows('SELECT name FROM src.enterprise ORDER BY _eid')).toEqual([
      { name: '苏州甲有限公司' },
      { name: '苏州乙有限公司' },
    ]);
    expect(record.files[0]?.encoding?.name).toMatch(/gb/i);
  });

  test('a source without a file has an empty table of the right columns', async () => {
    const { record, rows } = await load({ 'enterprise.csv': REGISTRY });
    expect(record.sources.tax).toMatchObject({ delivered: false, files: [] });
    expect(await rows('SELECT taxpayer_no, revenue, _eid, _match, _bad, _file, _row FROM src.tax')).toEqual([]);
  });

  test('an optional extract of zero rows was not delivered', async () => {
    const { record } = await load({ 'enterprise.csv': REGISTRY, 'tax.csv': csv(['税务登记号', '企业名称']) });
    expect(record.sources.tax?.delivered).toBe(false);
    expect(record.sources.tax?.notes[0]).toContain('taken as not delivered');
  });
});

describe('what is wrong with the files is told at once', () => {
  test('a header that is nearly right', async () => {
    expect(
      await complaint(() => load({ 'enterprise.csv': csv(['信用代码证号', '企业名称'], [A, '甲']) })),
    ).toMatchInlineSnapshot(`
      "exit 3
      enterprise.csv a required column is missing for 企业登记 (enterprise): 统一社会信用代码 (uscc)
        why: headers found: 信用代码证号, 企业名称
        fix: found '信用代码证号' – did you mean '信用代码'? Rename the column, or add its header to the field's names in checks/sources/enterprise.yaml"
    `);
  });

  test('several faults in several files', async () => {
    const told = await complaint(() =>
      load({
        'enterprise.csv': csv(['信用代码证号', '企业'], [A, '甲']),
        'tax.csv': csv(['企业名称', '纳税人名称', '登记号'], ['甲', '乙', '1']),
      }),
    );
    expect(told).toMatchInlineSnapshot(`
      "exit 3
      enterprise.csv 2 required columns are missing for 企业登记 (enterprise): 统一社会信用代码 (uscc), 企业名称 (name)
        why: headers found: 信用代码证号, 企业
        fix: found '信用代码证号' – did you mean '信用代码'? found '企业' – did you mean '企业名称'? Rename the column, or add its header to the field's names in checks/sources/enterprise.yaml
      tax.csv 2 columns for one field, 纳税人名称 (name): '企业名称' (column 1), '纳税人名称' (column 2)
        fix: leave one of them in the file, or take the other's name out of field 'name' in checks/sources/tax.yaml
      tax.csv a required column is missing for 税务信息 (tax): 税务登记号 (taxpayer_no)
        why: headers found: 企业名称, 纳税人名称, 登记号
        fix: found '登记号' – did you mean '税务登记号'? Rename the column, or add its header to the field's names in checks/sources/tax.yaml"
    `);
  });

  test('a required source with a header and no row, and one whose keys are all unreadable', async () => {
    expect(await complaint(() => load({ 'enterprise.csv': csv(['信用代码', '企业名称']) }))).toContain(
      'holds no row of data',
    );
    expect(
      await complaint(() => load({ 'enterprise.csv': csv(['信用代码', '企业名称'], ['9.13E+17', '甲']) })),
    ).toContain('a key that can be read');
  });
});

/** Node decodes GBK but does not encode it: the table is turned round. */
function gbk(text: string): Uint8Array {
  const decoder = new TextDecoder('gbk');
  const bytes = new Map<string, number[]>();
  for (let a = 0x81; a <= 0xfe; a++) {
    for (let b = 0x40; b <= 0xfe; b++) if (b !== 0x7f) bytes.set(decoder.decode(new Uint8Array([a, b])), [a, b]);
  }
  return new Uint8Array([...text].flatMap((c) => (c.charCodeAt(0) < 128 ? [c.charCodeAt(0)] : (bytes.get(c) ?? [63]))));
}
