import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { applyOverrides } from '../../src/config/override.js';
import { loadPack } from '../../src/config/pack.js';
import { checksDir, complaint, directory, ENTERPRISE, TAX } from '../ingest/load-harness.js';

const PARAMS = `
days: { title: { zh: 天数, en: Days }, source: ours, type: int, value: 60 }
since: { title: { zh: 起始, en: Since }, source: ours, type: date, value: "2024-07-01" }
words: { title: { zh: 用语, en: Words }, source: ours, type: list, value: [甲, 乙] }
`;
const told = (files: Record<string, string>) => complaint(() => loadPack(checksDir(files)));

describe('a pack', () => {
  test('holds contracts, the built-in ones among them, codes, params, bases and where each stands', () => {
    const pack = loadPack(checksDir({ 'params/x.yaml': PARAMS }));
    expect([...pack.contracts.keys()]).toEqual(['enterprise', 'tax', 'quarantined', 'linked']);
    expect(pack.builtin).toEqual(new Set(['quarantined', 'linked']));
    expect(pack.params.get('days')?.value).toBe(60);
    expect(pack.files.params.get('days')?.place(['days', 'value'])).toMatchObject({ line: 2 });
    expect(pack.codes.get('status')?.entries.active?.labels).toEqual(['在业', '1']);
  });

  test('the one that ships is in order', () => {
    expect(loadPack('checks').contracts.get('enterprise')?.key).toEqual(['uscc']);
  });

  test('no directory, no vocabulary', async () => {
    expect(await complaint(() => loadPack('/nowhere'))).toContain('there is no checks directory at /nowhere');
    expect(await complaint(() => loadPack(directory()))).toContain('vocabulary.yaml is missing');
  });

  test('tells every fault of every file at once, with its place and a suggestion', async () => {
    const text = await told({
      'sources/enterprise.yaml': ENTERPRISE.replace('department: tax', 'department: taxes')
        .replace('key: [uscc]', 'key: [usc]')
        .replace('by: approved_on', 'by: aproved_on')
        .replace('codes: status', 'codes: statuss'),
      'sources/taxes.yaml': TAX.replace('reg_no: reg_no', 'reg_no: reg_nr'),
      'sources/tax.yaml': TAX.replace('names: [企业名称]', 'names: [企业名称, 注册号]').replace(
        'required: true',
        'requird: true',
      ),
      'params/a.yaml': PARAMS,
      'params/b.yaml': PARAMS.replace('value: 60', 'value: 6.5').replace('2024-07-01', '2024-02-30'),
      'codes/status2.yaml':
        'codes: status\ntitle: { zh: 状, en: S }\nentries: { a: { zh: 在, en: A }, b: { zh: 乙, en: B, labels: ["在 "] } }\n',
      'legal-bases/x.yaml':
        'law: { title: 法, title_en: Law, effective_from: 2024-01-01, effective_to: 2023-01-01, verified: true }\n',
    });
    expect(text).toMatchInlineSnapshot(`
      "exit 2
      checks/sources/tax.yaml:10:61 unknown key 'requird'
        fix: did you mean 'required'?
      checks/sources/enterprise.yaml:4:13 no department 'taxes'
        fix: did you mean 'tax'?
      checks/sources/enterprise.yaml:8:7 no field in enterprise 'usc'
        fix: did you mean 'uscc'?
      checks/sources/enterprise.yaml:9:33 no field in enterprise 'aproved_on'
        fix: did you mean 'approved_on'?
      checks/sources/taxes.yaml:2:9 'source: tax' stands in a file named taxes.yaml
        fix: rename the file to tax.yaml, or write 'source: taxes'
      checks/sources/taxes.yaml:8:32 no field in tax 'reg_nr'
        fix: did you mean 'reg_no'?
      checks/codes/status2.yaml:1:8 'codes: status' stands in a file named status2.yaml
        fix: rename the file to status.yaml, or write 'codes: status2'
      checks/codes/status2.yaml:3:61 '在 ' stands for both 'a' and 'b'
        fix: a label must mean one code: leave it to one of them
      checks/codes/status2.yaml:1:1 'status' is defined twice
        why: it is also at checks/codes/status.yaml:2:1
        fix: rename or remove one of them
      checks/params/b.yaml:2:70 'days' must be a whole number
      checks/params/b.yaml:3:73 'since' must be a date that exists, written YYYY-MM-DD
      checks/params/b.yaml:2:1 'days' is defined twice
        why: it is also at checks/params/a.yaml:2:1
        fix: rename or remove one of them
      checks/params/b.yaml:3:1 'since' is defined twice
        why: it is also at checks/params/a.yaml:3:1
        fix: rename or remove one of them
      checks/params/b.yaml:4:1 'words' is defined twice
        why: it is also at checks/params/a.yaml:4:1
        fix: rename or remove one of them
      checks/legal-bases/x.yaml:1:75 'law' ends (2023-01-01) before it begins (2024-01-01)
      checks/sources/enterprise.yaml:8:6 the key of 'enterprise' must be [uscc]"
    `);
  });

  test('two fields with one header, unless they are the ends of one range', async () => {
    expect(
      await told({ 'sources/tax.yaml': TAX.replace('en: From }, names: [有效期限]', 'en: From }, names: [营业收入]') }),
    ).toContain("fields 'revenue' and 'valid_from' both accept the header '营业收入'");
    expect(await told({ 'sources/tax.yaml': TAX.replace('part: to', 'part: from') })).toContain(
      'both accept the header',
    );
  });

  test('types of subject and duplicates.by, parts and code lists that make no sense', async () => {
    const text = await told({
      'sources/tax.yaml': TAX.replace('uscc: uscc,', 'uscc: name,')
        .replace('key: [taxpayer_no]', 'key: [taxpayer_no, taxpayer_no]\nduplicates: { keep: latest, by: name }')
        .replace('type: money, unit: 元', 'type: money, unit: 元, part: to, codes: status'),
    });
    expect(text).toContain("field 'name' is of type name, but uscc is needed here");
    expect(text).toContain("'taxpayer_no' is in the key twice");
    expect(text).toContain("field 'name' is of type name, but date or month or timestamp or int is needed here");
    expect(text).toContain("field 'revenue': part is for two dates in one cell");
    expect(text).toContain("field 'revenue' has a code list but is of type money");
  });
});

