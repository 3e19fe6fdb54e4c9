import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { stringify } from 'yaml';
import type { CheckedCheck } from '../../src/checks/checked.js';
import type { Outcome } from '../../src/checks/theme.js';
import type { Pack } from '../../src/config/pack.js';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { formatProblem } from '../../src/errors.js';
import { runExamples } from '../../src/run/examples.js';
import { lintChecks } from '../../src/run/lint.js';
import { loadChecks, pickChecks } from '../../src/run/load-checks.js';
import { loadReferences } from '../../src/run/references.js';

const both = (x: string) => `{ zh: ${x}甲, en: ${x} }`;

const VOCABULARY = `
departments: { tax: ${both('Tax')}, ecology: ${both('Ecology')}, big_data: ${both('Data')} }
severities: { red: { zh: 红, en: Red }, yellow: { zh: 黄, en: Yellow }, blue: { zh: 蓝, en: Blue } }
classifications: { expired: ${both('Expired')} }
outcomes:
  consistent: { zh: 一致, en: Consistent }
  anomaly: { zh: 异常, en: Anomaly }
  not_comparable: { zh: 无法比对, en: Not comparable }
  not_applicable: { zh: 不适用, en: Not applicable }
`;

const STATUS = `
codes: status
title: { zh: 登记状态, en: Status }
entries:
  active: { zh: 存续, en: Active }
  cancelled: { zh: 注销, en: Cancelled }
`;

const field = (name: string, type = 'text', more = '') => `{ title: ${both(name)}, type: ${type}${more} }`;

const ENTERPRISE = `
source: enterprise
title: { zh: 企业登记, en: Registry }
department: tax
files: ["enterprise*"]
required: true
complete: true
key: [uscc]
subject: { uscc: uscc }
fields:
  uscc: ${field('Uscc', 'uscc', ', required: true')}
  name: ${field('Name', 'name')}
  former_names: ${field('Former', 'list')}
  parent_uscc: ${field('Parent', 'uscc')}
  status: { title: { zh: 登记状态, en: Status }, type: code, codes: status }
  person: ${field('Person', 'person', ', personal: name')}
  phone: ${field('Phone', 'phone', ', personal: phone')}
  address: ${field('Address', 'address')}
  capital: ${field('Capital', 'money', ', unit: 元')}
  ratio: ${field('Ratio', 'percent')}
  a: ${field('A', 'bool')}
  b: ${field('B', 'bool')}
  n: ${field('N', 'int')}
  m: ${field('M', 'int')}
  founded_on: ${field('Founded', 'date')}
`;

/** Permits: complete, several for each enterprise. */
const PERMIT = `
source: permit
title: { zh: 许可证, en: Permits }
department: ecology
files: ["permit*"]
complete: true
key: [permit_no]
subject: { uscc: uscc }
fields:
  permit_no: ${field('No', 'text', ', required: true')}
  uscc: ${field('Uscc', 'uscc')}
  status: { title: { zh: 状态, en: Status }, type: code, codes: status }
  valid_to: ${field('Until', 'date')}
  issued_on: ${field('Issued', 'date')}
  kind: ${field('Kind')}
  amount: ${field('Amount', 'quantity', ', unit: t')}
  n: ${field('N', 'int')}
  good: ${field('Good', 'bool')}
  keeper: ${field('Keeper', 'person', ', personal: name')}
  address: ${field('Address', 'address')}
`;

/** One row an enterprise; what is absent from it nobody knows. */
const SURVEY = `
source: survey
title: { zh: 调查, en: Survey }
department: tax
files: ["survey*"]
complete: false
key: [uscc]
subject: { uscc: uscc }
fields:
  uscc: ${field('Uscc', 'uscc', ', required: true')}
  n: ${field('N', 'int')}
  kind: ${field('Kind')}
`;

const REPORT = `
source: report
title: { zh: 年报, en: Reports }
department: tax
files: ["report*"]
complete: true
key: [uscc, year]
subject: { uscc: uscc }
fields:
  uscc: ${field('Uscc', 'uscc', ', required: true')}
  year: ${field('Year', 'int', ', required: true')}
  n: ${field('N', 'int')}
  permit_no: ${field('Permit')}
`;

/** Rows about no enterprise. */
const LIMIT = `
source: limit
title: { zh: 限值, en: Limits }
department: ecology
files: ["limit*"]
complete: true
key: [kind]
fields:
  kind: ${field('Kind', 'text', ', required: true')}
  tonnes: ${field('Tonnes', 'quantity', ', unit: t')}
`;

