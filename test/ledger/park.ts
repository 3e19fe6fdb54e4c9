import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll } from 'vitest';

/**
 * A park whose checks are few and whose nights are many: an enterprise library, tax figures and permits, each of which may be
 * late, incomplete or unreadable on any night.
 */

const VOCABULARY = `
departments:
  market: { zh: 市场监管局, en: Market regulation }
  tax: { zh: 税务局, en: Tax }
  ecology: { zh: 生态环境局, en: Ecology }
severities: { red: { zh: 红, en: Red }, yellow: { zh: 黄, en: Yellow }, blue: { zh: 蓝, en: Blue } }
classifications: { expired: { zh: 过期, en: Expired }, inconsistent: { zh: 不一致, en: Inconsistent } }
outcomes:
  consistent: { zh: 一致, en: Consistent }
  anomaly: { zh: 异常, en: Anomaly }
  not_comparable: { zh: 无法比对, en: Not comparable }
  not_applicable: { zh: 不适用, en: Not applicable }
`;

const SOURCES = {
  enterprise: `
source: enterprise
title: { zh: 企业登记表, en: Registry }
department: market
files: ["企业登记*"]
required: true
complete: true
key: [uscc]
several: latest
subject: { uscc: uscc }
fields:
  uscc: { title: { zh: 统一社会信用代码, en: Credit code }, type: uscc, required: true }
  name: { title: { zh: 企业名称, en: Name }, type: name, required: true }
  address: { title: { zh: 住所, en: Address } }
  staff: { title: { zh: 登记人数, en: Registered staff }, type: int }
  scope_tags: { title: { zh: 企业标签, en: Tags }, type: list }
`,
  tax: `
source: tax
title: { zh: 税务登记表, en: Tax }
department: tax
files: ["税务*"]
complete: true
key: [uscc]
several: latest
subject: { uscc: uscc }
fields:
  uscc: { title: { zh: 统一社会信用代码, en: Credit code }, type: uscc, required: true }
  staff: { title: { zh: 申报人数, en: Declared staff }, type: int }
`,
  permit: `
source: permit
title: { zh: 许可证表, en: Permits }
department: ecology
files: ["许可证*"]
complete: true
key: [permit_no]
several: latest
subject: { uscc: uscc }
fields:
  permit_no: { title: { zh: 许可证编号, en: Permit number }, required: true }
  uscc: { title: { zh: 统一社会信用代码, en: Credit code }, type: uscc }
  valid_to: { title: { zh: 有效期至, en: Valid to }, type: date }
  holder: { title: { zh: 持有人, en: Holder }, type: person, personal: name }
`,
  holidays: `
source: holidays
title: { zh: 节假日安排表, en: Public holidays }
department: market
kind: reference
files: [holidays.csv]
complete: true
key: [date]
fields:
  date: { title: { zh: 日期, en: Date }, type: date, required: true }
  kind: { title: { zh: 类型, en: Kind }, type: code, codes: day_kind, required: true }
`,
};

const DAY_KIND = `
codes: day_kind
title: { zh: 日期类型, en: Kind of day }
entries:
  off: { zh: 放假, en: Off }
  work: { zh: 上班, en: Work }
`;

/** 2026-02-14 is a Saturday worked to make up for the holidays after it. */
const HOLIDAYS = `日期,类型
2026-01-01,放假
2026-02-14,上班
2026-02-16,放假
2026-02-17,放假
2026-02-18,放假
2026-12-31,上班
`;

const check = (id: string, zh: string, severity: string, department: string, rest: string) => `
  - id: ${id}
    title: { zh: ${zh}, en: ${id} }
    item: { zh: 事项, en: Item }
    key_point: { zh: 检查点, en: Key point }
    classification: inconsistent
    severity: ${severity}
    department: ${department}
    message: { zh: "疑似${zh}", en: "Possibly ${id}" }
    advice: { zh: 核实, en: Look into it }
    examples:
      - { as_of: 2026-07-01, enterprise: {}, outcome: not_comparable }
      - { as_of: 2026-07-01, enterprise: {}, outcome: not_comparable }
${rest}`;