describe("a park's overrides", () => {
  const park = (text: string) => {
    const path = join(directory(), 'park.yaml');
    writeFileSync(path, text);
    return applyOverrides(loadPack(checksDir({ 'params/x.yaml': PARAMS })), path);
  };

  test('change values and add labels, and leave the pack as it was', () => {
    const pack = park('params: { days: 30, words: [丙] }\ncodes: { status: { active: { labels: [在营] } } }\n');
    expect(pack.params.get('days')?.value).toBe(30);
    expect(pack.params.get('words')?.value).toEqual(['丙']);
    expect(pack.codes.get('status')?.entries.active?.labels).toEqual(['在业', '1', '在营']);
  });

  test('are checked, with places', async () => {
    const text = await complaint(() =>
      park(
        'params:\n  day: 30\n  since: 2024-13-01\n  days: ten\ncodes:\n  statuses: {}\n  status:\n    activ: { labels: [在营] }\n    active: { labels: [注销] }\n',
      ),
    );
    expect(text).toMatchInlineSnapshot(`
      "exit 2
      checks/park.yaml:2:3 no parameter 'day'
        fix: did you mean 'days'?
      checks/park.yaml:3:10 'since' must be a date that exists, written YYYY-MM-DD
      checks/park.yaml:4:9 'days' must be a whole number
      checks/park.yaml:6:3 no code list 'statuses'
        fix: did you mean 'status'?
      checks/park.yaml:8:5 no code in status 'activ'
        fix: did you mean 'active'?
      checks/park.yaml:9:24 '注销' already stands for 'cancelled'
        fix: a label must mean one code"
    `);
  });
});
