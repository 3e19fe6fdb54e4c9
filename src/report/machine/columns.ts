import type { Bilingual } from '../../config/text.js';
import { ANOMALY_COLUMNS } from '../anomaly-columns.js';

/**
 * Version of what programs read: the columns below, summary.json, run.json. A column or key that is added does not change it;
 * one that goes, or comes to mean something else, does.
 */
export const SCHEMA_VERSION = '1';

/** Where the version stands in the metadata of Parquet and Arrow files. */
export const VERSION_KEY = 'bidui.schema_version';

export type MachineType = 'text' | 'date' | 'int' | 'bool';

export interface MachineColumn {
  id: string;
  type: MachineType;
  title: Bilingual;
  /** Every row has a value. */
  always: boolean;
}

const own = (id: string, type: MachineType, zh: string, en: string, always = false): MachineColumn => ({
  ...{ id, type, always },
  title: { zh, en },
});

/** Columns that say in a type what the CSV says in words, or that no CSV has, by the column of the CSV that they stand after. */
const BESIDE: Readonly<Record<string, readonly MachineColumn[]>> = {
  enterprise: [own('theme_id', 'text', '主题代码', 'Theme id', true)],
  classification: [
    own('severity_id', 'text', '风险等级代码：red、yellow、blue', 'Severity id: red, yellow, blue', true),
  ],
  severity: [own('department_id', 'text', '责任部门代码', 'Department id', true)],
  as_of: [own('state_id', 'text', '状态代码：new、persisting、reopened', 'State id: new, persisting, reopened')],
  due_on: [
    own(
      'due_on_provisional',
      'bool',
      '核查时限超出节假日安排，暂按周一至周五计',
      'Due on a day beyond the holiday calendar',
    ),
  ],
  overdue: [own('overdue_days', 'int', '逾期工作日数', 'Working days overdue')],
  suppressed: [
    own('suppressed_until', 'date', '抑制至', 'Suppressed until'),
    own('suppressed_by', 'text', '抑制负责人', 'Who is responsible for the suppression'),
    own('suppressed_reason', 'text', '抑制原因', 'Why it is suppressed'),
    own('known', 'bool', '基线中已有', 'Known to the baseline'),
    own('disposal_status_id', 'text', '核查状态代码', 'Disposal status id', true),
  ],
};

/** Columns that are text in the CSV files, and something else by nature. */
const TYPES: Readonly<Record<string, MachineType>> = {
  a_row: 'int',
  b_row: 'int',
  as_of: 'date',
  first_seen: 'date',
  runs: 'int',
  due_on: 'date',
  overdue: 'bool',
  suppressed: 'bool',
  disposal_on: 'date',
};

const ALWAYS = new Set([
  ...['anomaly_id', 'uscc', 'enterprise', 'theme', 'check_id', 'check_title', 'item', 'key_point', 'classification'],
  ...['severity', 'department', 'message', 'advice', 'as_of', 'suppressed', 'disposal_status'],
]);

/** The anomaly table for programs: the columns of anomalies.csv under the same ids, each in its type, and the ids behind the words. */
export const MACHINE_COLUMNS: readonly MachineColumn[] = ANOMALY_COLUMNS.flatMap((c) => [
  { id: c.id, type: TYPES[c.id] ?? 'text', title: c.title, always: ALWAYS.has(c.id) },
  ...(BESIDE[c.id] ?? []),
]);
