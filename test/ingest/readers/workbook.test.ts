import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberText } from '../../../src/ingest/formats/number-text.js';
import { formatNumber, kindOfCode, numberKind } from '../../../src/ingest/formats/xlsx/number-format.js';
import { SharedStrings } from '../../../src/ingest/formats/xlsx/shared-strings.js';
import { writeXlsx, type XlsxCell, type XlsxOptions, type XlsxSheet, ZipWriter } from '../../support/xlsx.js';
import { ENTERPRISES, Readers, total } from './harness.js';

const HEADER = ['统一社会信用代码', '企业名称', '注册资本', '住所'];
const day = (iso: string) => new Date(`${iso}Z`);

describe('workbooks', () => {
  let readers: Readers;
  beforeAll(async () => {
    readers = await Readers.open();
  });
  afterAll(() => readers.close());

  const read = async (sheets: XlsxSheet[], o: XlsxOptions & { sheet?: string } = {}) => {
    await writeXlsx(readers.path('a.xlsx'), sheets, o);
    return readers.readPath('a.xlsx', { ...ENTERPRISES, sheet: o.sheet });
  };
  const one = (rows: XlsxCell[][], more: Partial<XlsxSheet> = {}) => read([{ name: 'Sheet1', rows, ...more }]);

  it('reads titles, a merged header of two rows, gaps, footers and thousands of empty rows', async () => {
    const { raw, rows } = await one(
      [
        ['苏州工业园区企业名单'],
        [],
        ['统一社会信用代码', '企业', null, '注册资本(万元)'],
        [null, '企业名称', '住所'],
        ['91', '甲', '一行\n又一行，"引号"', 1234.5],
        [],
        ['92', '𠮷䶮', ' 前后空格 ', 0],
        ['合计', null, null, 1234.5],
        ['制表人：张三'],
      ],
      { merges: ['A1:D1', 'B3:C3', 'A3:A4', 'D3:D4'], tail: '<row r="10"/><row r="6000"><c r="A6000" s="0"/></row>' },
    );
    expect(raw.headers).toEqual(['统一社会信用代码', '企业/企业名称', '企业/住所', '注册资本(万元)']);
    expect(rows).toEqual([
      [5, '91', '甲', '一行\n又一行，"引号"', '1234.5'],
      [7, '92', '𠮷䶮', ' 前后空格 ', '0'],
    ]);
    expect(raw.counts).toEqual({ data: 2, title: 1, header: 2, blank: 5993, footer: 2 });
    expect(total(raw)).toBe(6000);
    expect(raw.sheet).toBe('Sheet1');
  });

  it('reads every kind of cell as the text that Excel shows', async () => {
    const cells: [XlsxCell, string | null][] = [
      ['91320594MA1TEXT06F', '91320594MA1TEXT06F'],
      [913205940000000000, '9.1320594E+17'],
      [320594000012340, '320594000012340'],
      [{ xml: '<v>1234.5600000000001</v>' }, '1234.56'],
      [0.1 + 0.2, '0.3'],
      [1e-7, '0.0000001'],
      [-50, '-50'],
      [true, 'TRUE'],
      [{ xml: '<v>#N/A</v>', type: 'e' }, '#N/A'],
      [{ xml: '<f>A1&amp;"x"</f><v>算出</v>', type: 'str' }, '算出'],
      [{ xml: '<is><r><t>富</t></r><r><t>文本</t></r><rPh><t>fu</t></rPh></is>', type: 'inlineStr' }, '富文本'],
      [{ xml: '<v>2024-01-05T00:00:00</v>', type: 'd' }, '2024-01-05'],
      [day('2024-01-05T00:00:00'), '2024-01-05'],
      [day('2024-01-05T13:30:05'), '2024-01-05 13:30:05'],
      [{ number: 45292, format: 'yyyy"年"m"月"d"日"' }, '2024-01-01'],
      [{ number: 45292, format: '[$-804]yyyy\\-mm\\-dd;@' }, '2024-01-01'],
      [{ number: 0.5, format: 'h:mm' }, '12:00:00'],
      [{ number: 0.153, format: '0.0%' }, '15.3%'],
      [{ number: 45292, format: '#,##0.00" d"' }, '45292'],
      [{ number: 60, format: 'yyyy-mm-dd' }, '1900-02-29'],
      [{ number: 59, format: 'yyyy-mm-dd' }, '1900-02-28'],
      [{ number: 61, format: 'yyyy-mm-dd' }, '1900-03-01'],
      [{ xml: '<is><t>a_x000D_b</t></is>', type: 'inlineStr' }, 'a\rb'],
      ['a_x000D_b', 'a_x000D_b'],
      ['', null],
    ];
    const { rows } = await one([HEADER, ...cells.map(([cell], i): XlsxCell[] => [String(i), 'x', cell])]);
    expect(rows.map((r) => r[3])).toEqual(cells.map(([, text]) => text));
    const inline = await one([HEADER, ['91', '行内', '文字']], { inline: true });
    expect(inline.rows).toEqual([[2, '91', '行内', '文字', null]]);
  });

  it('counts days from 1904 where the workbook says so', async () => {
    const rows: XlsxCell[][] = [HEADER, ['91', 'x', day('2024-01-01T00:00:00')]];
    const read1904 = await read([{ name: 'S', rows }], { date1904: true });
    expect(read1904.rows[0]?.[3]).toBe('2024-01-01');
  });

  it('knows dates by their formats, built in or written', () => {
    expect([14, 22, 27, 31, 50, 57, 58].map((id) => numberKind(id, undefined))).toEqual(Array(7).fill('date'));
    expect([18, 21, 46].map((id) => numberKind(id, undefined))).toEqual(Array(3).fill('time'));
    expect([0, 1, 4, 49].map((id) => numberKind(id, undefined))).toEqual(Array(4).fill('number'));
    expect(['General', '0.00E+00', '#,##0', '@', '0" 元"', '[Red]0.0', '_ * #,##0_ '].map(kindOfCode)).toEqual(
      Array(7).fill('number'),
    );
    expect(['yyyy/m/d', 'm/d/yy h:mm', 'mmm-yy', '[DBNum1]yyyy"年"m"月"', 'aaaa d'].map(kindOfCode)).toEqual(
      Array(5).fill('date'),
    );
    expect(['h:mm AM/PM', '[h]:mm:ss', 'mm:ss.0'].map(kindOfCode)).toEqual(Array(3).fill('time'));
    expect(formatNumber('-1', 'date', false)).toBe('-1');
    expect([1e15, 123456789012345, -1e-10, 2.5].map(numberText)).toEqual([
      '1E+15',
      '123456789012345',
      '-0.0000000001',
      '2.5',
    ]);
  });

  it('chooses the sheet whose header fits, and notes what it passed over', async () => {
    const { raw, rows } = await read([
      { name: '填写说明', rows: [['请看下一页']] },
      { name: '旧数据', hidden: true, rows: [HEADER, ['99', '旧', 1, 'a']] },
      { name: '数据', rows: [HEADER, ['91', '甲', 1, 'a']] },
      { name: '模板', rows: [HEADER] },
    ]);
    expect(raw.sheet).toBe('数据');
    expect(rows).toEqual([[2, '91', '甲', '1', 'a']]);
    expect(raw.notes.join('\n')).toMatch(/hidden sheets were passed over: '旧数据'[\s\S]*'填写说明', '模板'/);
  });

  it('refuses to choose between two sheets with rows, unless the contract names one', async () => {
    const sheets = ['1月', '2月'].map((name) => ({ name, rows: [HEADER, ['91', name, 1, 'a']] }));
    await writeXlsx(readers.path('two.xlsx'), sheets);
    expect(await readers.refusal('two.xlsx')).toMatch(
      /two\.xlsx 2 sheets have the header[\s\S]*'1月', '2月'[\s\S]*contract/,
    );
    expect((await read(sheets, { sheet: '2月' })).rows[0]?.[2]).toBe('2月');
    expect(await readers.refusal('two.xlsx', undefined, { ...ENTERPRISES, sheet: '3月' })).toMatch(
      /no sheet '3月'[\s\S]*'1月', '2月'/,
    );
  });

  it('tells of text beyond the header and of formulas without a result', async () => {
    const { raw, rows } = await one([HEADER, ['91', '甲', { xml: '<f>1+1</f>' }, 'a', null, '旁注']]);
    expect(rows).toEqual([[2, '91', '甲', null, 'a']]);
    expect(raw.notes.join('\n')).toMatch(/beyond the last header was left out in 1 rows, first in F2[\s\S]*1 formulas/);
  });

  it('refuses an empty workbook, reads one of zero rows', async () => {
    await writeXlsx(readers.path('e.xlsx'), [{ name: '空', rows: [] }]);
    expect(await readers.refusal('e.xlsx')).toMatch(/sheet '空' is empty/);
    expect((await one([HEADER])).raw.counts.data).toBe(0);
  });

  it('refuses a workbook that was cut off or damaged', async () => {
    await writeXlsx(readers.path('b.xlsx'), [
      { name: 'S', rows: Array.from({ length: 500 }, (_, i) => [...HEADER, i]) },
    ]);
    const whole = readFileSync(readers.path('b.xlsx'));
    expect(await readers.refusal('cut.xlsx', whole.subarray(0, whole.length / 2))).toMatch(
      /cut\.xlsx the workbook was cut off/,
    );
    const bent = Buffer.from(whole);
    bent.fill(0x55, 1500, 1600);
    expect(await readers.refusal('bent.xlsx', bent)).toMatch(/bent\.xlsx the workbook is damaged/);
    expect(await readers.refusal('zip.xlsx', Buffer.from('PK\x03\x04 and nothing'))).toMatch(/cut off|damaged/);
  });

  it('looks parts up by name, whatever path a workbook gives', async () => {
    const out = new ZipWriter(createWriteStream(readers.path('path.xlsx')));
    await out.add('xl/workbook.xml', '<workbook xmlns:r="r"><sheets><sheet name="S" r:id="a"/></sheets></workbook>');
    await out.add(
      'xl/_rels/workbook.xml.rels',
      '<Relationships><Relationship Id="a" Type="x/worksheet" Target="../../../etc/passwd"/></Relationships>',
    );
    await out.close();
    expect(await readers.refusal('path.xlsx')).toMatch(/damaged[\s\S]*passwd is missing/);
  });

  it('refuses entities, and parts that unpack to far too much', async () => {
    const sheet = (tail: string) => [{ name: 'S', rows: [HEADER], tail }];
    await writeXlsx(readers.path('d.xlsx'), sheet('<row r="2"><c r="A2" t="str"><v>&lol;</v></c></row>'));
    expect(await readers.refusal('d.xlsx')).toMatch(/damaged[\s\S]*entity/);
    await writeXlsx(
      readers.path('long.xlsx'),
      sheet(`<row r="2"><c t="str"><v>${'x'.repeat(5_000_000)}</v></c></row>`),
    );
    expect(await readers.refusal('long.xlsx')).toMatch(/more text than a workbook can/);
    const bytes = readFileSync(readers.path('d.xlsx'));
    // The size that the table of contents claims for its first part.
    bytes.writeUInt32LE(2_000_000_000, bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
    expect(await readers.refusal('bomb.xlsx', bytes)).toMatch(/unpacks to far more/);
  });

  it('keeps shared strings on disk when they do not fit', () => {
    const path = readers.path('strings');
    const strings = new SharedStrings(path, 100);
    const texts = Array.from({ length: 20_000 }, (_, i) => `第${i}号`.repeat((i % 7) + 1));
    for (const text of texts) strings.add(text);
    strings.ready();
    for (const i of [0, 1, 30, 5000, 19_999, 3, 12_345]) expect(strings.get(i)).toBe(texts[i]);
    expect(strings.get(20_000)).toBeUndefined();
    strings.remove();
    expect(() => readFileSync(path)).toThrow();
    writeFileSync(path, '');
  });
});
