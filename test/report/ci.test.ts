import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { inProcess, runOf } from '../cli/bidui.js';
import { A, EXTRACTS, type World, world } from '../cli/world.js';
import { published, publishedSchemas } from '../schemas/published.js';
import { csvRows, json } from './read.js';
import { all, type Node, readXml } from './read-xml.js';

/** What a value may hold that means something to XML, to Markdown, to a forge or to a terminal. */
const HOSTILE =
  'P|<img src=x>@ops #12 [x](http://evil.example) `c` ]]> &amp; \u001b[31m ![i](y) www.evil.example $x$ <!--';

const hostile = () =>
  world({
    extracts: { '许可证.csv': `${EXTRACTS['许可证.csv']}"${HOSTILE}",${A},苏州甲有限公司,诸葛明亮,2024-06-30,1\n` },
  });

const read = (w: World, file: string) => readFileSync(join(w.out, file), 'utf8');
const suites = (w: World) => readXml(read(w, 'junit.xml'));
const cases = (w: World) => new Map(all(suites(w), 'testcase').map((c) => [c.attributes.name!.slice(0, 5), c]));
const verdict = (c: Node | undefined) => c?.children.find((x) => x.name !== 'system-out');

let w: World;
beforeAll(async () => {
  w = hostile();
  expect((await inProcess(runOf(w, '--format', 'junit,markdown'))).code).toBe(0);
});

async function valid(xml: string, schema: string): Promise<readonly string[]> {
  const { errors } = await validateXML({
    xml: [{ fileName: 'junit.xml', contents: xml }],
    schema: [{ fileName: 'junit.xsd', contents: schema }],
  });
  return errors.map((e) => e.message);
}

describe('junit.xml', () => {
  test('is what viewers take, whatever the extracts hold', async () => {
    const schema = readFileSync('test/schemas/junit.xsd', 'utf8');
    expect(await valid(read(w, 'junit.xml'), schema)).toEqual([]);
    expect(await valid('<testsuites/>', schema)).not.toEqual([]);
  });

  if (publishedSchemas)
    test('is valid by the schema of the Jenkins xUnit plugin', async () => {
      expect(await valid(read(w, 'junit.xml'), published('junit-10.xsd'))).toEqual([]);
    });

  test('has a suite for each theme, a case for each check, and counts that add up to the summary', () => {
    const s = json(w.out, 'summary.json');
    const root = suites(w);
    const sum = (name: string) => all(root, 'testsuite').reduce((n, x) => n + Number(x.attributes[name]), 0);
    for (const name of ['tests', 'failures', 'errors']) expect(Number(root.attributes[name])).toBe(sum(name));
    expect(root.attributes).toMatchObject({ tests: '3', failures: '3', errors: '0' });
    expect(all(root, 'testsuite').map((x) => x.attributes.name)).toEqual(['人员/证件', '许可证']);
    const property = (suite: Node, name: string) =>
      Number(all(suite, 'property').find((p) => p.attributes.name === name)?.attributes.value);
    for (const t of s.by_theme) {
      const suite = all(root, 'testsuite').find((x) => x.attributes.name === t.title)!;
      for (const name of [
        'anomalies',
        'consistent',
        'anomaly',
        'not_comparable',
        'not_applicable',
        'enterprises_compared',
      ])
        expect(property(suite, `bidui.${name}`)).toBe(t[name]);
    }
  });

  test('tells in a failure what to act on, and values as they stand', () => {
    const failure = verdict(cases(w).get('AA-01'))!;
    expect(failure.name).toBe('failure');
    expect(failure.attributes).toEqual({ message: '疑似异常 4 条（红 4）', type: 'red' });
    expect(failure.text).toContain('[红] 苏州甲有限公司 91320594MA1TEXT06F AA-01-');
    expect(failure.text).toContain('  有效期至：2025-05-31 — 许可证表（许可证.csv 第3行）');
    expect(failure.text).toContain('<img src=x>@ops #12');
    expect(failure.text).not.toContain('\u001b');
  });

  test('skips a check that could judge nobody, and says why', async () => {
    const absent = world({ extracts: { '人员.csv': null, '许可证.csv': null } });
    expect((await inProcess(runOf(absent, '--format', 'junit', '--lang', 'en'))).code).toBe(0);
    expect(verdict(cases(absent).get('AA-01'))).toMatchObject({
      name: 'skipped',
      attributes: { message: expect.stringMatching(/^2 enterprises not comparable/) },
    });
    const nobody = world({
      extracts: { '企业登记_20260731.csv': EXTRACTS['企业登记_20260731.csv']!.replaceAll(/存续|在业/g, '注销') },
    });
    expect((await inProcess(runOf(nobody, '--format', 'junit'))).code).toBe(0);
    expect(verdict(cases(nobody).get('AA-02'))).toMatchObject({
      name: 'skipped',
      attributes: { message: '不适用于本次任何一户企业' },
    });
    expect(await valid(read(nobody, 'junit.xml'), readFileSync('test/schemas/junit.xsd', 'utf8'))).toEqual([]);
  });

  test('caps a body, and says how many more there are', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => `许可${i},${A},苏州甲有限公司,诸葛明亮,2024-06-30,1`).join('\n');
    const many = world({ extracts: { '许可证.csv': `${EXTRACTS['许可证.csv']}${rows}\n` } });
    expect((await inProcess(runOf(many, '--format', 'junit,markdown'))).code).toBe(0);
    const failure = verdict(cases(many).get('AA-01'))!;
    expect(failure.text.length).toBeLessThan(12_000);
    const told = failure.text.match(/AA-01-[0-9A-F]{12}/g)!.length;
    expect(failure.text).toContain(`另有 ${503 - told} 条，见 anomalies.csv`);
    expect(read(many, 'summary.md')).toMatch(/仅列前 200 条，共 \d+ 条/);
  });
});

