import type { Bilingual } from '../config/text.js';

export interface Column {
  id: string;
  title: Bilingual;
}

const column = (id: string, zh: string, en: string): Column => ({ id, title: { zh, en } });

/** Columns of anomalies.csv, and of the anomaly table in every other format. */
export const ANOMALY_COLUMNS: readonly Column[] = [
  column('anomaly_id', '异常编号', 'Anomaly id'),
  column('uscc', '统一社会信用代码', 'Credit code'),
  column('enterprise', '企业名称', 'Enterprise'),
  column('theme', '主题', 'Theme'),
  column('check_id', '规则编号', 'Check'),
  column('check_title', '规则名称', 'Check name'),
  column('item', '检查事项', 'Check item'),
  column('key_point', '关键检查点', 'Key check point'),
  column('classification', '异常类型', 'Classification'),
  column('severity', '风险等级', 'Severity'),
  column('department', '责任部门', 'Department'),
  column('helping_departments', '协同部门', 'Helping departments'),
  column('about', '涉及对象', 'About'),
  column('message', '异常描述', 'Description'),
  ...(['a', 'b'] as const).flatMap((side) => {
    const letter = side.toUpperCase();
    return [
      column(`${side}_source`, `数据来源${letter}`, `Source ${letter}`),
      column(`${side}_field`, `字段${letter}`, `Field ${letter}`),
      column(`${side}_value`, `值${letter}`, `Value ${letter}`),
      column(`${side}_file`, `文件${letter}`, `File ${letter}`),
      column(`${side}_row`, `行号${letter}`, `Row ${letter}`),
    ];
  }),
  column('other_evidence', '其他佐证', 'Other evidence'),
  column('legal_basis', '法律依据', 'Legal basis'),
  column('advice', '核查建议', 'Advice'),
  column('as_of', '基准日', 'As of'),
  column('state', '状态', 'State'),
  column('first_seen', '首次发现', 'First found'),
  column('runs', '发现次数', 'Times found'),
  column('due_on', '核查时限', 'Due on'),
  column('overdue', '逾期', 'Overdue'),
  column('suppressed', '抑制', 'Suppressed'),
  column('disposal_status', '核查状态', 'Disposal status'),
  column('disposal_by', '核查人', 'Handled by'),
  column('disposal_on', '反馈日期', 'Feedback date'),
  column('disposal_note', '核查结果说明', 'Disposal note'),
];

/** Columns of followed.csv: anomalies known from earlier nights that were not found in this one. */
export const FOLLOWED_COLUMNS: readonly Column[] = [
  ...ANOMALY_COLUMNS.filter((c) =>
    [
      'anomaly_id',
      'uscc',
      'enterprise',
      'theme',
      'check_id',
      'check_title',
      'severity',
      'department',
      'about',
      'state',
    ].includes(c.id),
  ),
  column('reason', '原因', 'Reason'),
  column('message', '最近一次异常描述', 'Description when last found'),
  column('first_seen', '首次发现', 'First found'),
  column('last_seen', '最近发现', 'Last found'),
  column('runs', '发现次数', 'Times found'),
  ...ANOMALY_COLUMNS.filter((c) => c.id.startsWith('disposal_')),
];

export const OUTCOME_COLUMNS: readonly Column[] = [
  column('uscc', '统一社会信用代码', 'Credit code'),
  column('enterprise', '企业名称', 'Enterprise'),
];

export const QUARANTINE_COLUMNS: readonly Column[] = [
  column('source', '数据来源', 'Source'),
  column('file', '文件', 'File'),
  column('row', '行号', 'Row'),
  column('scope', '隔离范围', 'Scope'),
  column('field', '字段', 'Field'),
  column('raw', '原始值', 'Raw value'),
  column('reason', '原因代码', 'Reason'),
  column('explanation', '原因说明', 'Explanation'),
  column('fix', '处理建议', 'What to do'),
  column('name', '企业名称', 'Enterprise'),
];
