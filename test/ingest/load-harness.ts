import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { loadPack, type Pack } from '../../src/config/pack.js';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import type { Row } from '../../src/engine/engine.js';
import { BiduiError, formatProblem } from '../../src/errors.js';
import { type IngestOptions, ingest } from '../../src/ingest/ingest.js';
import type { IngestRecord } from '../../src/ingest/record.js';

/** Credit codes whose check characters hold (computed, of no known enterprise). */
export const A = '91320594MA1TEXT06F';
export const B = '91320594MA2000019B';
export const C = '91320594MA7ABCDE97';

const VOCABULARY = `
departments:
  big_data: { zh: 大数据中心, en: Big data }
  tax: { zh: 税务局, en: Tax }
severities: { red: { zh: 红, en: Red }, yellow: { zh: 黄, en: Yellow }, blue: { zh: 蓝, en: Blue } }
classifications: { missing: { zh: 缺失, en: Missing } }
outcomes:
  consistent: { zh: 一致, en: Consistent }
  anomaly: { zh: 异常, en: Anomaly }
  not_comparable: { zh: 无法比对, en: Not comparable }
  not_applicable: { zh: 不适用, en: Not applicable }
`;

export const ENTERPRISE = `
source: enterprise
title: { zh: 企业登记, en: Registry }
department: tax
files: ["企业登记*", "enterprise*"]
required: true
complete: true
key: [uscc]
duplicates: { keep: latest, by: approved_on }
several: latest
subject: { uscc: uscc }
fields:
  uscc: { title: { zh: 统一社会信用代码, en: Credit code }, names: [信用代码], type: uscc, required: true }
  reg_no: { title: { zh: 注册号, en: Registration number }, type: reg_no }
  name: { title: { zh: 企业名称, en: Name }, type: name, required: true }
  former_names: { title: { zh: 曾用名, en: Former names }, type: list }
  status: { title: { zh: 登记状态, en: Status }, type: code, codes: status }
  approved_on: { title: { zh: 核准日期, en: Approved on }, type: date }
  capital: { title: { zh: 注册资本, en: Capital }, type: money, unit: 万元 }
`;

export const TAX = `
source: tax
title: { zh: 税务信息, en: Tax }
department: tax
files: ["税务*", "tax*"]
complete: true
key: [taxpayer_no]
subject: { uscc: uscc, reg_no: reg_no, org_code: org_code, name: name }
fields:
  taxpayer_no: { title: { zh: 税务登记号, en: Taxpayer number }, required: true }
  uscc: { title: { zh: 统一社会信用代码, en: Credit code }, type: uscc }
  reg_no: { title: { zh: 注册号, en: Registration number }, type: reg_no }
  org_code: { title: { zh: 组织机构代码, en: Organisation code }, type: org_code }
  name: { title: { zh: 纳税人名称, en: Taxpayer }, names: [企业名称], type: name }
  contact: { title: { zh: 联系人电话, en: Phone }, type: phone, personal: phone }
  revenue: { title: { zh: 营业收入, en: Revenue }, type: money, unit: 元 }
  filed_on: { title: { zh: 申报日期, en: Filed on }, type: date }
  valid_from: { title: { zh: 有效期自, en: From }, names: [有效期限], type: date, part: from }
  valid_to: { title: { zh: 有效期至, en: To }, names: [有效期限], type: date, part: to }
`;

const STATUS = `
codes: status
title: { zh: 登记状态, en: Status }
entries:
  active: { zh: 存续, en: Active, labels: [在业, "1"] }
  cancelled: { zh: 注销, en: Cancelled }
`;

const open: (() => void)[] = [];
afterEach(() => {
  while (open.length > 0) open.pop()?.();
});

/** A fresh directory with these files in it; it goes when the test ends. */
export function directory(files: Record<string, string | Uint8Array> = {}): string {
  const dir = mkdtempSync(join(tmpdir(), 'bidui-load-'));
  open.push(() => rmSync(dir, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), content);
  }
  return dir;
}

export function checksDir(files: Record<string, string> = {}): string {
  return directory({
    'vocabulary.yaml': VOCABULARY,
    'sources/enterprise.yaml': ENTERPRISE,
    'sources/tax.yaml': TAX,
    'codes/status.yaml': STATUS,
    ...files,
  });
}

export interface Loaded {
  record: IngestRecord;
  rows<T extends object = Row>(sql: string): Promise<T[]>;
}

export async function load(
  extracts: Record<string, string | Uint8Array>,
  options: Partial<IngestOptions> & { checks?: Record<string, string>; threads?: number; pack?: Pack } = {},
): Promise<Loaded> {
  const { checks, threads, pack, ...rest } = options;
  const engine = await DuckDb.open(threads ? { threads } : {});
  open.push(() => engine.close());
  const record = await ingest(engine, pack ?? loadPack(checksDir(checks)), {
    inputDir: directory(extracts),
    tempDir: directory(),
    ...rest,
  });
  return { record, rows: (sql) => engine.rows(sql) };
}

/** What a user would read where loading fails; fails itself where it does not, or fails otherwise. */
export async function complaint(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof BiduiError)) throw error;
    const told = error.problems.map(formatProblem).join('\n');
    // Temporary directories have other names each time.
    return `exit ${error.exit}\n${told}`.replaceAll(/\S*bidui-load-\w+\//g, 'checks/');
  }
  throw new Error('no fault was found');
}

export const csv = (...rows: (readonly string[])[]): string => `${rows.map((r) => r.join(',')).join('\n')}\n`;

/** The registry with two enterprises in it, for tests that are about something else. */
export const REGISTRY = csv(
  ['统一社会信用代码', '企业名称', '曾用名', '登记状态'],
  [A, '苏州甲有限公司', '苏州老甲有限公司', '存续'],
  [B, '苏州乙有限公司', '', '在业'],
);
