import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

/**
 * A world small enough to be read: three sources, three checks, three enterprises, and extracts that hold what reports must
 * be careful with. Tests change one file of it and see what a user would.
 */

/** Credit codes whose check characters hold (computed, of no known enterprise). */
export const A = '91320594MA1TEXT06F';
export const B = '91320594MA2000019B';
export const C = '91320594MA7ABCDE97';

/** Personal data of the extracts: none of it may stand in a masked report. */
export const PERSONAL = [
  '欧阳建国',
  '上官婉儿',
  '诸葛明亮',
  '13812345678',
  '110101199003078814',
  '11010119900307889X',
  'ouyang.jianguo@example.com',
  '苏州市姑苏区平江路8号601室',
];

const VOCABULARY = `
departments:
  market: { zh: 市场监管局, en: Market regulation }
  ecology: { zh: 生态环境局, en: Ecology }
  social: { zh: 人社局, en: Social security }
severities: { red: { zh: 红, en: Red }, yellow: { zh: 黄, en: Yellow }, blue: { zh: 蓝, en: Blue } }
classifications: { expired: { zh: 过期, en: Expired }, inconsistent: { zh: 不一致, en: Inconsistent } }
outcomes:
  consistent: { zh: 一致, en: Consistent }
  anomaly: { zh: 异常, en: Anomaly }
  not_comparable: { zh: 无法比对, en: Not comparable }
  not_applicable: { zh: 不适用, en: Not applicable }
`;

const ENTERPRISE = `
source: enterprise
title: { zh: 企业登记表, en: Registry }
department: market
files: ["企业登记*"]
required: true
complete: true
key: [uscc]
duplicates: { keep: last }
several: latest
subject: { uscc: uscc }
fields:
  uscc: { title: { zh: 统一社会信用代码, en: Credit code }, names: [信用代码], type: uscc, required: true }
  name: { title: { zh: 企业名称, en: Name }, type: name, required: true }
  status: { title: { zh: 登记状态, en: Status }, type: code, codes: status, required: true }
  legal_rep: { title: { zh: 法定代表人, en: Legal representative }, type: person, personal: name }
  phone: { title: { zh: 联系电话, en: Phone }, type: phone, personal: phone }
  founded_on: { title: { zh: 成立日期, en: Founded on }, type: date }
`;

const PERMIT = `
source: permit
title: { zh: 许可证表, en: Permits }
department: ecology
files: ["许可证*"]
complete: true
key: [permit_no]
duplicates: { keep: last }
several: all
subject: { uscc: uscc, name: name }
fields:
  permit_no: { title: { zh: 许可证编号, en: Permit number }, required: true }
  uscc: { title: { zh: 统一社会信用代码, en: Credit code }, type: uscc }
  name: { title: { zh: 单位名称, en: Unit }, type: name }
  legal_rep: { title: { zh: 法定代表人, en: Legal representative }, type: person, personal: name }
  valid_to: { title: { zh: 有效期至, en: Valid to }, type: date }
  fee: { title: { zh: 年费, en: Fee }, type: money, unit: 元 }
`;

const STAFF = `
source: staff
title: { zh: 人员名单, en: Staff }
department: social
files: ["人员*"]
complete: true
key: [uscc, id_no]
duplicates: { keep: none }
several: all
subject: { uscc: uscc }
fields:
  uscc: { title: { zh: 统一社会信用代码, en: Credit code }, type: uscc, required: true }
  id_no: { title: { zh: 证件号码, en: ID number }, type: id_no, required: true, personal: id_no }
  name: { title: { zh: 姓名, en: Name }, type: person, personal: name }
  email: { title: { zh: 电子邮箱, en: Email }, type: email, personal: email }
  home: { title: { zh: 住址, en: Home }, type: text, personal: address }
  left_on: { title: { zh: 离职日期, en: Left on }, type: date }
`;

const STATUS = `
codes: status
title: { zh: 登记状态, en: Status }
entries:
  active: { zh: 存续, en: Active, labels: [在业] }
  cancelled: { zh: 注销, en: Cancelled }
`;

