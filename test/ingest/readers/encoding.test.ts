import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gb18030, gzip, Readers, utf16 } from './harness.js';

const TEXT =
  '统一社会信用代码,企业名称,注册资本(万元),住所\n' +
  '91320594MA1TEXT06F,苏州𠮷田㛃精密机械有限公司,100,星湖街328号\n' +
  '91320594MA2000019B,苏州䶮通科技有限公司,2000.5,苏虹中路1号\n';
const ROWS = [
  [2, '91320594MA1TEXT06F', '苏州𠮷田㛃精密机械有限公司', '100', '星湖街328号'],
  [3, '91320594MA2000019B', '苏州䶮通科技有限公司', '2000.5', '苏虹中路1号'],
];

describe('encodings', () => {
  let readers: Readers;
  beforeAll(async () => {
    readers = await Readers.open();
  });
  afterAll(() => readers.close());

  it.each([
    ['UTF-8', Buffer.from(TEXT), 'utf-8', 'valid UTF-8 throughout'],
    ['UTF-8 with BOM', Buffer.from(`\ufeff${TEXT}`), 'utf-8', 'byte-order mark'],
    ['UTF-16 LE with BOM', utf16(TEXT, 'le', true), 'utf-16le', 'byte-order mark'],
    ['UTF-16 BE with BOM', utf16(TEXT, 'be', true), 'utf-16be', 'byte-order mark'],
    ['UTF-16 LE', utf16(TEXT, 'le', false), 'utf-16le', 'NUL'],
    ['UTF-16 BE', utf16(TEXT, 'be', false), 'utf-16be', 'NUL'],
    ['GB18030', gb18030(TEXT), 'gb18030', 'not UTF-8 at byte'],
    ['UTF-8, gzipped', gzip(TEXT), 'utf-8', 'valid UTF-8 throughout'],
    ['GB18030, gzipped', gzip(gb18030(TEXT)), 'gb18030', 'not UTF-8 at byte'],
  ])('%s', async (_, bytes, name, reason) => {
    const { raw, rows } = await readers.read('a.csv', bytes);
    expect(raw.encoding?.name).toBe(name);
    expect(raw.encoding?.reason).toContain(reason);
    expect(raw.headers).toEqual(['统一社会信用代码', '企业名称', '注册资本(万元)', '住所']);
    expect(rows).toEqual(ROWS);
    expect(raw.bytes).toBe(bytes.length);
    expect(raw.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('says where UTF-8 ended and how plausible GB18030 is', async () => {
    const { raw } = await readers.read(
      'a.csv',
      Buffer.concat([Buffer.from('id,name\n1,a\n2,b\n3,'), gb18030('苏州工业园区\n')]),
    );
    expect(raw.encoding).toEqual({
      name: 'gb18030',
      reason: 'not UTF-8 at byte 18 (line 4); valid GB18030, 100.0% common hanzi',
    });
  });

  it('finds GB18030 far behind a head of ASCII', async () => {
    const ascii = `id,name\n${'1,abc\n'.repeat(100_000)}`;
    const { raw, rows } = await readers.read(
      'late.csv',
      Buffer.concat([Buffer.from(ascii), gb18030('2,苏州工业园区\n')]),
    );
    expect(raw.encoding?.name).toBe('gb18030');
    expect(rows.at(-1)).toEqual([100_002, '2', '苏州工业园区']);
  });

  it('reads a GBK file named .utf8.csv as what it is, with a note', async () => {
    const { raw, rows } = await readers.read('企业.utf8.csv', gb18030(TEXT));
    expect(rows).toEqual(ROWS);
    expect(raw.notes).toEqual(['the file name says utf-8, but the content is gb18030; read as gb18030']);
  });

  it('refuses a mixture of encodings, both ways round, with the place', async () => {
    const gb = gb18030(TEXT);
    const utf8 = Buffer.from('91320594MA7ABCDE97,苏州新区电子有限公司,1,金鸡湖大道88号\n');
    expect(await readers.refusal('mixed.csv', Buffer.concat([gb, utf8, gb]))).toMatch(
      /mixed\.csv:4 the file mixes encodings[\s\S]*line 4 \(from byte \d+\) is UTF-8/,
    );
    const mostlyUtf8 = Buffer.concat([Buffer.from(TEXT.repeat(50)), gb18030('91,苏州,1,园区\n')]);
    expect(await readers.refusal('mixed.csv', mostlyUtf8)).toMatch(
      /mixed\.csv:151 the encoding cannot be told|mixes encodings/,
    );
  });

  it('refuses text that is only valid, not plausible, GB18030', async () => {
    const latin = Buffer.from('id,name\n1,Café Müller Großhandel Ärzte Öl Übung Señor Niño\n', 'latin1');
    expect(await readers.refusal('latin.csv', latin)).toMatch(/latin\.csv:2 .*(encoding cannot be told|neither UTF-8)/);
  });

  it('refuses bytes that are neither', async () => {
    const bytes = Buffer.concat([Buffer.from('id,name\n1,'), Buffer.from([0xff, 0xfe, 0x80, 0xff]), Buffer.from('\n')]);
    expect(await readers.refusal('junk.csv', bytes)).toMatch(/junk\.csv:2 the text is neither UTF-8 nor GB18030/);
  });

  it('refuses a file that breaks the promise of its byte-order mark', async () => {
    const bytes = Buffer.concat([Buffer.from('\ufeffid,name\n1,'), gb18030('苏州'), Buffer.from('\n')]);
    expect(await readers.refusal('bom.csv', bytes)).toMatch(/bom\.csv:2 .*byte-order mark of UTF-8/);
  });

  it('refuses what is no text at all', async () => {
    expect(await readers.refusal('x.csv', Buffer.alloc(5000))).toMatch(/not a text file/);
  });

  it('refuses a gzip file that was cut off', async () => {
    const cut = gzip(TEXT.repeat(1000)).subarray(0, 60);
    expect(await readers.refusal('cut.csv.gz', cut)).toMatch(/cut\.csv\.gz the gzip file ends before its content does/);
  });

  it('keeps characters that a chunk boundary cuts in two', async () => {
    const line = '91320594MA1TEXT06F,苏州𠮷田㛃精密机械有限公司,100,星湖街328号\n';
    const text = `统一社会信用代码,企业名称,注册资本,住所\n${line.repeat(40_000)}`;
    for (const bytes of [Buffer.from(text), gb18030(text), utf16(text, 'le', true), gzip(text)]) {
      const { raw, rows } = await readers.read('big.csv', bytes);
      expect(raw.counts.data).toBe(40_000);
      expect(new Set(rows.map((r) => r[2]))).toEqual(new Set(['苏州𠮷田㛃精密机械有限公司']));
      expect(rows.at(-1)?.[0]).toBe(40_001);
    }
  });
});