describe('summary.md', () => {
  test('counts what the summary counts', () => {
    const md = read(w, 'summary.md');
    const s = json(w.out, 'summary.json');
    for (const x of s.by_severity) expect(md).toMatch(new RegExp(`\\| . ${x.title} \\| ${x.anomalies} \\|`, 'u'));
    for (const t of s.by_theme) expect(md).toContain(`| ${t.title} | ${t.enterprises_compared} | ${t.consistent} | `);
    for (const r of csvRows(w.out, 'anomalies.csv')) expect(md).toContain(r.异常编号);
  });

  test('keeps every row a row, and lets no value do anything', () => {
    const md = read(w, 'summary.md');
    const rows = md.split('\n').filter((l) => l.startsWith('| 🔴') || l.startsWith('| 🟡'));
    for (const row of rows.filter((r) => r.includes('AA-')))
      expect(row.replace(/\\\|/g, '').match(/\|/g)).toHaveLength(7);
    const line = rows.find((r) => r.includes('ops'))!;
    expect(line).toBeDefined();
    expect(line).not.toContain('\u001b');
    expect(line.replaceAll('<!-- -->', '')).not.toMatch(/[<>]/);
    for (const link of ['@ops', '#12', '://', 'www.evil', '](']) expect(line).not.toContain(link);
  });

  test('fits a job page however much there is', async () => {
    const long = '长'.repeat(2000);
    const rows = Array.from({ length: 400 }, (_, i) => `${long}${i},${A},苏州甲有限公司,诸葛明亮,2024-06-30,1`).join(
      '\n',
    );
    const big = world({ extracts: { '许可证.csv': `${EXTRACTS['许可证.csv']}${rows}\n` } });
    expect((await inProcess(runOf(big, '--format', 'markdown'))).code).toBe(0);
    expect(Buffer.byteLength(read(big, 'summary.md'))).toBeLessThan(1024 * 1024);
  });
});

