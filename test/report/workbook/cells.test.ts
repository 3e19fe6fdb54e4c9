import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dayNumber, textCell } from '../../../src/report/workbook/cells.js';
import { sheetNames } from '../../../src/report/workbook/sheet-names.js';
import { writeAnomalyWorkbook } from '../../../src/report/workbook/write.js';
import { directory } from '../../cli/world.js';
import { model } from './model.js';
import { parts, records, sheets } from './read.js';

const RUN = { file: 'anomalies.xlsx', title: '清单', table: 'report.anomalies', where: 'TRUE' };

/** A workbook with one anomaly that says this. */
async function told(message: string): Promise<{ message: string; xml: string }> {
  const m = await model(directory(), { rows: 1, columns: { message } });
  await writeAnomalyWorkbook(m, RUN);
  m.session.close();
  const all = await sheets(join(m.dir, RUN.file));
  return { message: records(all[1]!)[0]!.异常描述!, xml: all[1]!.xml };
}

describe('a cell', () => {
  test.each([`=1+cmd|'/c calc'!A1`, '+1+1', '-2+3', '@SUM(A1)', '＝1+1', '\t=1', '\r=1'])(
    'that begins like a formula is text, also when it is saved as CSV: %j',
    async (value) => {
      const literal = value.replaceAll("'", "''").replace('\t', "' || chr(9) || '").replace('\r', "' || chr(13) || '");
      const { message, xml } = await told(`'${literal}'`);
      expect(message).toBe(`'${value}`);
      expect(xml).not.toMatch(/<f>|t="str"/);
    },
  );

  test('with a number below zero is shown as it is', () => {
    expect(textCell('-5', 'zh')).toBe('-5');
    expect(textCell('-5元', 'zh')).toBe("'-5元");
  });

  test('keeps codes, line feeds, mark-up, and what XML has no place for', async () => {
    const value = '00012 913205940000000012\n<b>&"\'</b> _x000D_ ]]>';
    const { message } = await told(`'${value.replaceAll("'", "''")}' || chr(1) || chr(11) || chr(65534) || '😀'`);
    expect(message).toBe(`${value}\u0001\u000b\ufffe😀`);
  });

  test('with more than Excel takes is cut and says where the rest is', async () => {
    const { message } = await told(`repeat('长', 40000)`);
    expect(message.length).toBe(32_767);
    expect(message).toMatch(/^长+…（超出单元格容量，全文见 anomalies.csv）$/);
  });

  test('with a day is one, with more than a day is text', () => {
    expect(dayNumber('2026-08-05')).toBe(46_239);
    expect(dayNumber('1900-03-01')).toBe(61);
    expect(['1899-12-31', '2026-08-05（暂按周一至周五计）', ''].map(dayNumber)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

test('sheets have names that Excel takes, no two the same', () => {
  expect(sheetNames(['排污/许可[证]', "'引'号'", 'History', 'a', 'A', ''], ['首页', 'a'])).toEqual([
    '排污_许可_证_',
    "引'号",
    'History (2)',
    'a (2)',
    'A (3)',
    '_',
  ]);
  const long = sheetNames(['长'.repeat(40), '长'.repeat(41), `${'x'.repeat(30)}😀`], []);
  expect(long.every((n) => n.length <= 31)).toBe(true);
  expect(long[1]).toMatch(/ \(2\)$/);
  expect(long[2]).toBe('x'.repeat(30));
});

test('rows beyond the limit of a sheet go on in another, and the cover says so', async () => {
  const m = await model(directory(), { rows: 5, theme: '排污许可证' });
  await writeAnomalyWorkbook(m, { ...RUN, sheetRows: 2 });
  m.session.close();
  const all = await sheets(join(m.dir, RUN.file));
  expect(all.map((s) => s.name)).toEqual(['首页', '排污许可证', '排污许可证 (2)', '排污许可证 (3)']);
  expect(all.slice(1).map((s) => records(s).map((r) => Number(r.异常编号!.slice(5))))).toEqual([[0, 1], [2, 3], [4]]);
  expect(all[0]!.rows.flat().join('\n')).toContain('分在：排污许可证、排污许可证 (2)、排污许可证 (3)。');
});

test('a workbook without an anomaly has its sheets, and nothing that refers to rows', async () => {
  const m = await model(directory(), { rows: 0 });
  await writeAnomalyWorkbook(m, RUN);
  m.session.close();
  const [, theme] = await sheets(join(m.dir, RUN.file));
  expect(records(theme!)).toEqual([]);
  expect(theme!.xml).not.toContain('dataValidation');
  expect((await parts(join(m.dir, RUN.file))).has('xl/sharedStrings.xml')).toBe(false);
});
