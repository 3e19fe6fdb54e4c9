import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { gb18030 } from '../ingest/readers/harness.js';
import { writeXlsx } from '../support/xlsx.js';
import { inProcess, runOf } from './bidui.js';
import { refused, refusedExtracts } from './refused.js';
import { directory, EXTRACTS, lines, world } from './world.js';

const REGISTRY = '企业登记_20260731.csv';
const registry = EXTRACTS[REGISTRY] as string;

async function workbook(): Promise<Buffer> {
  const path = join(directory(), 'x.xlsx');
  const rows = Array.from({ length: 500 }, (_, i) => [`甲${i}`, '苏州甲有限公司', '存续']);
  await writeXlsx(path, [{ name: '表', rows: [['统一社会信用代码', '企业名称', '登记状态'], ...rows] }]);
  return readFileSync(path);
}

describe('extracts that cannot be used end in one message and exit code 3, and leave everything as it was:', () => {
  test('an empty directory', async () => {
    expect(
      await refused(world({ extracts: { [REGISTRY]: null, '许可证.csv': null, '人员.csv': null } })),
    ).toMatchInlineSnapshot(`
      "exit 3
      error: no extract was found in <world>/in
        fix: put the departments' files there; needed at least: 企业登记表 (enterprise) named like 企业登记*"
    `);
  });

  test('a directory that is not there, and one that is a file', async () => {
    const w = world({ extracts: { 'file.csv': 'x' } });
    expect(await refused({ ...w, input: `${w.input}/nowhere` })).toMatchInlineSnapshot(`
      "exit 3
      error: there is no directory <world>/in/nowhere
        fix: give the directory that holds the extracts"
    `);
    expect(await refused({ ...w, input: `${w.input}/file.csv` })).toMatchInlineSnapshot(`
      "exit 3
      error: <world>/in/file.csv is a file, not a directory
        fix: give the directory that holds the extracts"
    `);
  });

  test('a missing required file', async () => {
    expect(await refusedExtracts({ [REGISTRY]: null, '登记信息.csv': registry })).toMatchInlineSnapshot(`
      "exit 3
      error: no file for the required source 企业登记表 (enterprise)
        why: no file below <world>/in is named like 企业登记*; not claimed by any contract: 登记信息.csv
        fix: add the file, or rename it; names are matched without regard to case"
    `);
  });

  test('a workbook cut off in the middle', async () => {
    const whole = await workbook();
    expect(
      await refusedExtracts({ [REGISTRY]: null, '企业登记.xlsx': whole.subarray(0, whole.length / 2) }),
    ).toMatchInlineSnapshot(`
      "exit 3
      error: 企业登记.xlsx the workbook was cut off: its end is missing
        why: an .xlsx file has its table of contents at its end, and there is none
        fix: Transfer the file again and compare its size with the original; if it still fails, open and save it in Excel or WPS."
    `);
  });

  test('a workbook of no bytes, and one that is none', async () => {
    expect(await refusedExtracts({ [REGISTRY]: null, '企业登记.xlsx': '' })).toMatchInlineSnapshot(`
      "exit 3
      error: 企业登记.xlsx the file is empty: it has no header and no rows
        fix: Ask the department for the extract again. An extract without rows still has its header."
    `);
    expect(
      await refusedExtracts({ [REGISTRY]: null, '企业登记.xlsx': '<html><body>请登录</body></html>' }),
    ).toMatchInlineSnapshot(`
      "exit 3
      error: 企业登记.xlsx this is a web page or XML, whatever its name says
        why: some systems export an HTML table under the name .xls
        fix: Open it in Excel or WPS and save it as .xlsx or "CSV UTF-8"."
    `);
  });

  test('a quotation mark that is never closed', async () => {
    expect(
      await refusedExtracts({ '许可证.csv': lines('许可证编号,单位名称', 'A1,"苏州甲有限公司', 'A2,苏州乙有限公司') }),
    ).toMatchInlineSnapshot(`
      "exit 3
      error: 许可证.csv:2 row 2 a quotation mark is opened here and never closed
        why: the quote opened in cell 2 is not closed; everything behind it would be swallowed into one cell
        fix: Close the quotation mark, or double it ("") where it belongs to the text."
    `);
  });

  test('two files for one source', async () => {
    expect(await refusedExtracts({ '企业登记_20260731 (1).csv': registry })).toMatchInlineSnapshot(`
      "exit 3
      error: two files for one source, 企业登记表 (enterprise): 企业登记_20260731 (1).csv, 企业登记_20260731.csv
        why: only one is read, and two bear the same date, 2026-07-31
        fix: keep the right one, or put the day of extraction into the names (…_20260731.csv); if they belong together, write 'several: all' in the contract of enterprise"
    `);
    expect(await refusedExtracts({ '企业登记.csv': registry })).toMatchInlineSnapshot(`
      "exit 3
      error: two files for one source, 企业登记表 (enterprise): 企业登记.csv, 企业登记_20260731.csv
        why: only one is read, the one with the latest date in its name, but there is no date in 企业登记.csv
        fix: keep the right one, or put the day of extraction into the names (…_20260731.csv); if they belong together, write 'several: all' in the contract of enterprise"
    `);
  });

  test('required headers that are nearly right', async () => {
    expect(
      await refusedExtracts({ [REGISTRY]: registry.replace('登记状态', '登记状太').replace('企业名称', '企业名') }),
    ).toMatchInlineSnapshot(`
      "exit 3
      error: 企业登记_20260731.csv 2 required columns are missing for 企业登记表 (enterprise): 企业名称 (name), 登记状态 (status)
        why: headers found: 统一社会信用代码, 企业名, 登记状太, 法定代表人, 联系电话, 成立日期
        fix: found '企业名' – did you mean '企业名称'? found '登记状太' – did you mean '登记状态'? Rename the column, or add its header to the field's names in <world>/checks/sources/enterprise.yaml"
    `);
  });

  test('a line of a million columns', async () => {
    expect(await refusedExtracts({ '许可证.csv': `${'a,'.repeat(1_000_000)}\n` })).toMatchInlineSnapshot(`
      "exit 3
      error: 许可证.csv a row has 131073 cells or more; no extract has over 2000 columns
        why: the line ends may have been lost, or this is not a table
        fix: Ask the department for the extract again."
    `);
  });

  test('a line of three megabytes', async () => {
    expect(
      await refusedExtracts({ '许可证.csv': `许可证编号,单位名称\nA1,${'长'.repeat(1_000_000)}\n` }),
    ).toMatchInlineSnapshot(`
      "exit 3
      error: 许可证.csv:2 row 2 a line is too long to be a row of an extract
        why: more than 2097123 bytes and 2 cells without a line end
        fix: The line ends may have been lost: ask the department for the extract again."
    `);
  });

  test('a required extract of zero rows, and one of zero bytes', async () => {
    expect(await refusedExtracts({ [REGISTRY]: lines('统一社会信用代码,企业名称,登记状态') })).toMatchInlineSnapshot(`
      "exit 3
      error: 企业登记_20260731.csv the required source 企业登记表 (enterprise) holds no row of data
        why: an export that failed halfway looks like this
        fix: ask the department for the extract again"
    `);
    expect(await refusedExtracts({ [REGISTRY]: '' })).toMatchInlineSnapshot(`
      "exit 3
      error: 企业登记_20260731.csv the file is empty: it has no header and no rows
        fix: Ask the department for the extract again. An extract without rows still has its header."
    `);
  });

  test('a required extract without a single readable key', async () => {
    expect(
      await refusedExtracts({
        [REGISTRY]: lines('统一社会信用代码,企业名称,登记状态', '9.13206E+17,苏州甲有限公司,存续'),
      }),
    ).toMatchInlineSnapshot(`
      "exit 3
      error: 企业登记_20260731.csv no row of the required source 企业登记表 (enterprise) has a key that can be read: 统一社会信用代码 (uscc)
        why: all 1 rows were refused
        fix: look at that column in the file; a spreadsheet may have turned its codes into numbers (9.13E+17)"
    `);
  });

  test('bytes of no known encoding', async () => {
    expect(
      await refusedExtracts({ '许可证.csv': Buffer.from([0xff, 0x41, 0x80, 0x81, 0xfe, 0x0a, 0xff, 0xff]) }),
    ).toContain('exit 3');
  });

  test('a gzip cut off', async () => {
    const packed = gzipSync(registry);
    expect(
      await refusedExtracts({ [REGISTRY]: null, '企业登记.csv.gz': packed.subarray(0, packed.length - 20) }),
    ).toMatchInlineSnapshot(`
      "exit 3
      error: 企业登记.csv.gz the gzip file ends before its content does
        why: it was cut off, perhaps while it was copied
        fix: Transfer the file again and compare its size with the original."
    `);
  });

  test('broken JSON', async () => {
    expect(
      await refusedExtracts({ '人员.csv': null, '人员.json': '[{"姓名": "张三"}, {"姓名": ' }),
    ).toMatchInlineSnapshot(`
      "exit 3
      error: 人员.json row 2 the JSON is broken
        why: element 2 of the array, at its byte 12: unexpected end of data
        fix: Transfer the file again; a cut-off file is the usual cause."
    `);
  });

  test('several at once are told at once', async () => {
    const told = await refusedExtracts({ [REGISTRY]: '', '许可证.csv': lines('甲,乙', '1,2'), '人员.csv': '\n\n\n' });
    expect(told).toContain(REGISTRY);
    expect(told).toContain('许可证.csv');
    expect(told).toContain('人员.csv');
    expect(told).toMatch(/^3 problems$/m);
  });
});