describe('a baseline', () => {
  const run = async (target: World, ...more: string[]) => {
    const told = await inProcess(runOf(target, '--format', 'junit,markdown,ndjson', ...more));
    return { ...told, summary: told.code === 2 ? undefined : json(target.out, 'summary.json') };
  };
  const known = (target: World) => join(target.root, 'known.csv');

  test('that a run has written knows all of that run: nothing fails, nothing is new', async () => {
    const one = world();
    expect((await run(one, '--write-baseline', known(one), '--fail-on', 'any')).code).toBe(1);
    const lines = readFileSync(known(one), 'utf8').trimEnd().split('\n');
    expect(lines[0]).toBe('anomaly_id,check_id,uscc,severity');
    expect(lines.slice(1)).toEqual([...lines.slice(1)].sort());
    const again = await run(one, '--baseline', known(one), '--fail-on', 'any');
    expect(again.code).toBe(0);
    expect(again.out).toContain('与基线（6 条）相比：新发现 0');
    expect(again.summary.baseline).toEqual({
      ...{ entries: 6, new: 0, graver: 0, known: 6, gone: 0, not_comparable: 0, not_covered: 0 },
    });
    expect(suites(one).attributes).toMatchObject({ tests: '3', failures: '0' });
    expect(all(suites(one), 'skipped')).toHaveLength(3);
    expect((await run(one, '--baseline', known(one), '--fail-on', 'new')).code).toBe(0);
  });

  test.each(['anomalies.csv', 'anomalies.ndjson', 'anomalies.json', 'anomalies.parquet'])(
    'may be an earlier %s',
    async (file) => {
      const one = world();
      expect((await inProcess(runOf(one, '--format', 'json,ndjson,parquet'))).code).toBe(0);
      const earlier = join(one.out, file);
      const again = await run(one, '--baseline', earlier, '--fail-on', 'any');
      expect([again.code, again.summary.baseline.known]).toEqual([0, 6]);
    },
  );

  test('tells apart what is gone, what cannot be compared and what was not looked for', async () => {
    const one = world();
    await run(one, '--write-baseline', known(one));
    // One permit is renewed; the staff list is late; the theme of people is not looked at in the second run.
    const renewed = EXTRACTS['许可证.csv']!.replace('2025-05-31', '2027-05-31');
    writeFileSync(join(one.input, '许可证.csv'), renewed);
    writeFileSync(join(one.input, '人员.csv'), `${EXTRACTS['人员.csv']!.split('\n')[0]}\n`);
    const late = await run(one, '--baseline', known(one));
    expect(late.summary.baseline).toMatchObject({ entries: 6, new: 0, known: 3, gone: 1, not_comparable: 2 });
    const states = csvRows(one.out, 'baseline.csv').map((r) => r.与基线相比);
    expect(states.sort()).toEqual(
      ['基线中已有', '基线中已有', '基线中已有', '已不再发现', '本次无法比对', '本次无法比对'].sort(),
    );
    const part = await run(one, '--baseline', known(one), '--theme', 'permits');
    expect(part.summary.baseline).toMatchObject({ known: 3, gone: 1, not_covered: 2 });
  });

  test('does not know what has become graver since', async () => {
    const one = world();
    await run(one, '--write-baseline', known(one));
    writeFileSync(known(one), readFileSync(known(one), 'utf8').replaceAll(',red', ',yellow'));
    const graver = await run(one, '--baseline', known(one), '--fail-on', 'new,red');
    expect([graver.code, graver.summary.baseline.graver, graver.summary.baseline.known]).toEqual([1, 3, 3]);
  });

  test('of nothing knows nothing, and --fail-on new narrows by severity', async () => {
    const one = world();
    writeFileSync(known(one), 'anomaly_id,check_id,uscc,severity\n');
    const code = async (level: string, theme: string) =>
      (await run(one, '--baseline', known(one), '--fail-on', level, '--theme', theme)).code;
    expect(await code('new', 'people')).toBe(1);
    expect(await code('new,red', 'people')).toBe(0);
    expect(await code('new,red', 'permits')).toBe(1);
    expect(await code('any', 'people')).toBe(1);
  });

  test('may be a list of ids: how grave they were and whose they are is then not known', async () => {
    const one = world();
    await run(one, '--write-baseline', known(one));
    const ids = readFileSync(known(one), 'utf8')
      .trimEnd()
      .split('\n')
      .map((l) => l.split(',')[0]);
    writeFileSync(known(one), `${ids.join('\n')}\nAA-01-0123456789AB\n`);
    const { summary } = await run(one, '--baseline', known(one));
    expect(summary.baseline).toMatchObject({ entries: 7, known: 6, not_covered: 1 });
    writeFileSync(known(one), 'anomaly_id\n');
    expect((await run(one, '--baseline', known(one))).summary.baseline).toMatchObject({ entries: 0, new: 6 });
  });

  test('that is wrong is refused with its place, and one that would not last is not written', async () => {
    const one = world();
    writeFileSync(known(one), 'anomaly_id\nAA-01-0123456789AB\nnonsense\n');
    expect((await run(one, '--baseline', known(one))).err).toMatch(/known\.csv row 3 'nonsense' is no anomaly id/);
    await run(one);
    expect((await run(one, '--write-baseline', join(one.out, 'known.csv'))).err).toContain('replaced as a whole');
  });
});
