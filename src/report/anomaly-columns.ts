import type { Bilingual } from '../config/text.js';

/** Lists of words that a column takes its values from; what is in them stands in `dictionary/code-lists.ts`. */
export type CodeList =
  | 'theme'
  | 'classification'
  | 'severity'
  | 'department'
  | 'state'
  | 'disposal'
  | 'outcome'
  | 'gone_reason'
  | 'baseline_state'
  | 'quarantine_scope'
  | 'quarantine_reason';

/** A column of a report: one description for every format that has it. */
export interface Column {
  id: string;
  title: Bilingual;
  /** What it holds, for somebody who sees the file for the first time. */
  description: Bilingual;
  /** What every cell of it reads as; text where nothing is said. */
  type?: 'integer' | 'date';
  /** No cell of it is blank. */
  required?: boolean;
  values?: CodeList;
}

type Rest = Pick<Column, 'type' | 'required' | 'values'>;

/** Title and description, Chinese and English. */
export const column = (
  id: string,
  zh: string,
  en: string,
  [descriptionZh, descriptionEn]: readonly [string, string],
  rest: Rest = {},
): Column => ({
  ...{ id, title: { zh, en }, description: { zh: descriptionZh, en: descriptionEn } },
  ...rest,
});

const required = true;

/** The two sides of a contradiction. */
const side = (letter: 'A' | 'B', zh: string, en: string): Column[] => {
  const id = letter.toLowerCase();
  return [
    column(`${id}_source`, `数据来源${letter}`, `Source ${letter}`, [
      `${zh}的数据源；空白表示该值由多个来源算出`,
      `The source of ${en}; blank where several sources went into it`,
    ]),
    column(`${id}_field`, `字段${letter}`, `Field ${letter}`, [`${zh}的字段名称`, `Which field ${en} is`]),
    column(`${id}_value`, `值${letter}`, `Value ${letter}`, [
      `${zh}的值；个人信息按规定遮盖`,
      `What ${en} says; personal data is masked`,
    ]),
    column(`${id}_file`, `文件${letter}`, `File ${letter}`, [
      `${zh}所在的提取文件`,
      `The extract that ${en} stands in`,
    ]),
    column(
      `${id}_row`,
      `行号${letter}`,
      `Row ${letter}`,
      [
        `${zh}在该文件中的行号，从1起，与电子表格所示相同`,
        `Row of that file, from 1, as a spreadsheet program shows it`,
      ],
      { type: 'integer' },
    ),
  ];
};

/** Columns of anomalies.csv, and of the anomaly table in every other format. */
export const ANOMALY_COLUMNS: readonly Column[] = [
  column(
    'anomaly_id',
    '异常编号',
    'Anomaly id',
    [
      '由企业、规则和涉及对象决定；同一异常在各次比对、各种语言中编号相同。反馈时以此对应，请勿改动',
      'Made of enterprise, check and what it is about: the same in every run and language. Feedback is matched by it; leave it as it is',
    ],
    { required },
  ),
  column(
    'uscc',
    '统一社会信用代码',
    'Credit code',
    ['企业的18位统一社会信用代码', 'The 18 characters that an enterprise is known by'],
    {
      required,
    },
  ),
  column('enterprise', '企业名称', 'Enterprise', ['企业在名录库中的名称', 'Name of the enterprise in the library'], {
    required,
  }),
  column('theme', '主题', 'Theme', ['规则所属的比对主题', 'Theme that the check belongs to'], {
    required,
    values: 'theme',
  }),
  column(
    'check_id',
    '规则编号',
    'Check',
    ['规则的编号；bidui checks explain 可解释', 'Id of the check; bidui checks explain tells what it does'],
    {
      required,
    },
  ),
  column('check_title', '规则名称', 'Check name', ['规则的名称', 'What the check is called'], { required }),
  column('item', '检查事项', 'Check item', ['一单中的检查事项', 'Item of the checklist'], { required }),
  column('key_point', '关键检查点', 'Key check point', ['一单中的关键检查点', 'Key point of that item'], { required }),
  column('classification', '异常类型', 'Classification', ['异常属于哪一类', 'Kind of the anomaly'], {
    required,
    values: 'classification',
  }),
  column('severity', '风险等级', 'Severity', ['红重于黄，黄重于蓝', 'Red is graver than yellow, yellow than blue'], {
    required,
    values: 'severity',
  }),
  column('department', '责任部门', 'Department', ['负责核查的部门', 'Who looks into it'], {
    required,
    values: 'department',
  }),
  column('helping_departments', '协同部门', 'Helping departments', [
    '协助核查的部门，以顿号分隔',
    'Departments that help, separated by semicolons',
  ]),
  column('about', '涉及对象', 'About', [
    '异常所涉及的证照、人员、设备等；空白表示企业本身',
    'The permit, person, device or the like that it is about; blank where it is the enterprise itself',
  ]),
  column(
    'message',
    '异常描述',
    'Description',
    ['什么与什么不符；是线索（疑似），不是认定', 'What contradicts what; a lead, not a finding'],
    {
      required,
    },
  ),
  ...side('A', '一方数据', 'one side'),
  ...side('B', '另一方数据', 'the other side'),
  column('other_evidence', '其他佐证', 'Other evidence', [
    '判断所依据的其余各值及其来源、文件、行号，以分号分隔',
    'The other values that it rests on, each with source, file and row, separated by semicolons',
  ]),
  column('legal_basis', '法律依据', 'Legal basis', [
    '基准日有效的法律依据，以分号分隔',
    'Legal bases in force on the as-of day, separated by semicolons',
  ]),
  column(
    'advice',
    '核查建议',
    'Advice',
    ['核查时先看什么、确属实时怎样处理', 'What to look at first, and what to do if it is so'],
    { required },
  ),
  column(
    'as_of',
    '基准日',
    'As of',
    [
      '按哪一天判断；反馈时以此确定所答的数值，请勿改动',
      'The day that was judged by. Feedback is about the values of this day; leave it as it is',
    ],
    {
      type: 'date',
      required,
    },
  ),
  column(
    'state',
    '状态',
    'State',
    ['与此前各次比对相比；不用台账时空白', 'Compared with earlier nights; blank without a ledger'],
    {
      values: 'state',
    },
  ),
  column(
    'first_seen',
    '首次发现',
    'First found',
    ['首次发现的基准日；不用台账时空白', 'As-of day of the run that first found it; blank without a ledger'],
    {
      type: 'date',
    },
  ),
  column(
    'runs',
    '发现次数',
    'Times found',
    ['在多少次比对中发现；不用台账时空白', 'How many runs found it; blank without a ledger'],
    {
      type: 'integer',
    },
  ),
  column('due_on', '核查时限', 'Due on', [
    '应在此日前核查反馈（按风险等级计工作日）；超出节假日安排的，日期后注明暂按周一至周五计',
    'To be answered by this day (working days by severity); beyond the calendar of holidays, words after the day say that it counts weekdays',
  ]),
  column('overdue', '逾期', 'Overdue', [
    '逾期几个工作日；未逾期时空白',
    'By how many working days it is overdue; blank where it is not',
  ]),
  column('suppressed', '抑制', 'Suppressed', [
    '抑制至哪一天、由谁负责、为什么；未抑制时空白',
    'Until when it is suppressed, by whom and why; blank where it is not',
  ]),
  column(
    'disposal_status',
    '核查状态',
    'Disposal status',
    [
      '由核查部门填写，从代码表中选一项；“待复核”和“整改未见效”由系统填写',
      'Filled in by the department with a word of the list; "To be checked again" and "Rectified, but still found" are bidui\'s own',
    ],
    { required, values: 'disposal' },
  ),
  column('disposal_by', '核查人', 'Handled by', [
    '由核查部门填写：谁核查的',
    'Filled in by the department: who looked into it',
  ]),
  column(
    'disposal_on',
    '反馈日期',
    'Feedback date',
    ['由核查部门填写：核查的日期，如 2026-08-05', 'Filled in by the department: the day, such as 2026-08-05'],
    {
      type: 'date',
    },
  ),
  column('disposal_note', '核查结果说明', 'Disposal note', [
    '由核查部门填写：查明了什么',
    'Filled in by the department: what was found out',
  ]),
];