const PARAMS = `
a_limit: { title: { zh: 上限, en: Limit }, source: ours, type: int, value: 5 }
some_kinds: { title: { zh: 类别, en: Kinds }, source: ours, type: list, value: [air, water] }
`;

const open: (() => unknown)[] = [];
afterEach(() => {
  while (open.length > 0) open.pop()?.();
});

/** A fresh directory with these files in it; it goes when the test ends. */
export function directory(files: Record<string, string>): string {
  const dir = mkdtempSync(join(tmpdir(), 'bidui-checks-'));
  open.push(() => rmSync(dir, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), content);
  }
  return dir;
}

export async function engine(): Promise<DuckDb> {
  const db = await DuckDb.open({ threads: 2 });
  open.push(() => db.close());
  return db;
}

export const packFiles = (themes: Record<string, string>): Record<string, string> => ({
  'vocabulary.yaml': VOCABULARY,
  'codes/status.yaml': STATUS,
  'sources/enterprise.yaml': ENTERPRISE,
  'sources/permit.yaml': PERMIT,
  'sources/survey.yaml': SURVEY,
  'sources/report.yaml': REPORT,
  'sources/limit.yaml': LIMIT,
  'reference/none.csv': '',
  'params/all.yaml': PARAMS,
  ...Object.fromEntries(Object.entries(themes).map(([name, text]) => [`themes/${name}.yaml`, text])),
});

export type CheckInput = Record<string, unknown>;

/** A whole check around the part that a test is about. */
export const check = (part: CheckInput): CheckInput => ({
  id: 'AA-01',
  title: { zh: '标题', en: 'Title' },
  item: { zh: '事项', en: 'Item' },
  key_point: { zh: '要点', en: 'Point' },
  classification: 'expired',
  severity: 'red',
  department: 'tax',
  expect: 'true',
  message: { zh: '疑似有误', en: 'Possibly wrong' },
  evidence: ['enterprise.status'],
  advice: { zh: '核实', en: 'Verify' },
  examples: [
    { as_of: '2026-07-31', outcome: 'anomaly' },
    { as_of: '2026-07-31', outcome: 'consistent' },
  ],
  ...part,
});

export const theme = (checks: CheckInput[], more: CheckInput = {}): string =>
  stringify(
    { theme: 'test', title: { zh: '主题', en: 'Theme' }, prefix: 'AA', department: 'tax', ...more, checks },
    { lineWidth: 0 },
  );

export const checksOf = (checks: CheckInput[]): { pack: Pack; checks: CheckedCheck[]; dir: string } => {
  const dir = directory(packFiles({ test: theme(checks) }));
  const { pack, themes } = loadChecks(dir);
  return { pack, checks: pickChecks(themes, []), dir };
};

export type World = Record<string, unknown>;

/** What a check says of each of some worlds, written as examples are. */
export async function outcomes(part: CheckInput, worlds: World[]): Promise<(Outcome | string)[]> {
  const examples = worlds.map((w) => ({ as_of: '2026-07-31', outcome: 'consistent', ...w }));
  // A check has two examples at least.
  if (examples.length < 2) examples.push({ as_of: '2026-07-31', outcome: 'consistent' } as (typeof examples)[0]);
  const { pack, checks, dir } = checksOf([check({ ...part, examples })]);
  const db = await engine();
  await loadReferences(db, pack, dir);
  const results = await runExamples(db, pack, checks);
  return results.slice(0, worlds.length).map((r) => r.got ?? `fault: ${r.fault}`);
}

/** What `bidui checks lint` would print of one theme file, with the directory left out. */
export function lint(yaml: string, more: Record<string, string> = {}): string[] {
  const dir = directory({ ...packFiles({ test: yaml }), ...more });
  const { errors, warnings } = lintChecks(dir);
  const shown = (kind: string) => (p: (typeof errors)[0]) =>
    `${kind}: ${formatProblem(p).replaceAll(/\S*bidui-checks-\w+\//g, 'checks/')}`;
  return [...errors.map(shown('error')), ...warnings.map(shown('warning'))];
}

/** Faults only, of a theme with one check. */
export const faults = (part: CheckInput): string[] =>
  lint(theme([check(part)])).filter((line) => line.startsWith('error') && !line.includes('no example with outcome'));