const PARAMS = `
grace_days: { title: { zh: 宽限天数, en: Days of grace }, source: ours, type: int, value: 0 }
`;

const BASES = `
permit_rule: { title: 许可条例, title_en: Permit rules, clause: 第十四条, effective_from: 2021-03-01, verified: true }
`;

const check = (id: string, title: string, en: string, rest: string) => `
  - id: ${id}
    title: { zh: ${title}, en: ${en} }
    item: { zh: 检查事项, en: Check item }
    key_point: { zh: 关键检查点, en: Key point }
    advice: { zh: 请核实, en: Please verify }
${rest}`;

export const PERMITS_THEME = `
theme: permits
title: { zh: 许可证, en: Permits }
prefix: AA
department: ecology
checks:${check(
  'AA-01',
  '许可证已过期',
  'Permit expired',
  `    basis: [permit_rule]
    classification: expired
    severity: red
    department: ecology
    with_departments: [market]
    with: { permit: { from: permit, each: true } }
    when: enterprise.status == 'active'
    expect: permit.valid_to >= add_days(as_of, -param.grace_days)
    about: [permit.permit_no]
    message:
      zh: "疑似许可证过期：许可证 {permit.permit_no} 有效期至 {permit.valid_to}"
      en: "Possible expired permit: {permit.permit_no} was valid until {permit.valid_to}"
    evidence: [permit.valid_to, enterprise.status, permit.fee, permit.permit_no]
    examples:
      - { as_of: 2026-07-31, enterprise: { status: 存续 }, permit: { permit_no: X1, valid_to: 2026-06-30 }, outcome: anomaly }
      - { as_of: 2026-07-31, enterprise: { status: 存续 }, permit: { permit_no: X1, valid_to: 2027-06-30 }, outcome: consistent }`,
)}${check(
  'AA-02',
  '法定代表人不一致',
  'Legal representatives differ',
  `    classification: inconsistent
    severity: yellow
    department: market
    with: { permit: { from: permit, pick: latest valid_to } }
    when: enterprise.status == 'active' && exists(permit)
    expect: same_person(enterprise.legal_rep, permit.legal_rep)
    message:
      zh: "疑似法定代表人不一致：登记为 {enterprise.legal_rep}（{enterprise.phone}），许可证为 {permit.legal_rep}"
      en: "Possible difference of legal representatives: {enterprise.legal_rep} ({enterprise.phone}) and {permit.legal_rep}"
    evidence: [enterprise.legal_rep, permit.legal_rep, enterprise.phone]
    examples:
      - { as_of: 2026-07-31, enterprise: { status: 存续, legal_rep: 张三 }, permit: { permit_no: X1, legal_rep: 李四 }, outcome: anomaly }
      - { as_of: 2026-07-31, enterprise: { status: 存续, legal_rep: 张三 }, permit: { permit_no: X1, legal_rep: 张三 }, outcome: consistent }`,
)}
`;

const PEOPLE_THEME = `
theme: people
title: { zh: 人员/证件, en: People }
prefix: BB
department: social
checks:${check(
  'BB-01',
  '离职人员仍在册',
  'Left but listed',
  `    classification: inconsistent
    severity: blue
    department: social
    with: { person: { from: staff, each: true } }
    expect: "!has(person.left_on) || person.left_on > as_of"
    about: [person.id_no]
    message:
      zh: "疑似离职人员仍在册：{person.name}（{person.id_no}，{person.email}，{person.home}）于 {person.left_on} 离职"
      en: "Possible former employee: {person.name} ({person.id_no}, {person.email}, {person.home}) left on {person.left_on}"
    evidence: [person.id_no, person.name, person.email, person.home, person.left_on]
    examples:
      - { as_of: 2026-07-31, enterprise: { status: 存续 }, staff: { id_no: "110101199003078814", left_on: 2026-06-30 }, outcome: anomaly }
      - { as_of: 2026-07-31, enterprise: { status: 存续 }, staff: { id_no: "110101199003078814" }, outcome: consistent }`,
)}
`;