export const anomalyColumn = (id: string): Column => ANOMALY_COLUMNS.find((c) => c.id === id)!;

/** Columns of followed.csv: anomalies known from earlier nights that were not found in this one. */
export const FOLLOWED_COLUMNS: readonly Column[] = [
  ...[
    ...['anomaly_id', 'uscc', 'enterprise', 'theme', 'check_id', 'check_title', 'severity', 'department', 'about'],
    'state',
  ].map(anomalyColumn),
  column('reason', '原因', 'Reason', ['为什么是这个状态', 'Why it is in that state'], { values: 'gone_reason' }),
  column('message', '最近一次异常描述', 'Description when last found', [
    '最近一次发现时的描述',
    'What was told when it was last found',
  ]),
  column('first_seen', '首次发现', 'First found', ['首次发现的基准日', 'As-of day of the run that first found it'], {
    type: 'date',
    required,
  }),
  column('last_seen', '最近发现', 'Last found', ['最近一次发现的基准日', 'As-of day of the run that last found it'], {
    type: 'date',
    required,
  }),
  column('runs', '发现次数', 'Times found', ['在多少次比对中发现', 'How many runs found it'], {
    type: 'integer',
    required,
  }),
  ...ANOMALY_COLUMNS.filter((c) => c.id.startsWith('disposal_')),
];

/** First columns of outcomes.csv; a column for each check follows. */
export const OUTCOME_COLUMNS: readonly Column[] = ['uscc', 'enterprise'].map(anomalyColumn);

export const QUARANTINE_COLUMNS: readonly Column[] = [
  column('source', '数据来源', 'Source', ['哪个数据源', 'Which source'], { required }),
  column('file', '文件', 'File', ['提取文件的名称', 'Name of the extract'], { required }),
  column(
    'row',
    '行号',
    'Row',
    ['文件中的行号，从1起，与电子表格所示相同', 'Row of the file, from 1, as a spreadsheet program shows it'],
    {
      type: 'integer',
    },
  ),
  column(
    'scope',
    '隔离范围',
    'Scope',
    ['整行未参加比对，或只有一个字段', 'Whether the whole row was left out, or one field of it'],
    {
      required,
      values: 'quarantine_scope',
    },
  ),
  column('field', '字段', 'Field', ['哪个字段', 'Which field']),
  column('raw', '原始值', 'Raw value', [
    '文件中的原文；个人信息按规定遮盖',
    'What stands in the file; personal data is masked',
  ]),
  column('reason', '原因代码', 'Reason', ['为什么不能读取，代码', 'Why it could not be read, as a code'], {
    required,
    values: 'quarantine_reason',
  }),
  column('explanation', '原因说明', 'Explanation', ['为什么不能读取', 'Why it could not be read']),
  column('fix', '处理建议', 'What to do', ['怎样改正', 'What to do about it']),
  column('name', '企业名称', 'Enterprise', [
    '该行中的企业名称，如果有',
    'Name of the enterprise in that row, if there is one',
  ]),
];
