/** Why a cell could not be read, in words its owner can act on. Keys are stable: quarantine files carry them. */
export interface ReasonText {
  zh: string;
  en: string;
  /** What the department that sent it can do. */
  fix_zh: string;
  fix_en: string;
}

const define = <K extends string>(x: Record<K, ReasonText>): Record<K, ReasonText> => x;

export const reasons = define({
  unreadable: {
    zh: '内容无法识别',
    en: 'cannot be read',
    fix_zh: '请核对原表中的内容',
    fix_en: 'Check the cell in the original table.',
  },
  length: {
    zh: '位数不对',
    en: 'has the wrong number of characters',
    fix_zh:
      '请核对证照，补全或删去多余字符（统一社会信用代码18位，组织机构代码9位，注册号15位或13位，身份证号18位，排污许可证编号22位）',
    fix_en:
      'Compare it with the document: a credit code has 18 characters, an organisation code 9, a registration number 15 or 13, an ID number 18, a discharge permit number 22.',
  },
  alphabet: {
    zh: '含有该编号不使用的字符，或字母、数字的位置不对',
    en: 'has a character that such a number does not use, or has one in the wrong place',
    fix_zh: '请核对证照；统一社会信用代码不使用字母 I、O、S、V、Z',
    fix_en: 'Compare it with the document; credit codes never use the letters I, O, S, V and Z.',
  },
  check_digit: {
    zh: '校验码不符，至少有一位写错',
    en: 'fails its check digit: at least one character is wrong',
    fix_zh: '请对照证照逐位核对',
    fix_en: 'Compare it with the document, character by character.',
  },
  scientific: {
    zh: '被表格软件改成了科学计数法，原数字已丢失',
    en: 'was turned into scientific notation by a spreadsheet; the digits are lost',
    fix_zh: '请将该列设为“文本”格式后重新导出，不能由本系统还原',
    fix_en: 'Export the column again with its format set to text; the number cannot be restored from this.',
  },
  not_a_cas: {
    zh: '不是 CAS 号的形式',
    en: 'is not of the form of a CAS number',
    fix_zh: '应形如 64-17-5；被改成日期的须重新导出',
    fix_en: 'It should look like 64-17-5; export it again if a spreadsheet made it a date.',
  },
  not_an_industry: {
    zh: '不是国民经济行业分类（GB/T 4754）代码',
    en: 'is not a code of GB/T 4754 (industrial classification)',
    fix_zh: '应填二至四位代码，如 C2614 或 2614',
    fix_en: 'Give two to four digits, with or without the letter: C2614 or 2614.',
  },
  industry_section_only: {
    zh: '只有行业门类字母，没有大类代码',
    en: 'has only the letter of the section, not the division',
    fix_zh: '请补充至少两位大类代码，如 C26',
    fix_en: 'Add at least the two digits of the division, as in C26.',
  },
  industry_letter: {
    zh: '门类字母与大类代码不对应',
    en: 'has a section letter that does not belong to its division',
    fix_zh: '请按 GB/T 4754-2017 核对，如化学原料和化学制品制造业为 C26',
    fix_en: 'Check it against GB/T 4754-2017; division 26, for example, belongs to section C.',
  },
  not_a_division: {
    zh: '不是行政区划代码（GB/T 2260）',
    en: 'is not a division code of GB/T 2260',
    fix_zh: '应填六位代码，如 320500',
    fix_en: 'Give the six digits, such as 320500.',
  },
  not_a_person: {
    zh: '不是人名',
    en: 'is not a person’s name',
    fix_zh: '请核对是否错列',
    fix_en: 'Check whether the columns have shifted.',
  },
  not_a_phone: {
    zh: '不是电话号码',
    en: 'is not a telephone number',
    fix_zh: '手机号应为11位，固定电话应带区号',
    fix_en: 'A mobile number has 11 digits; give the area code with a landline.',
  },
  not_an_email: {
    zh: '不是电子邮箱',
    en: 'is not an e-mail address',
    fix_zh: '请核对邮箱地址',
    fix_en: 'Check the address.',
  },
  several_values: {
    zh: '一格内填了多个值',
    en: 'has several values in one cell',
    fix_zh: '请只填一个，或在数据契约中将该字段定义为列表',
    fix_en: 'Give one only, or make the field a list in its contract.',
  },
  not_a_date: {
    zh: '不是日期',
    en: 'is not a date',
    fix_zh: '请填 2024-01-05 的形式',
    fix_en: 'Write it like 2024-01-05.',
  },
  not_a_month: {
    zh: '不是月份',
    en: 'is not a month',
    fix_zh: '请填 2024-01 的形式',
    fix_en: 'Write it like 2024-01.',
  },
  no_such_day: {
    zh: '日历上没有这一天',
    en: 'names a day that does not exist',
    fix_zh: '请核对月、日',
    fix_en: 'Check the month and the day.',
  },
  month_only: {
    zh: '只有年月，没有日',
    en: 'has a year and a month but no day',
    fix_zh: '请补充到日；到期日不能推定',
    fix_en: 'Add the day; an expiry day cannot be assumed.',
  },
  year_only: {
    zh: '只有年份',
    en: 'has only a year',
    fix_zh: '请补充月、日',
    fix_en: 'Add the month and the day.',
  },
  two_digit_year: {
    zh: '年份只有两位，年月日次序不能确定',
    en: 'has a year of two digits, so its order cannot be told',
    fix_zh: '请用四位年份，如 2024-01-05',
    fix_en: 'Write the year with four digits, as in 2024-01-05.',
  },
  day_first: {
    zh: '年份在后，日与月的先后不能确定',
    en: 'has its year last, so day and month cannot be told apart',
    fix_zh: '请按年-月-日填写',
    fix_en: 'Write year, month, day.',
  },
  placeholder_date: {
    zh: '是系统默认的占位日期，不是真实日期',
    en: 'is a placeholder that a system put in, not a date',
    fix_zh: '请填实际日期，没有则留空',
    fix_en: 'Give the real date, or leave it blank.',
  },
  serial_out_of_range: {
    zh: '像表格软件的日期序号，但不在1950至2099年之间',
    en: 'looks like a spreadsheet’s day number but is not between 1950 and 2099',
    fix_zh: '请核对是否错列',
    fix_en: 'Check whether the columns have shifted.',
  },
  time_zone: {
    zh: '带有非北京时间的时区',
    en: 'carries a time zone other than UTC or China’s',
    fix_zh: '请用北京时间导出',
    fix_en: 'Export it in China standard time.',
  },
  not_a_range: {
    zh: '应为起止两个日期，只找到一个',
    en: 'should hold a first and a last day but holds only one',
    fix_zh: '请填 2023-08-01至2028-07-31 的形式',
    fix_en: 'Write it like 2023-08-01至2028-07-31.',
  },
  not_a_number: {
    zh: '不是数字',
    en: 'is not a number',
    fix_zh: '请只填数字，单位写在表头',
    fix_en: 'Give the number alone, with its unit in the header.',
  },
  not_whole: {
    zh: '不是整数',
    en: 'is not a whole number',
    fix_zh: '请填整数',
    fix_en: 'Give a whole number.',
  },
  approximate: {
    zh: '是约数或范围，不是确定的数值',
    en: 'is an estimate or a range, not a number',
    fix_zh: '请填确定的数值',
    fix_en: 'Give the exact number.',
  },
  too_large: {
    zh: '数值过大',
    en: 'is too large',
    fix_zh: '请核对单位是否写错',
    fix_en: 'Check its unit.',
  },
  unknown_unit: {
    zh: '带有不认识的单位，或与该列单位不一致',
    en: 'has a unit that is not known or is not the column’s',
    fix_zh: '请换算为该列的单位',
    fix_en: 'Convert it to the column’s unit.',
  },
  currency: {
    zh: '是外币金额，不能按人民币比对',
    en: 'is in a foreign currency',
    fix_zh: '请折算为人民币',
    fix_en: 'Convert it to yuan.',
  },
  not_a_bool: {
    zh: '应为“是”或“否”',
    en: 'should be yes or no',
    fix_zh: '请填“是”或“否”',
    fix_en: 'Give 是 or 否.',
  },
  unknown_code: {
    zh: '不在代码表内',
    en: 'is not in the code list',
    fix_zh: '请按代码表填写；确有新值的，请在数据契约的代码表中补充',
    fix_en: 'Use a value of the list; if it is a new one, add it to the contract’s code list.',
  },
});

export type Reason = keyof typeof reasons;