describe('extracts that are odd but usable run, and what is odd is told:', () => {
  const run = async (extracts: Record<string, string | Uint8Array | null>) => {
    const w = world({ extracts });
    const told = await inProcess(runOf(w));
    expect(told.code).toBe(0);
    const read = (name: string) => readFileSync(join(w.out, name), 'utf8');
    return { ...told, read, record: JSON.parse(read('run.json')) };
  };

  test('a GBK file named .utf8.csv is read as what it is', async () => {
    const gbk = gb18030(EXTRACTS['许可证.csv'] as string);
    const { record, read } = await run({ '许可证.csv': null, '许可证.utf8.csv': gbk });
    expect(record.files.find((f: { source: string }) => f.source === 'permit').encoding.name).toMatch(/gb/);
    expect(read('anomalies.csv')).toContain('诸**');
  });

  test('an optional extract of zero rows counts as not delivered', async () => {
    const { err, record } = await run({ '许可证.csv': lines('许可证编号,单位名称') });
    expect(err).toContain('warning: 许可证.csv: the extract holds no row of data; taken as not delivered');
    expect(record.sources.permit.delivered).toBe(false);
  });

  test('an optional header that is nearly right is not guessed, but told', async () => {
    const { err, record } = await run({
      '许可证.csv': EXTRACTS['许可证.csv']?.replace('有效期至', '有效期致') as string,
    });
    expect(err).toContain(
      "warning: 许可证.csv: the column '有效期致' was not read; is it meant to be '有效期至' (valid_to)?",
    );
    expect(record.files.find((f: { source: string }) => f.source === 'permit').absent_fields).toEqual(['valid_to']);
  });

  test('a credit code with a wrong check character and 30 February are quarantined by themselves', async () => {
    const { read } = await run({});
    expect(read('quarantine.csv')).toContain(
      `"企业登记表","${REGISTRY}","3","单个字段","成立日期","2026-02-30","no_such_day"`,
    );
    expect(read('quarantine.csv')).toContain('"91320594MA1TEXT06G","check_digit"');
  });

  test('a stray quotation mark that meets another one loses lines, and says how many', async () => {
    const { err, record } = await run({
      '许可证.csv': lines(
        '许可证编号,单位名称,有效期至',
        'K1,甲,2027-01-01',
        'K2,"乙,2027-01-01',
        'K3,丙,2027-01-01',
        'K4,"丁"戊,2027-01-01',
        'K5,己,2027-01-01',
      ),
    });
    expect(err).toContain(
      'warning: 许可证.csv: row 3 (line 3): a stray quotation mark makes one row of 3 lines; none of them is loaded',
    );
    const { counts } = record.files.find((f: { source: string }) => f.source === 'permit');
    expect(counts).toMatchObject({ data: 3, loaded: 2, quarantined_rows: 1 });
  });

  test('files of no contract are named', async () => {
    const { err } = await run({ '说明.docx': 'x', '备份.csv': 'x' });
    expect(err).toContain('warning: not claimed by any contract: 备份.csv, 说明.docx');
  });

  test('terminal sequences in names and values do not reach the terminal', async () => {
    const { err } = await run({ '许可\u001b[31m证.csv': 'x' });
    expect(err).toContain('\\x1b[31m');
    expect(err).not.toContain('\u001b');
  });
});