export const CHECKS: Readonly<Record<string, string>> = {
  'vocabulary.yaml': VOCABULARY,
  'sources/enterprise.yaml': ENTERPRISE,
  'sources/permit.yaml': PERMIT,
  'sources/staff.yaml': STAFF,
  'codes/status.yaml': STATUS,
  'params/params.yaml': PARAMS,
  'legal-bases/bases.yaml': BASES,
  'themes/permits.yaml': PERMITS_THEME,
  'themes/people.yaml': PEOPLE_THEME,
};

export const lines = (...rows: string[]): string => `${rows.join('\n')}\n`;

/** Three permits that a spreadsheet program would spoil, each in its own way, all of them expired. */
export const EXTRACTS: Readonly<Record<string, string>> = {
  '企业登记_20260731.csv': lines(
    '统一社会信用代码,企业名称,登记状态,法定代表人,联系电话,成立日期',
    `${A},苏州甲有限公司,存续,欧阳建国,13812345678,2015-02-03`,
    `${B},"苏州乙""引号"",逗号有限公司",在业,上官婉儿,13812345678,2026-02-30`,
    `${C},苏州丙有限公司,注销,王五,,2001-01-01`,
  ),
  '许可证.csv': lines(
    '许可证编号,统一社会信用代码,单位名称,法定代表人,有效期至,年费',
    `=1+cmd|'/c calc'!A1,${A},苏州甲有限公司,诸葛明亮,2025-06-30,1234.50`,
    `913205940000000012,${A},苏州甲有限公司,诸葛明亮,2025-05-31,-5`,
    `3-2,${B},苏州乙有限公司,上官婉儿,2024-12-31,100`,
    `00012,${B},苏州乙有限公司,上官婉儿,2027-12-31,100`,
    `K9,${A.slice(0, -1)}G,苏州丁有限公司,诸葛明亮,2024-12-31,不详`,
  ),
  '人员.csv': lines(
    '统一社会信用代码,证件号码,姓名,电子邮箱,住址,离职日期',
    `${A},110101199003078814,欧阳建国,ouyang.jianguo@example.com,苏州市姑苏区平江路8号601室,2026-01-31`,
    `${A},11010119900307889X,上官婉儿,,,2026-01-31`,
  ),
};

const made: string[] = [];
afterAll(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
});

/** A fresh directory with these files in it. It goes when the test file ends. */
export function directory(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const dir = mkdtempSync(join(tmpdir(), 'test-bidui-'));
  made.push(dir);
  write(dir, files);
  return dir;
}

export function write(dir: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), content);
  }
}

/** Every file below a directory, hidden ones too, by a digest of its content. */
export function contents(dir: string): Map<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
  return new Map(
    files
      .map((e): [string, string] => {
        const path = join(e.parentPath, e.name);
        return [path.slice(dir.length + 1), createHash('sha256').update(readFileSync(path)).digest('hex')];
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

export interface World {
  /** Holds the others; the working directory of commands. */
  root: string;
  input: string;
  checks: string;
  out: string;
  temp: string;
}

/** The world on disk, some of its files changed; `null` leaves one out. */
export function world(
  o: { extracts?: Record<string, string | Uint8Array | null>; checks?: Record<string, string | null> } = {},
): World {
  const root = directory();
  const w = {
    root,
    input: join(root, 'in'),
    checks: join(root, 'checks'),
    out: join(root, 'out'),
    temp: join(root, 'temp'),
  };
  for (const dir of [w.input, w.checks, w.temp]) mkdirSync(dir);
  const kept = <T>(files: Record<string, T | null>) =>
    Object.fromEntries(Object.entries(files).filter((e): e is [string, T] => e[1] !== null));
  write(w.input, kept<string | Uint8Array>({ ...EXTRACTS, ...o.extracts }));
  write(w.checks, kept<string>({ ...CHECKS, ...o.checks }));
  return w;
}
