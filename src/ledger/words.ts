import { say } from '../config/text.js';

export const STATES = {
  new: say('新增', 'New'),
  persisting: say('持续', 'Persisting'),
  reopened: say('复现', 'Reopened'),
  not_comparable: say('无法比对', 'Not comparable'),
  resolved: say('已消除', 'Resolved'),
} as const;
export type State = keyof typeof STATES;

/** What a department may write into the disposal column. */
export const FEEDBACK = {
  pending: say('待核查', 'To be checked'),
  checking: say('核查中', 'Being checked'),
  confirmed_rectified: say('属实已整改', 'Confirmed, rectified'),
  confirmed_open: say('属实待整改', 'Confirmed, to be rectified'),
  false_alarm: say('误报', 'False alarm'),
  data_issue: say('数据问题', 'Data problem'),
} as const;

/** What the disposal column shows: what was fed back, and what became of it since. */
export const DISPOSALS = {
  ...FEEDBACK,
  /** Fed back before, but the values have changed, it came back, or the feedback is too old. */
  recheck: say('待复核', 'To be checked again'),
  /** Reported as rectified, and still found in newer data. */
  ineffective: say('整改未见效', 'Rectified, but still found'),
} as const;
export type Disposal = keyof typeof DISPOSALS;

export const EVENTS = {
  new: say('新增', 'new'),
  changed: say('数值变化', 'values changed'),
  comparable: say('恢复比对，仍存在', 'comparable again, still there'),
  reopened: say('复现', 'reopened'),
  not_comparable: say('无法比对', 'not comparable'),
  resolved: say('已消除', 'resolved'),
} as const;

/** Why an anomaly that was not found tonight is in the state it is in. */
export const REASONS = {
  consistent: say('本次比对一致', 'now consistent'),
  not_applicable: say('本次不再适用', 'no longer applicable'),
  row_gone: say('来源中已无该记录', 'the row is no longer in the source'),
  superseded: say('由其他规则一并说明', 'now told by another check'),
  replaced: say('该规则本次异常涉及另一对象', 'the check now finds an anomaly of something else'),
  no_enterprise: say('名录库本次无此企业', 'the enterprise is not in the library'),
  check_held: say('该规则本次疑似数据问题，暂缓下发', 'the check was held back tonight as a likely data problem'),
  source_missing: say('数据源本次未到', 'a source was not delivered'),
  row_refused: say('该企业有记录被隔离', 'a row of this enterprise was refused'),
  row_unread: say('涉及对象的字段无法读取', 'what it is about cannot be read'),
  row_not_listed: say('来源不完整，缺少该记录', 'the source is not complete and lacks the row'),
  outcome: say('本次无法比对', 'could not be compared'),
} as const;
export type Reason = keyof typeof REASONS;
