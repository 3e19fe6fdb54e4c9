import { spawn } from 'node:child_process';
import { createWriteStream, writeFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { createGzip, deflateRawSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Readers } from '../ingest/readers/harness.js';
import { writeXlsx } from '../support/xlsx.js';
import { zipOf } from './mutate.js';

const MEGABYTE = 1024 * 1024;
const HEADER = ['统一社会信用代码', '企业名称', '注册资本', '住所'];
const text = (s: string) => Buffer.from(s);
const RELS = text(
  '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
);
const BOOK = text(
  '<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
);

/** A workbook of one sheet that stands there as it is given. */
const book = (sheet: Buffer, more: Parameters<typeof zipOf>[0] = [], lie: { says?: number; packed?: Buffer } = {}) =>
  zipOf([
    { name: text('xl/workbook.xml'), data: BOOK },
    { name: text('xl/_rels/workbook.xml.rels'), data: RELS },
    { name: text('xl/worksheets/sheet1.xml'), data: sheet, ...lie },
    ...more,
  ]);
const sheet = (rows: string, head = '') =>
  text(
    `<?xml version="1.0"?>${head}<worksheet><sheetData><row r="1">${HEADER.map((h) => `<c t="str"><v>${h}</v></c>`).join('')}</row>${rows}</sheetData></worksheet>`,
  );

let readers: Readers;
beforeAll(async () => {
  readers = await Readers.open();
});
afterAll(() => readers.close());

const fault = async (name: string, bytes: Buffer): Promise<string> => {
  const start = performance.now();
  const before = process.memoryUsage().rss;
  const said = await readers.read(name, bytes).then(
    () => 'read',
    (e: { problems?: { what: string; why?: string }[] }) =>
      e.problems ? e.problems.map((p) => `${p.what}: ${p.why}`).join('; ') : `no fault of the file: ${String(e)}`,
  );
  expect(performance.now() - start).toBeLessThan(60_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(700 * MEGABYTE);
  return said;
};

describe('a workbook that is made to unpack to more than a disk holds', () => {
  test('says so in its directory', async () => {
    const zeros = deflateRawSync(Buffer.alloc(MEGABYTE));
    const bomb = book(Buffer.alloc(0), [], { packed: zeros, says: 3_000_000_000 });
    expect(await fault('bomb.xlsx', bomb)).toContain('unpacks to far more than an extract can hold');
  });

  test('lies about it', async () => {
    const packed = deflateRawSync(Buffer.concat([sheet(''), Buffer.alloc(64 * MEGABYTE, 0x20)]));
    expect(await fault('lie.xlsx', book(Buffer.alloc(0), [], { packed, says: 1000 }))).toContain('damaged');
  });

  test('has its weight in parts that nobody reads, or too many of them', async () => {
    const many = Array.from({ length: 11_000 }, (_, i) => ({ name: text(`x/${i}`), data: Buffer.alloc(0) }));
    expect(await fault('many.xlsx', book(sheet(''), many))).toContain('parts');
  });
});

describe('the XML of a workbook', () => {
  const laughs = `<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "${'&a;'.repeat(10)}"><!ENTITY c "${'&b;'.repeat(10)}">]>`;
  test.each([
    ['has no entities of its own', sheet('<row r="2"><c t="str"><v>&c;</v></c></row>', laughs), /DOCTYPE/],
    [
      'fetches nothing',
      sheet('<row r="2"><c t="str"><v>&x;</v></c></row>', '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
      /DOCTYPE/,
    ],
    ['names no entity that nobody explained', sheet('<row r="2"><c t="str"><v>&c;</v></c></row>'), /damaged/],
    [
      'has no cell larger than a workbook can hold',
      sheet(`<row r="2"><c t="str"><v>${'a'.repeat(6_000_000)}</v></c></row>`),
      /damaged|more text/,
    ],
    ['has no more rows than a sheet', sheet('<row r="99999999"><c t="str"><v>1</v></c></row>'), /damaged/],
  ])('%s', async (_, xml, why) => {
    expect(await fault('x.xlsx', book(xml))).toMatch(why);
  });

  test('lies as deep as it likes', async () => {
    expect(await fault('deep.xlsx', book(text(`${'<a>'.repeat(200_000)}${'</a>'.repeat(200_000)}`)))).toMatch(
      /damaged|empty/,
    );
  });

  test('may put a cell into the last column, and none beyond', async () => {
    expect(
      await fault(
        'wide.xlsx',
        book(sheet('<row r="2"><c r="ZZZZZZ2" t="str"><v>1</v></c><c r="A2" t="str"><v>1</v></c></row>')),
      ),
    ).toBe('read');
  });
});

test('names of parts lead nowhere: they are looked up, not opened', async () => {
  for (const name of ['../../../../tmp/r4-was-here', '/etc/cron.d/x', '..\\..\\x', 'xl/../../x']) {
    const said = await fault(
      'way.xlsx',
      book(sheet('<row r="2"><c t="str"><v>91</v></c></row>'), [{ name: text(name), data: text('x') }]),
    );
    expect(said).toMatch(/^read$|damaged/);
  }
});

describe('gzip', () => {
  test('that unpacks to far more than it holds is given up', async () => {
    const path = readers.path('bomb.csv.gz');
    const out = createGzip({ level: 9 });
    out.pipe(createWriteStream(path));
    for (let i = 0; i < 700; i++)
      if (!out.write(Buffer.alloc(MEGABYTE, 0x61))) await new Promise((r) => out.once('drain', r));
    out.end();
    await finished(out);
    const said = await readers.readPath('bomb.csv.gz').catch((e: Error) => e.message);
    expect(said).toMatch(/unpacks to far more|too long|record/);
  }, 120_000);

  test('within gzip is no text', async () => {
    expect(await fault('twice.csv.gz', gzipSync(gzipSync(`${HEADER.join()}\n1,2,3,4\n`)))).not.toBe('read');
  });
});

describe('JSON', () => {
  const wrapped = (value: string) => `[{"统一社会信用代码":"91","企业名称":${value}}]`;
  test.each([
    ['brackets', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['objects', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
    ['brackets without an end', '['.repeat(1_000_000)],
  ])('%s within each other end in a sentence or a row', async (_, value) => {
    for (const [name, content] of [
      ['a.json', wrapped(value)],
      ['b.ndjson', wrapped(value).slice(1, -1)],
      ['c.json', value],
    ] as const) {
      expect(await fault(name, text(content))).not.toContain('no fault of the file');
    }
  });

  test('keys of the prototype and keys with quotes are columns', async () => {
    const content =
      '[{"统一社会信用代码":"91","企业名称":"甲","__proto__":"1","constructor":"2","a\\"; DROP TABLE x; --":"3","~/":"4"}]';
    const { raw, rows } = await readers.read('keys.json', content);
    expect(raw.headers).toEqual([
      '统一社会信用代码',
      '企业名称',
      '__proto__',
      'constructor',
      'a"; DROP TABLE x; --',
      '~/',
    ]);
    expect(rows[0]!.slice(3)).toEqual(['1', '2', '3', '4']);
  });
});

test('a cell of CSV without an end, and a table without an end of columns', async () => {
  expect(await fault('cell.csv', text(`${HEADER.join()}\n"${'a'.repeat(5_000_000)}`))).not.toContain(
    'no fault of the file',
  );
  expect(await fault('wide.csv', text(`${HEADER.join()}${',x'.repeat(100_000)}\n1,2,3,4\n`))).not.toContain(
    'no fault of the file',
  );
  await writeXlsx(readers.path('w.xlsx'), [
    { name: 'a', rows: [[...HEADER, ...Array.from({ length: 5000 }, (_, i) => `x${i}`)]] },
  ]);
  await expect(readers.readPath('w.xlsx')).rejects.toThrow(/columns/);
});

test('mutated copies of every format are read or refused, within time and memory', async () => {
  const cases = process.env.FUZZ_CASES ?? '12';
  const child = spawn(
    process.execPath,
    [
      '--max-old-space-size=1500',
      '--import',
      'tsx',
      'test/hostile/fuzz.ts',
      cases,
      process.env.FUZZ_SEED ?? '20260731',
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let out = '';
  let err = '';
  child.stdout.on('data', (d) => (out += d));
  child.stderr.on('data', (d) => (err += d));
  const code = await new Promise((done) => child.on('close', done));
  writeFileSync(readers.path('fuzz.txt'), out);
  expect(code, err.slice(-2000)).toBe(0);
  expect(out.split('\n').filter((l) => l.includes('"wrong":"') || l.includes('"wrong": "'))).toEqual([]);
  expect(Object.keys((JSON.parse(out.trim().split('\n').at(-1)!) as { counts: object }).counts)).toHaveLength(10);
}, 600_000);
