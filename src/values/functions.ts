import type { Dialect, Sql, SqlType } from '../engine/dialect.js';
import { addressLevel, addressRelation, sameAddress } from './address/compare.js';
import { hasDoor, roadKey } from './address/keys.js';
import { ADDRESS_PARTS, type AddressPart } from './address/parse.js';
import { OPEN_ENDED } from './dates.js';
import * as id from './identifiers/index.js';
import { maskAll, maskEmail, maskIdNo, maskPerson, maskPhone } from './masks.js';
import { isAmong, isBranchName, isNameOf, sameName } from './names.js';
import { mentions } from './scope.js';

/**
 * The functions of the check language. Every one is plain data: what it takes, what it gives, what it means in both
 * languages, and how a dialect says it. NULL in, NULL out, so that an absent value is never taken for an answer;
 * `first_of` and `open_ended` say where they differ.
 */

/**
 * `number` is any of int, decimal, double. `address` is the parsed struct that an address field carries (its derived
 * column `parts`), not its text; `name` is the key in which names are compared, not the name. `any` is a type of its own for each call, the same at every `any`.
 */
export type ArgType = SqlType | 'number' | 'address' | 'name' | 'any';

export interface Param {
  name: string;
  type: ArgType;
  /** The argument must be written out in the check, and `sql` gets its plain value instead of an expression. */
  literal?: true;
  optional?: true;
  /** Of an address: `sql` gets this stored column of it (see types/address.ts), not its parts. */
  stored?: string;
  /** Takes this argument and any number after it. */
  rest?: true;
}

export interface DomainFunction {
  params: readonly Param[];
  returns: SqlType | 'number' | 'any';
  doc: { zh: string; en: string };
  sql(d: Dialect, ...args: Sql[]): Sql;
}

const p = (name: string, type: ArgType, more: Omit<Param, 'name' | 'type'> = {}): Param => ({ name, type, ...more });
const x = p('x', 'text');

/** A function of texts that a helper of this room already says. */
const ofText = (
  returns: DomainFunction['returns'],
  fn: (x: Sql, d: Dialect) => Sql,
  zh: string,
  en: string,
): DomainFunction => ({ params: [x], returns, doc: { zh, en }, sql: (d, a) => fn(a as Sql, d) });

/** A key that ingest has worked out from an address, to find it by. */
const storedKey = (stored: string, zh: string, en: string): DomainFunction => ({
  params: [p('address', 'address', { stored })],
  returns: 'text',
  doc: { zh, en },
  sql: (_d, key) => key as Sql,
});

/** A function of one parsed address. */
const ofAddress = (
  returns: DomainFunction['returns'],
  fn: (x: Sql, d: Dialect) => Sql,
  zh: string,
  en: string,
): DomainFunction => ({ params: [p('address', 'address')], returns, doc: { zh, en }, sql: (d, a) => fn(a as Sql, d) });

function addressPart(name: string): AddressPart {
  const part = ADDRESS_PARTS.find((x) => x === name);
  if (!part) throw new Error(`address part: ${name}`);
  return part;
}

const define = <K extends string>(fns: Record<K, DomainFunction>): Record<K, DomainFunction> => fns;

const monthsForward = (from: Sql, to: Sql, d: Dialect): Sql =>
  d.let(
    `((${d.year(to)} - ${d.year(from)}) * 12 + ${d.month(to)} - ${d.month(from)})`,
    (n) => `CASE WHEN ${d.addMonths(from, n)} > ${to} THEN ${n} - 1 ELSE ${n} END`,
  );

