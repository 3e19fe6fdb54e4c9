import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Readers, total } from './harness.js';

const HEADER = '统一社会信用代码,企业名称,注册资本,住所\n';

describe('CSV', () => {
  let readers: Readers;
  beforeAll(async () => {
    readers = await Readers.open();
  });
  afterAll(() => readers.close());

  it.each([',', '\t', ';', '|'])('finds the delimiter %j', async (delimiter) => {
    const text = `${HEADER}91,"甲${delimiter}乙",1,地址\n`.replaceAll(/,/g, delimiter);
    const { raw, rows } = await readers.read('a.csv', text);
    expect(raw.delimiter).toBe(delimiter);
    expect(rows).toEqual([[2, '91', `甲${delimiter}乙`, '1', '地址']]);
  });

  it.each([
    ['LF', '\n'],
    ['CR LF', '\r\n'],
    ['CR', '\r'],
  ])('reads lines that end with %s', async (_, end) => {
    const { raw, rows } = await readers.read('a.csv', `${HEADER}91,甲,1,a\n\n92,"乙\n丙",2,b\n`.replaceAll('\n', end));
    expect(rows).toEqual([
      [2, '91', '甲', '1', 'a'],
      [4, '92', `乙${end}丙`, '2', 'b'],
    ]);
    expect(raw.counts).toEqual({ data: 2, title: 0, header: 1, blank: 1, footer: 0 });
  });

  it('reads lines that end now one way, now another', async () => {
    const { rows } = await readers.read('a.csv', `${HEADER}91,甲,1,a\r\n92,乙,2,b\n93,丙,3,c\r94,丁,4,d`);
    expect(rows.map((r) => [r[0], r[4]])).toEqual([
      [2, 'a'],
      [3, 'b'],
      [4, 'c'],
      [5, 'd'],
    ]);
  });

  it('passes over titles, blank rows, totals and signatures, and counts them', async () => {
    const text =
      '苏州工业园区企业名单,,,\n填报日期：2026-06-30,,,\n,,,\n' +
      `${HEADER}91,甲,1,a\n,,,\n  ,　,,\n92,合计贸易有限公司,2,b\n小计,,3,\n93,总计有限公司,4,c\n合计,,7,\n\n` +
      '制表人：张三,,审核人：李四,\n备注：单位为万元,,,\n另见附件,,,\n\n\n';
    const { raw, rows } = await readers.read('a.csv', text);
    expect(rows.map((r) => [r[0], r[1]])).toEqual([
      [5, '91'],
      [8, '92'],
      [9, '小计'],
      [10, '93'],
    ]);
    expect(raw.counts).toEqual({ data: 4, title: 2, header: 1, blank: 6, footer: 4 });
    expect(total(raw)).toBe(17);
  });

  it('tells rows with nothing to see in them from those with one odd sign, and finds what stands below hundreds of them', async () => {
    const blank = ['"\u200b",,,', '" \u3000\n",\t,,', ',\u00a0,,\ufeff'];
    const odd = [',，,,', ',,é,', ',, 丙,', '"\u3000·",,,'];
    const many = Array.from({ length: 300 }, (_, i) => blank[i % blank.length]).join('\n');
    const text = `${HEADER}${[...odd, '91,甲,1,a'].join('\n')}\n${many}\n"合 \n计",,8,\n\n另见附件,,,\n`;
    const { raw, rows } = await readers.read('a.csv', text);
    expect(rows.map((r) => r[0])).toEqual([2, 3, 4, 5, 6]);
    expect(raw.counts).toEqual({ data: 5, title: 0, header: 1, blank: 301, footer: 2 });
  });

  it.each([7, 8, 9, 150])('finds footers of %d rows', async (n) => {
    const remarks = Array.from({ length: n - 1 }, (_, i) => `见附件第${i}页,,,\n`).join('');
    const { raw, rows } = await readers.read('a.csv', `${HEADER}91,甲,1,a\n92,乙,2,b\n备注：单位为万元,,,\n${remarks}`);
    expect(rows.map((r) => r[1])).toEqual(['91', '92']);
    expect(raw.counts).toEqual({ data: 2, title: 0, header: 1, blank: 0, footer: n });
  });

  it.each([0, 20_000])(
    'reads titles, header, footers and columns without one alike, whatever follows: %d rows more',
    async (n) => {
      const more = Array.from({ length: n }, (_, i) => `9${i + 10},丁,${i},d,\n`).join('');
      const { raw, rows } = await readers.read(
        'a.csv',
        `名单,,,,\n${HEADER.trimEnd()},\n91,甲,1,a,\n${more}92,乙,2,b,\n合计,,3,,\n制表人：张三,,,,\n`,
      );
      expect(raw.headers).toHaveLength(4);
      expect(raw.counts).toEqual({ data: n + 2, title: 1, header: 1, blank: 0, footer: 2 });
      expect(rows.at(0)).toEqual([3, '91', '甲', '1', 'a']);
      expect(rows.at(-1)).toEqual([n + 4, '92', '乙', '2', 'b']);
    },
  );

  it('does not lose an enterprise whose name begins like a total, in the last row', async () => {
    const { rows, raw } = await readers.read('a.csv', `${HEADER}91,甲,1,a\n92,合计,2,b\n`);
    expect(rows.length).toBe(2);
    expect(raw.counts.footer).toBe(0);
  });

  it('joins a header of two rows, merged cells and all', async () => {
    const text = '名单,,,,\n统一社会信用代码,企业,,注册资本,\n,企业名称,住所,万元,币种\n91,甲,a,1,人民币\n';
    const { raw, rows } = await readers.read('a.csv', text);
    expect(raw.headers).toEqual(['统一社会信用代码', '企业/企业名称', '企业/住所', '注册资本/万元', '注册资本/币种']);
    expect(rows).toEqual([[4, '91', '甲', 'a', '1', '人民币']]);
    expect(raw.counts).toEqual({ data: 1, title: 1, header: 2, blank: 0, footer: 0 });
  });

  it('finds a header typed with other widths, spaces, line ends and brackets, and keeps its text', async () => {
    const { raw } = await readers.read('a.csv', '名单\n"统一社会\n信用代码",企 业 名 称,注册资本【万元】\n91,甲,1\n');
    expect(raw.headers).toEqual(['统一社会\n信用代码', '企 业 名 称', '注册资本【万元】']);
    expect(raw.counts).toEqual({ data: 1, title: 1, header: 1, blank: 0, footer: 0 });
  });

  it('answers its best guess when no header is known', async () => {
    const { raw, rows } = await readers.read('a.csv', '某某名单,,\n代号,叫法,数\nA1,甲,1\nA2,乙,2\n');
    expect(raw.headers).toEqual(['代号', '叫法', '数']);
    expect(rows.length).toBe(2);
  });

  it('keeps duplicate headers, and tolerates empty columns at the end', async () => {
    const { raw, rows } = await readers.read(
      'a.csv',
      '企业名称,企业名称,统一社会信用代码,,,\n甲,乙,91,,,\n丙,丁,92,,,,,,\n',
    );
    expect(raw.headers).toEqual(['企业名称', '企业名称', '统一社会信用代码']);
    expect(rows).toEqual([
      [2, '甲', '乙', '91'],
      [3, '丙', '丁', '92'],
    ]);
  });

  it('makes empty cells NULL and keeps everything else as it stands', async () => {
    const cells = ["'91320594", '="9132"', '91\t', '\u00a0x', 'NULL', '\\N', '-', '0', ' ', '１２'];
    const { rows } = await readers.read('a.csv', `${HEADER}${cells.map((c) => `${c},"",,b`).join('\n')}\n`);
    expect(rows.map((r) => r.slice(1))).toEqual(cells.map((c) => [c, null, null, 'b']));
  });

  it('pads short rows, and sets aside rows that cannot be split, with their row numbers', async () => {
    const text = `${HEADER}91,甲\n92,乙,1,b,多,\n\n93,"丙"x,1,c\n94,"丁\n丁",2,d\n95,戊\0,3,e\n96,己,,,,,\n`;
    const { raw, rows } = await readers.read('a.csv', text);
    expect(rows).toEqual([
      [2, '91', '甲', null, null],
      [6, '94', '丁\n丁', '2', 'd'],
      [8, '96', '己', null, null],
    ]);
    expect(raw.malformed).toEqual([
      { row: 3, text: '92,乙,1,b,多,', reason: 'too_many_cells' },
      { row: 5, text: '93,"丙"x,1,c', reason: 'text_after_quote' },
      { row: 7, text: '95,戊␀,3,e', reason: 'nul_byte' },
    ]);
    expect(total(raw)).toBe(8);
  });

  it('numbers rows as a spreadsheet does, with quoted line ends above', async () => {
    const text = `${HEADER}91,"经营范围：\n许可项目\n一般项目",1,a\n92,乙,2,b\n`;
    expect((await readers.read('a.csv', text)).rows.map((r) => r[0])).toEqual([2, 3]);
  });

  it('refuses a quote that never closes, and names where it was opened', async () => {
    const text = `${HEADER}91,甲,1,a\n92,"乙,2,b\n${'93,丙,3,c\n'.repeat(50_000)}`;
    const message = await readers.refusal('quote.csv', text);
    expect(message).toMatch(/^quote\.csv:3 row 3 a quotation mark is opened here and never closed/);
    expect(message).toContain('opened in cell 2');
    const huge = `${HEADER}91,甲,1,a\n92,"乙,2,b\n${'93,丙,3,c\n'.repeat(300_000)}`;
    expect(await readers.refusal('quote.csv', huge)).toMatch(/^quote\.csv:3 row 3 /);
    const another = `${HEADER}91,甲,1,a\n92,"乙,2,b\n${'93,丙,3,c\n'.repeat(5_000)}94,"丁",4,d\n`;
    expect(await readers.refusal('quote.csv', another)).toMatch(/^quote\.csv:3 row 3 /);
  });

  it('refuses a giant line and a million columns, without holding them', async () => {
    expect(await readers.refusal('a.csv', `${HEADER}91,甲,1,${'长'.repeat(2_000_000)}\n`)).toMatch(
      /a\.csv:2 row 2 a line is too long/,
    );
    expect(await readers.refusal('a.csv', `企业名称,${'x,'.repeat(1_000_000)}\n`)).toMatch(/over 2000 columns/);
    expect(await readers.refusal('a.csv', `${HEADER}${'x,'.repeat(1_100_000)}\n`)).toMatch(/too long/);
    const { raw } = await readers.read('a.csv', `${HEADER}${'x,'.repeat(100_000)}\n91,甲,1,a\n`);
    expect(raw.malformed.map((m) => [m.row, m.reason, m.text.length])).toEqual([[2, 'too_many_cells', 500]]);
  });

  it('reads an extract of zero rows, refuses an empty file', async () => {
    const { raw, rows } = await readers.read('a.csv', HEADER);
    expect([raw.counts.data, rows]).toEqual([0, []]);
    expect(raw.headers[0]).toBe('统一社会信用代码');
    expect(await readers.refusal('a.csv', '')).toMatch(/^a\.csv the file is empty/);
    expect(await readers.refusal('a.csv', '\n\n  \n')).toMatch(/the file is empty/);
    expect(await readers.refusal('a.csv', '\ufeff')).toMatch(/the file is empty/);
  });

  it('reads a single column', async () => {
    const { rows, raw } = await readers.read('a.csv', '企业名称\n甲\n\n"乙\n丙"\n\n');
    expect(rows).toEqual([
      [2, '甲'],
      [4, '乙\n丙'],
    ]);
    expect(raw.counts.blank).toBe(2);
  });

  it('reads cells in single quotes where all stand in them', async () => {
    const { rows } = await readers.read('a.csv', "'统一社会信用代码','企业名称'\n'91','甲,乙'\n");
    expect(rows).toEqual([[2, '91', '甲,乙']]);
  });

  it('takes paths with quotes in them for what they are', async () => {
    const { rows } = await readers.read("it's; DROP TABLE x.csv", `${HEADER}91,甲,1,a\n`);
    expect(rows.length).toBe(1);
  });

  it('reads a .xls that is really CSV, and says what is missing', async () => {
    expect((await readers.read('a.xls', `${HEADER}91,甲,1,a\n`)).raw.format).toBe('csv');
    expect(await readers.refusal('b.xls', '<html><table><tr><td>')).toMatch(/web page[\s\S]*save it as \.xlsx/);
    expect(await readers.refusal('c.xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'))).toMatch(/old Excel workbook/);
    expect(await readers.refusal('nowhere.csv')).toMatch(/there is no such file/);
  });

  it('reads many files side by side', async () => {
    const texts = Array.from({ length: 12 }, (_, f) => `${HEADER}${`9${f},甲,1,a\n\n9${f},"乙"x,2,b\n`.repeat(200)}`);
    const read = await Promise.all(texts.map((text, f) => readers.read(`side${f}.csv`, text)));
    for (const [f, { raw, rows }] of read.entries()) {
      expect(new Set(rows.map((r) => r[1]))).toEqual(new Set([`9${f}`]));
      expect(raw.malformed.length).toBe(200);
      expect(total(raw)).toBe(601);
    }
  });
});
