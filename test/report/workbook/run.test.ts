import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { inProcess, runOf } from '../../cli/bidui.js';
import { A, contents, PERSONAL, type World, world } from '../../cli/world.js';
import { csvRows, json } from '../read.js';
import { edited, parts, put, type ReadSheet, records, sheets, themeSheets } from './read.js';

let w: World;
let all: ReadSheet[];
let structure: Map<string, string>;
beforeAll(async () => {
  w = world();
  const told = await run(w);
  expect(told.code, told.err).toBe(0);
  all = await sheets(join(w.out, 'anomalies.xlsx'));
  structure = await parts(join(w.out, 'anomalies.xlsx'));
});

const run = (of: World, ...more: string[]) =>
  inProcess(runOf(of, '--format', 'xlsx', '--state', join(of.root, 'ledger.duckdb'), ...more));
const workbooks = (dir: string) =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.xlsx'))
    .sort();
/** The cover's cells, row by row, without its margin. */
const cover = (of: ReadSheet[]) => of[0]!.rows.map((r) => r.slice(1));

describe('the workbook of a run', () => {
  test('has a cover and a sheet for each theme, with the same anomalies in the same order as the CSV files', () => {
    expect(all.map((s) => s.name)).toEqual(['首页', '人员_证件', '许可证']);
    for (const sheet of themeSheets(all)) {
      const csv = csvRows(join(w.out, 'by-theme'), `${sheet.name}.csv`);
      expect(records(sheet).map((r) => r.异常编号)).toEqual(csv.map((r) => r.异常编号));
      const guard = /^[\t']/;
      for (const [i, r] of records(sheet).entries()) {
        for (const title of [
          '统一社会信用代码',
          '企业名称',
          '异常描述',
          '涉及对象',
          '其他佐证',
          '法律依据',
          '基准日',
          '首次发现',
        ])
          expect(r[title]!.replace(guard, '')).toBe(csv[i]![title]!.replace(guard, ''));
        for (const part of ['数据来源A', '字段A', '文件A', '行号A']) expect(r.证据A).toContain(csv[i]![part]);
      }
    }
  });

  test('tells on its cover what summary.json tells', () => {
    const s = json(w.out, 'summary.json');
    const rows = cover(all);
    const row = (name: string) => rows.find((r) => r[0] === name)?.slice(1);
    for (const t of s.by_theme) {
      const counts = [t.checks, t.consistent, t.anomaly, t.not_comparable, t.not_applicable, t.anomalies];
      expect(row(t.title)?.slice(0, 6)).toEqual(counts.map(String));
    }
    expect(row('合计')).toEqual([
      ...[s.checks, ...Object.values(s.outcomes), s.anomalies].map(String),
      ...s.by_severity.map((x: { anomalies: number }) => String(x.anomalies)),
    ]);
    for (const d of s.by_department) expect(row(d.title)?.[0]).toBe(String(d.anomalies));
    for (const x of s.by_source) {
      const counts = [x.rows, x.loaded, x.quarantined_rows, x.quarantined_fields, x.duplicates, x.unmatched];
      expect(row(x.title)).toEqual(['是', ...counts.map(String)]);
    }
    expect(row('新增')).toEqual([String(s.anomalies)]);
    expect(rows.flat().join()).toContain(`基准日 2026-07-31　·　企业 ${s.enterprises} 户　·　规则 ${s.checks} 条`);
  });

  test('keeps the header and the first columns in sight, filters, validates, and prints on A4', () => {
    for (const sheet of themeSheets(all)) {
      const last = sheet.rows.length;
      expect(sheet.xml).toContain(
        '<pane xSplit="2" ySplit="2" topLeftCell="C3" activePane="bottomRight" state="frozen"/>',
      );
      expect(sheet.xml).toMatch(new RegExp(`<autoFilter ref="A2:[A-Z]+${last}"/>`));
      const at = (title: string) => String.fromCharCode(65 + sheet.rows[1]!.indexOf(title));
      const status = at('核查状态');
      const on = at('反馈日期');
      expect(sheet.xml).toMatch(
        new RegExp(
          `<dataValidation type="list"[^>]* sqref="${status}3:${status}${last}"><formula1>disposal_words</formula1>`,
        ),
      );
      expect(sheet.xml).toMatch(
        new RegExp(`<dataValidation type="date" operator="between"[^>]* sqref="${on}3:${on}${last}"><formula1>36526<`),
      );
      expect(sheet.xml).toContain('<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>');
      expect(sheet.xml).not.toMatch(/sheetProtection|<f>|customHeight/);
      const code = new RegExp(`<c r="C3" s="\\d+" t="inlineStr"><is><t xml:space="preserve">${A}</t>`);
      expect(sheet.xml).toMatch(code);
    }
    const workbook = structure.get('xl/workbook.xml')!;
    expect(workbook).toContain(`localSheetId="1">'人员_证件'!$1:$2</definedName>`);
    const [, first, lastWord] = /name="disposal_words">'首页'!\$B\$(\d+):\$B\$(\d+)</.exec(workbook) ?? [];
    const xml = all[0]!.xml;
    const words = [];
    for (let r = Number(first); r <= Number(lastWord); r++)
      words.push(new RegExp(`<c r="B${r}"[^>]*>.*?<t[^>]*>(.*?)</t>`).exec(xml)?.[1]);
    expect(words).toEqual(['待核查', '核查中', '属实已整改', '属实待整改', '误报', '数据问题']);
  });

  test('knows no time, no person and no machine', () => {
    const core = structure.get('docProps/core.xml')!;
    expect(core).toMatch(/<dc:creator>bidui \d/);
    expect(core).not.toMatch(/dcterms|lastModifiedBy|20\d\d-\d\d-\d\dT/);
  });

  test('is XML as the format wants it, part by part', () => {
    for (const name of ['xl/workbook.xml', 'xl/styles.xml', '[Content_Types].xml', '_rels/.rels', 'docProps/app.xml'])
      expect(structure.get(name)).toMatch(/^<\?xml version="1.0" encoding="UTF-8" standalone="yes"\?>\n</);
    const types = structure.get('[Content_Types].xml')!;
    for (const part of structure.keys()) if (!/rels$|Content_Types/.test(part)) expect(types).toContain(`"/${part}"`);
    const styles = Number(/<cellXfs count="(\d+)"/.exec(structure.get('xl/styles.xml')!)?.[1]);
    for (const { xml } of all)
      expect(Math.max(...[...xml.matchAll(/ s="(\d+)"/g)].map((m) => Number(m[1])))).toBeLessThan(styles);
  });
});

test('each department has a workbook with its own anomalies and no others', async () => {
  const files = readdirSync(join(w.out, 'by-department'));
  const titles = json(w.out, 'summary.json').by_department.map((d: { title: string }) => d.title);
  expect(files.filter((f) => f.endsWith('.xlsx')).sort()).toEqual(titles.map((t: string) => `${t}.xlsx`).sort());
  for (const title of titles) {
    const own = await sheets(join(w.out, 'by-department', `${title}.xlsx`));
    const ids = themeSheets(own).flatMap((s) => records(s).map((r) => r.异常编号));
    expect(ids.sort()).toEqual(
      csvRows(join(w.out, 'by-department'), `${title}.csv`)
        .map((r) => r.异常编号)
        .sort(),
    );
    expect(cover(own).flat().join()).toContain(`本部门需核查的疑似异常 ${ids.length} 条`);
  }
});

test('masked values stand nowhere in it', async () => {
  for (const file of workbooks(w.out)) {
    const text = [...(await parts(join(w.out, file))).values()].join();
    for (const value of PERSONAL) expect(text).not.toContain(value);
  }
});

test('--lang en speaks English, also in the drop-down list', async () => {
  const en = world();
  expect((await run(en, '--lang', 'en')).code).toBe(0);
  const english = await sheets(join(en.out, 'anomalies.xlsx'));
  expect(english.map((s) => s.name)).toEqual(['Cover', 'People', 'Permits']);
  expect(english[1]!.rows[1]!.slice(0, 3)).toEqual(['Severity', 'Enterprise', 'Credit code']);
  expect(english[0]!.rows.flat()).toContain('Confirmed, rectified');
  for (const sheet of english) expect(sheet.rows[1]!.join()).not.toMatch(/[\u4e00-\u9fff]/);
});

describe('feedback', () => {
  /** Fills in the first row of each theme, as Excel saves it: a word of the list, a day as a number. */
  async function filled(from: string, to: string, status = '误报'): Promise<void> {
    const first = themeSheets(await sheets(from));
    await edited(from, to, (part, text) => {
      const sheet = first.find((s) => s.xml === text);
      if (!sheet || !part.startsWith('xl/worksheets/')) return text;
      const at = (title: string) => `${String.fromCharCode(65 + sheet.rows[1]!.indexOf(title))}3`;
      const by = put(put(text, at('核查状态'), status), at('核查人'), '王五');
      return put(put(by, at('反馈日期'), 46_239), at('核查结果说明'), '-口径差异');
    });
  }
  const feed = (of: World, file: string, ...more: string[]) =>
    inProcess(['feedback', file, '--state', join(of.root, 'ledger.duckdb'), ...more]);

  test('is read from every sheet, stands in the next workbook, and comes back unchanged', async () => {
    const own = world();
    expect((await run(own)).code).toBe(0);
    const back = join(own.root, '交回.xlsx');
    // Untouched, it says nothing.
    expect((await feed(own, join(own.out, 'anomalies.xlsx'))).out).toContain('已入账 0，台账已有 0，未填写 6');
    await filled(join(own.out, 'anomalies.xlsx'), back);
    const told = await feed(own, back);
    expect(told.err).toBe('');
    expect(told.out).toContain('1 个文件 6 行：已入账 2，台账已有 0，未填写 4');
    expect((await run(own, '--as-of', '2026-08-06')).code).toBe(0);
    const next = themeSheets(await sheets(join(own.out, 'anomalies.xlsx'))).flatMap(records);
    const answered = next.filter((r) => r.核查状态 !== '待核查');
    expect(answered.map((r) => [r.核查状态, r.核查人, r.反馈日期])).toEqual([
      ['误报', '王五', '2026-08-05'],
      ['误报', '王五', '2026-08-05'],
    ]);
    expect((await feed(own, join(own.out, 'anomalies.xlsx'))).out).toContain('已入账 0，台账已有 2，未填写 4');
    for (const d of readdirSync(join(own.out, 'by-department')).filter((f) => f.endsWith('.xlsx')))
      expect((await feed(own, join(own.out, 'by-department', d))).out).toContain('已入账 0');
  });

  test('that cannot be taken is told with its sheet and row, and none of it is written', async () => {
    const own = world();
    expect((await run(own)).code).toBe(0);
    const back = join(own.root, '交回.xlsx');
    await filled(join(own.out, 'anomalies.xlsx'), back, '不知道');
    const told = await feed(own, back);
    expect(told.code).toBe(3);
    expect(told.err).toContain('交回.xlsx [人员_证件]');
    expect(told.err).toContain('交回.xlsx [许可证]');
    expect(told.err).toContain('row 3');
  });

  test('in English words is understood too', async () => {
    const own = world();
    expect((await run(own, '--lang', 'en')).code).toBe(0);
    const from = join(own.out, 'anomalies.xlsx');
    const [, people] = await sheets(from);
    const at = (title: string) => `${String.fromCharCode(65 + people!.rows[1]!.indexOf(title))}3`;
    const back = join(own.root, 'back.xlsx');
    await edited(from, back, (_, text) =>
      text === people!.xml
        ? put(
            put(put(text, at('Disposal status'), 'Confirmed, rectified'), at('Handled by'), 'Wang'),
            at('Feedback date'),
            46_239,
          )
        : text,
    );
    expect((await feed(own, back, '--lang', 'en')).out).toContain('6 rows in 1 files: 1 taken');
  });
});

test('the same run gives the same bytes, with one thread and with four', async () => {
  const files = (of: World) => new Map([...contents(of.out)].filter(([f]) => f.endsWith('.xlsx')));
  const one = world();
  const four = world();
  await run(one, '--threads', '1');
  await run(four, '--threads', '4');
  expect(files(one).size).toBe(4);
  expect(files(four)).toEqual(files(one));
  // Nothing of the clock is in the zip either.
  const bytes = readFileSync(join(one.out, 'anomalies.xlsx'));
  expect(bytes.readUInt32LE(10)).toBe(0x0021_0000);
});