export const functions = define({
  // identifiers
  valid_uscc: ofText(
    'bool',
    id.validUscc,
    '统一社会信用代码校验通过（GB 32100）',
    'Passes the shape and check of GB 32100.',
  ),
  valid_org_code: ofText('bool', id.validOrgCode, '组织机构代码校验通过（GB 11714）', 'Passes the check of GB 11714.'),
  valid_reg_no: ofText(
    'bool',
    id.validRegNo,
    '15位注册号校验通过；13位旧号无校验码，结果为空',
    'Passes the check of a 15-digit registration number; undecided for the older 13 digits.',
  ),
  valid_id_no: ofText('bool', id.validIdNo, '公民身份号码校验通过（GB 11643）', 'Passes the check of GB 11643.'),
  valid_permit_no: ofText(
    'bool',
    id.validPermitNo,
    '排污许可（登记）编号格式正确且内含信用代码校验通过（HJ 608）',
    'Has the form of HJ 608 and a credit code inside that passes its check.',
  ),
  valid_licence_no: ofText(
    'bool',
    id.validLicenceNo,
    '证书编号有文字和数字，形式合理',
    'Looks like a licence number: words, then digits.',
  ),
  valid_cas: ofText('bool', id.validCas, 'CAS号校验通过', 'Passes the check of a CAS number.'),
  valid_industry: ofText('bool', id.validIndustry, '是国民经济行业分类代码（GB/T 4754）', 'Is a code of GB/T 4754.'),
  repair_uscc: ofText(
    'text',
    id.repairUscc,
    '唯一能通过两级校验的易混字符更正（O/0、I/1、Z/2、S/5、B/8），否则为空',
    'The only correction of one confusable character that passes both checks, or nothing.',
  ),
  permit_uscc: ofText(
    'text',
    id.permitUscc,
    '排污许可编号前18位的信用代码',
    'The credit code that a discharge permit number starts with.',
  ),
  permit_site: ofText(
    'text',
    id.permitSite,
    '排污许可编号中的3位场所顺序码',
    'The three digits of a discharge permit number that name the site.',
  ),
  org_code_of: ofText(
    'text',
    id.orgCodeOf,
    '信用代码、旧15位纳税人识别号或组织机构代码中的9位组织机构代码',
    'The nine characters of the organisation code inside a credit code or an old tax number.',
  ),

  // names
  name_key: {
    params: [p('name', 'name')],
    returns: 'text',
    doc: {
      zh: '企业名称的比对形式（统一全半角、括号、空格、标点、繁简）',
      en: 'The form in which names are compared.',
    },
    sql: (_d, key) => key as Sql,
  },
  same_name: {
    params: [p('a', 'name'), p('b', 'name')],
    returns: 'bool',
    doc: {
      zh: '名称一致（不计全半角、括号、空格、标点、繁简；“有限公司”与“有限责任公司”不同）',
      en: 'Equal names but for notation; 有限公司 is not 有限责任公司.',
    },
    sql: (_d, a, b) => sameName(a as Sql, b as Sql),
  },
  is_name_of: {
    params: [p('name', 'name'), p('current', 'name'), p('former', 'text[]')],
    returns: 'bool',
    doc: { zh: '是现用名称或曾用名之一', en: 'Is the present name or one of the former ones.' },
    sql: (d, name, current, former) => isNameOf(name as Sql, current as Sql, former as Sql, d),
  },
  former_name: {
    params: [p('list', 'text[]'), p('name', 'name')],
    returns: 'bool',
    doc: { zh: '名称在曾用名之中', en: 'The name is among the former ones.' },
    sql: (d, list, name) => isAmong(name as Sql, list as Sql, d),
  },
  is_branch_name: ofText('bool', isBranchName, '名称是分支机构的名称', 'Is the name of a branch.'),

  // addresses
  same_address: {
    params: [p('a', 'address'), p('b', 'address'), p('to', 'text', { optional: true, literal: true })],
    returns: 'bool',
    doc: {
      zh: '同一地址：是、否，或无法判断（为空）。to 为比到哪一级：room（默认）、building、number、road',
      en: "The same place: yes, no, or undecided (nothing). `to` is how deep to look: 'room' (default), 'building', 'number', 'road'.",
    },
    sql: (d, a, b, to) => sameAddress(a as Sql, b as Sql, d, to),
  },
  address_relation: {
    params: [p('a', 'address'), p('b', 'address')],
    returns: 'text',
    doc: {
      zh: '两个地址的关系：exact、same、coarser_a、coarser_b、different_room、different_building、different_number、different_road、different_area、undecided',
      en: 'How two addresses relate, in one word.',
    },
    sql: (d, a, b) => addressRelation(a as Sql, b as Sql, d),
  },
  address_level: {
    params: [p('a', 'address'), p('b', 'address')],
    returns: 'int',
    doc: {
      zh: '地址比对等级：0 完全相同，1 仅写法不同，2 一方较粗，3 同路同号但更细处不同，4 同路不同号，5 不同；无法判断时为空',
      en: '0 exact, 1 notation, 2 one is coarser, 3 same number but different inside, 4 same road, 5 different; nothing where undecided.',
    },
    sql: (d, a, b) => addressLevel(a as Sql, b as Sql, d),
  },

  has_door: ofAddress(
    'bool',
    hasDoor,
    '地址写到门牌（路名+号、地块或园区+幢）',
    'Names a door: road and number, a plot, or a building of a named place.',
  ),
  road_key: ofAddress('text', roadKey, '路名', 'The road, for finding it elsewhere.'),
  door_key: storedKey('door', '路名+门牌号', 'Road and number, for finding the same door elsewhere.'),
  building_key: storedKey('building', '门牌+幢', 'The door and the building.'),
  unit_key: storedKey('unit', '门牌+幢+单元+室；多室或区间为空', 'Down to one room; nothing for several rooms.'),

  address_part: {
    params: [p('a', 'address'), p('part', 'text', { literal: true })],
    returns: 'text',
    doc: {
      zh: '地址的一个组成部分：city、district、zone、street、community、road、number、compound、building、unit、floor、room、remark 等',
      en: 'One part of an address: city, district, zone, street, community, road, number, compound, building, unit, floor, room, remark …',
    },
    sql: (d, a, part) => `nullif(${d.field(a as Sql, addressPart(part as string))}, '')`,
  },
  // text
  mentions: {
    params: [p('text', 'text'), p('words', 'text', { rest: true })],
    returns: 'bool',
    doc: {
      zh: '文本（如经营范围）包含任一词语，“不含…”“除…外”等排除内容不计',
      en: 'The text takes in one of the words; what it expressly excludes does not count.',
    },
    sql: (d, text, ...words) => mentions(text as Sql, words, d),
  },
  contains: {
    params: [p('text', 'text'), p('part', 'text')],
    returns: 'bool',
    doc: { zh: '文本包含', en: 'The text contains the other.' },
    sql: (d, a, b) => d.contains(a as Sql, b as Sql),
  },
  starts_with: {
    params: [p('text', 'text'), p('prefix', 'text')],
    returns: 'bool',
    doc: { zh: '以…开头', en: 'The text starts with the other.' },
    sql: (d, a, b) => d.startsWith(a as Sql, b as Sql),
  },
  ends_with: {
    params: [p('text', 'text'), p('suffix', 'text')],
    returns: 'bool',
    doc: { zh: '以…结尾', en: 'The text ends with the other.' },
    sql: (d, a, b) => d.endsWith(a as Sql, b as Sql),
  },
  matches: {
    params: [p('text', 'text'), p('pattern', 'text', { literal: true })],
    returns: 'bool',
    doc: { zh: '与正则表达式（RE2）相符', en: 'A regular expression (RE2) is found in the text.' },
    sql: (d, a, pattern) => d.matches(a as Sql, pattern as string),
  },
  substr: {
    params: [p('text', 'text'), p('from', 'int'), p('length', 'int', { optional: true })],
    returns: 'text',
    doc: { zh: '从第 from 个字（从1起）取 length 个字', en: 'Characters from `from` (counted from 1).' },
    sql: (d, a, from, length) => d.substr(a as Sql, from as Sql, length),
  },
  length: ofText('int', (a, d) => d.length(a), '字数', 'Number of characters.'),
  lower: ofText('text', (a, d) => d.lower(a), '小写', 'In lower case.'),
  upper: ofText('text', (a, d) => d.upper(a), '大写', 'In upper case.'),

  // dates
  open_ended: {
    params: [p('date', 'date')],
    returns: 'bool',
    doc: { zh: '没有截止日（长期、永久、9999-12-31）', en: 'Has no end (长期, 永久, 9999-12-31).' },
    sql: (d, a) => `(${a} >= ${d.date(OPEN_ENDED)})`,
  },
  add_days: {
    params: [p('date', 'date'), p('days', 'int')],
    returns: 'date',
    doc: { zh: '若干日历日之后；无截止日的仍无截止日', en: 'So many calendar days later; no end stays no end.' },
    sql: (d, a, n) => unlessOpen(a as Sql, (y) => d.addDays(y, n as Sql), d),
  },
  add_months: {
    params: [p('date', 'date'), p('months', 'int')],
    returns: 'date',
    doc: {
      zh: '若干个月之后（月末对齐）；无截止日的仍无截止日',
      en: 'So many months later, clamped to the end of the month.',
    },
    sql: (d, a, n) => unlessOpen(a as Sql, (y) => d.addMonths(y, n as Sql), d),
  },
  add_years: {
    params: [p('date', 'date'), p('years', 'int')],
    returns: 'date',
    doc: {
      zh: '若干年之后（2月29日对齐为月末）；无截止日的仍无截止日',
      en: 'So many years later, 29 February clamped.',
    },
    sql: (d, a, n) => unlessOpen(a as Sql, (y) => d.addMonths(y, `((${n}) * 12)`), d),
  },
  days_between: {
    params: [p('from', 'date'), p('to', 'date')],
    returns: 'int',
    doc: { zh: '从 from 到 to 的天数', en: 'Days from the first to the second.' },
    sql: (d, from, to) => d.daysBetween(from as Sql, to as Sql),
  },
  months_between: {
    params: [p('from', 'date'), p('to', 'date')],
    returns: 'int',
    doc: { zh: '从 from 到 to 的整月数', en: 'Whole months from the first to the second.' },
    sql: (d, from, to) =>
      d.let(from as Sql, (a) =>
        d.let(
          to as Sql,
          (b) =>
            `CASE WHEN ${a} <= ${b} THEN ${monthsForward(a, b, d)} WHEN ${a} > ${b} THEN -(${monthsForward(b, a, d)}) END`,
        ),
      ),
  },
  year: {
    params: [p('date', 'date')],
    returns: 'int',
    doc: { zh: '年份', en: 'The year.' },
    sql: (d, a) => d.year(a as Sql),
  },
  month: {
    params: [p('date', 'date')],
    returns: 'int',
    doc: { zh: '月份', en: 'The month, 1 to 12.' },
    sql: (d, a) => d.month(a as Sql),
  },
  day: {
    params: [p('date', 'date')],
    returns: 'int',
    doc: { zh: '日', en: 'The day of the month.' },
    sql: (d, a) => d.dayOfMonth(a as Sql),
  },
  make_date: {
    params: [p('year', 'int'), p('month', 'int'), p('day', 'int')],
    returns: 'date',
    doc: { zh: '由年、月、日构成的日期', en: 'The day of that year, month and day.' },
    sql: (d, y, m, day) => d.makeDate(d.cast(y as Sql, 'text'), d.cast(m as Sql, 'text'), d.cast(day as Sql, 'text')),
  },

  // numbers
  within: {
    params: [p('a', 'number'), p('b', 'number'), p('rel', 'number'), p('abs', 'number')],
    returns: 'bool',
    doc: {
      zh: '两数相差不超过 b 的 rel 倍与 abs 中较大者',
      en: 'The two differ by no more than the greater of `rel` times b and `abs`.',
    },
    sql: (d, a, b, rel, abs) =>
      `(${d.abs(`(${a}) - (${b})`)} <= ${d.greatest(`(${rel}) * ${d.abs(b as Sql)}`, abs as Sql)})`,
  },
  abs: {
    params: [p('x', 'number')],
    returns: 'number',
    doc: { zh: '绝对值', en: 'Without its sign.' },
    sql: (d, a) => d.abs(a as Sql),
  },
  round: {
    params: [p('x', 'number'), p('digits', 'int', { optional: true, literal: true })],
    returns: 'number',
    doc: { zh: '四舍五入', en: 'Rounded.' },
    sql: (d, a, digits) => d.round(a as Sql, Number(digits ?? 0)),
  },
  ratio: {
    params: [p('a', 'number'), p('b', 'number')],
    returns: 'double',
    doc: { zh: '两数之比；除数为0时为空', en: 'a divided by b; nothing where b is 0.' },
    sql: (d, a, b) => d.divide(a as Sql, b as Sql),
  },

  // lists and absent values
  overlaps: {
    params: [p('a', 'text[]'), p('b', 'text[]')],
    returns: 'bool',
    doc: { zh: '两个列表有共同项', en: 'The lists have an item in common.' },
    sql: (d, a, b) => d.listOverlaps(a as Sql, b as Sql),
  },
  size: {
    params: [p('list', 'text[]')],
    returns: 'int',
    doc: { zh: '列表项数', en: 'How many items the list has.' },
    sql: (d, a) => d.listLength(a as Sql),
  },
  includes: {
    params: [p('list', 'text[]'), p('item', 'text')],
    returns: 'bool',
    doc: { zh: '列表包含该项', en: 'The list has the item.' },
    sql: (d, a, b) => d.listContains(a as Sql, b as Sql),
  },
  first_of: {
    params: [p('a', 'any'), p('b', 'any', { rest: true })],
    returns: 'any',
    doc: { zh: '第一个有值的', en: 'The first that is there.' },
    sql: (_d, ...args) => `coalesce(${args.join(', ')})`,
  },

  // masks
  mask_person: ofText('text', maskPerson, '姓名脱敏：张*', 'A name, masked.'),
  mask_id_no: ofText('text', maskIdNo, '证件号脱敏：前三后四', 'An ID number, masked.'),
  mask_phone: ofText('text', maskPhone, '电话脱敏：138****1234', 'A telephone number, masked.'),
  mask_email: ofText('text', maskEmail, '邮箱脱敏：保留首字符', 'An e-mail address, masked.'),
  mask_text: ofText('text', maskAll, '全部脱敏', 'Any text, wholly masked.'),
});

/** What never ends does not end later either. */
function unlessOpen(date: Sql, later: (date: Sql) => Sql, d: Dialect): Sql {
  return d.let(date, (y) => `CASE WHEN ${y} >= ${d.date(OPEN_ENDED)} THEN ${y} ELSE ${later(y)} END`);
}

export type FunctionName = keyof typeof functions;