const THEME = `
theme: park
title: { zh: 园区, en: Park }
prefix: PK
department: market
checks:${check(
  'PK-01',
  '人数不一致',
  'yellow',
  'tax',
  `    with: { tax: { from: tax } }
    expect: tax.staff == enterprise.staff
    evidence: [enterprise.staff, tax.staff]
`,
)}${check(
  'PK-02',
  '许可证过期',
  '{ cases: [{ when: "days_between(permit.valid_to, as_of) > 30", severity: red }], otherwise: yellow }',
  'ecology',
  `    with: { permit: { from: permit, each: true } }
    expect: permit.valid_to >= as_of
    about: [permit.permit_no]
    evidence:
      - permit.valid_to
      - { label: { zh: 过期天数, en: Days over }, value: "days_between(permit.valid_to, as_of)", from: permit }
      - permit.holder
`,
)}${check(
  'PK-03',
  '未办税务登记',
  'blue',
  'tax',
  `    with: { tax: { from: tax } }
    expect: exists(tax)
    evidence: [enterprise.name]
`,
)}${check(
  'PK-04',
  '人数填报错误',
  'yellow',
  'tax',
  `    with: { tax: { from: tax } }
    when: tax.staff > enterprise.staff
    expect: tax.staff < enterprise.staff * 50
    evidence: [tax.staff, enterprise.staff]
    supersedes: [PK-01]
`,
)}`;

export const LEDGER_POLICY = `
deadlines: { red: 3, yellow: 10, blue: 30 }
false_alarm_valid_days: 180
rectified_grace_days: 0
`;

export interface Park {
  root: string;
  checks: string;
  state: string;
}

const roots: string[] = [];
afterAll(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** A checks directory in a place of its own, and room for a ledger. */
export function park(): Park {
  const root = mkdtempSync(join(tmpdir(), 'bidui-park-'));
  roots.push(root);
  const files: Record<string, string> = {
    'checks/vocabulary.yaml': VOCABULARY,
    'checks/ledger.yaml': LEDGER_POLICY,
    'checks/codes/day_kind.yaml': DAY_KIND,
    'checks/reference/holidays.csv': HOLIDAYS,
    'checks/themes/park.yaml': THEME,
    ...Object.fromEntries(Object.entries(SOURCES).map(([id, text]) => [`checks/sources/${id}.yaml`, text])),
  };
  for (const [name, text] of Object.entries(files)) write(join(root, name), text);
  // The inspector library's contract is the one that ships.
  cpSync(resolve('checks/libraries'), join(root, 'checks', 'libraries'), { recursive: true });
  return { root, checks: join(root, 'checks'), state: join(root, 'ledger.duckdb') };
}

/** Arguments of a run of a night; later ones win. The CSV files alone: workbook and page have tests of their own. */
export const nightOf = (p: Park, input: string, asOf: string, ...more: string[]): string[] => [
  ...['run', input, '--format', 'csv', '--as-of', asOf, '--checks', p.checks],
  ...['--out', join(p.root, 'out'), '--state', p.state, ...more],
];

export function write(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const ORG_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** A credit code whose check characters hold (GB 32100, GB 11714), of nobody. */
export function uscc(n: number): string {
  const body = `MA9PK${String(n).padStart(3, '0')}`;
  const inner = [3, 7, 9, 10, 5, 8, 4, 2].reduce((sum, w, i) => sum + w * ORG_ALPHABET.indexOf(body[i]!), 0);
  const c = 11 - (inner % 11);
  const first17 = `91320594${body}${c === 10 ? 'X' : c === 11 ? '0' : c}`;
  let weight = 1;
  let sum = 0;
  for (const ch of first17) {
    sum += ALPHABET.indexOf(ch) * weight;
    weight = (weight * 3) % 31;
  }
  return first17 + ALPHABET[(31 - (sum % 31)) % 31];
}
