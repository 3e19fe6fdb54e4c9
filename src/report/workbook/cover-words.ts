import type { Bilingual, Lang } from '../../config/text.js';
import type { FEEDBACK } from '../../ledger/words.js';

/** What each answer says, so that two people choose the same one. */
export const MEANINGS: Readonly<Record<keyof typeof FEEDBACK, Bilingual>> = {
  pending: { zh: '尚未开始核查；保持不变即可', en: 'Nobody has looked yet; leave it as it is' },
  checking: { zh: '已开始核查，尚无结论', en: 'Somebody is looking into it; no conclusion yet' },
  confirmed_rectified: { zh: '问题属实，企业或部门已改正', en: 'It is so, and has been put right' },
  confirmed_open: { zh: '问题属实，尚待改正', en: 'It is so, and has yet to be put right' },
  false_alarm: {
    zh: '数据无误且不构成问题，规则不适用于此情形',
    en: 'The data is right and nothing is wrong: the rule does not fit this case',
  },
  data_issue: { zh: '某一方数据有误、过期或未更新', en: 'The data of one side is wrong or out of date' },
};

const chinese = {
  asOf: (day: string, enterprises: number, checks: number) =>
    `基准日 ${day}　·　企业 ${enterprises} 户　·　规则 ${checks} 条`,
  found: (n: number) => `本部门需核查的疑似异常 ${n} 条`,
  foundAt: (n: number, enterprises: number) => `发现疑似异常 ${n} 条，涉及 ${enterprises} 户企业`,
  leads: '每一条都是数据比对得到的线索（疑似），不是违法认定；请核实后再作处理。',
  themes: '各主题比对结果',
  themesOf: (department: string) => `各主题比对结果（${department}负责的规则）`,
  theme: '主题（点击进入）',
  checks: '规则',
  consistent: '一致',
  anomaly: '异常',
  notComparable: '无法比对',
  notApplicable: '不适用',
  anomalies: '异常条数',
  total: '合计',
  outcomesNote:
    '一致、异常、无法比对、不适用按“企业×规则”计，四者之和等于企业数×规则数；红、黄、蓝为各风险等级的异常条数。',
  split: (title: string, sheets: readonly string[]) =>
    `“${title}”的行数超过一个工作表的上限（1,048,576 行），分在：${sheets.join('、')}。`,
  departments: '按责任部门',
  department: '责任部门',
  states: '与此前各次比对相比',
  state: '状态',
  gone: (previous: string | null, resolved: number, notComparable: number) =>
    previous === null
      ? '这是台账中的第一次比对，因此都是新增。'
      : `上次比对为 ${previous}。此前的异常中，本次已消除 ${resolved} 条，本次无法比对 ${notComparable} 条，见 followed.csv。`,
  howTo: '怎样填写、怎样交回',
  steps: (file: string) => [
    '1. 打开下方的主题工作表，在浅黄色的四列中填写：核查状态（从下拉列表选择）、核查人、反馈日期、核查结果说明。',
    '2. 有结论的行，核查状态、核查人、反馈日期都要填；没有开始核查的行保持“待核查”，不用填写。',
    '3. 可以排序、筛选、隐藏列、增加自己的列；请不要改动表头、“异常编号”和“基准日”两列（在最右侧）。',
    '4. 保存后把本文件交回大数据中心（另存为 CSV 也可以，但每个工作表要各存一个文件）。',
    `5. 大数据中心读入：bidui feedback ${file} --state <台账>；先加 --dry-run 可只检查不写入。有任何一行填写有误，会指出工作表和行号，全部不写入。`,
  ],
  word: '核查状态',
  meaning: '含义',
  ownWords:
    '“待复核”（数值已变化、再次出现或反馈过久）和“整改未见效”（报已整改但新数据仍显示）由系统填写，请重新核查后另选一项。',
  sources: (all: number, delivered: number) => `数据源 ${all} 个，到数 ${delivered} 个`,
  source: '数据源',
  delivered: '是否到数',
  sourceCounts: ['行数', '入库', '隔离行', '隔离字段', '重复', '未匹配企业'],
  yes: '是',
  no: '未到数',
  refusedNote: '隔离的行和字段未参加比对，原因和处理建议见 quarantine.csv。行数 = 入库 + 隔离行 + 重复。',
};

export type CoverWords = typeof chinese;

const english: CoverWords = {
  asOf: (day, enterprises, checks) => `As of ${day}  ·  ${enterprises} enterprises  ·  ${checks} checks`,
  found: (n) => `${n} possible anomalies for this department to check`,
  foundAt: (n, enterprises) => `${n} possible anomalies at ${enterprises} enterprises`,
  leads: 'Each is a lead that comparing data gave, never a finding of violation. Verify before acting.',
  themes: 'Results by theme',
  themesOf: (department) => `Results by theme (checks of ${department})`,
  theme: 'Theme (click to go there)',
  checks: 'Checks',
  consistent: 'Consistent',
  anomaly: 'Anomaly',
  notComparable: 'Not comparable',
  notApplicable: 'Not applicable',
  anomalies: 'Anomalies',
  total: 'Total',
  outcomesNote:
    'The four outcomes count enterprise × check and add up to enterprises × checks; red, yellow and blue count anomalies by severity.',
  split: (title, sheets) =>
    `"${title}" has more rows than a sheet can hold (1,048,576); they stand in: ${sheets.join(', ')}.`,
  departments: 'By department',
  department: 'Department',
  states: 'Compared with earlier nights',
  state: 'State',
  gone: (previous, resolved, notComparable) =>
    previous === null
      ? 'The ledger knows no earlier night, so all of them are new.'
      : `The night before was ${previous}. Of what was known, ${resolved} are resolved and ${notComparable} could not be compared: see followed.csv.`,
  howTo: 'How to fill in and send back',
  steps: (file) => [
    '1. On the sheet of a theme, fill in the four pale yellow columns: disposal status (choose from the list), handled by, feedback date, disposal note.',
    '2. Where there is a conclusion, status, who and when are all needed. Rows that nobody has looked at stay "To be checked".',
    '3. Sort, filter, hide columns and add your own as you like; leave the header, "Anomaly id" and "As of" (far right) as they are.',
    '4. Save, and send this file back to the big-data centre (CSV will do too, a file for each sheet).',
    `5. There it is read with: bidui feedback ${file} --state <ledger>; with --dry-run it is only checked. A row that cannot be taken is told by sheet and row, and then nothing is written.`,
  ],
  word: 'Disposal status',
  meaning: 'Meaning',
  ownWords:
    '"To be checked again" (values changed, it came back, or the answer is too old) and "Rectified, but still found" are written by bidui: look again and choose another.',
  sources: (all, delivered) => `${delivered} of ${all} sources delivered`,
  source: 'Source',
  delivered: 'Delivered',
  sourceCounts: ['Rows', 'Loaded', 'Rows refused', 'Fields refused', 'Duplicates', 'Unmatched'],
  yes: 'yes',
  no: 'no',
  refusedNote:
    'Refused rows and fields took no part; quarantine.csv tells why and what to do. Rows = loaded + refused + duplicates.',
};

export const COVER_WORDS: Readonly<Record<Lang, CoverWords>> = { zh: chinese, en: english };
