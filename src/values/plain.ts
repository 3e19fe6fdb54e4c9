import type { Dialect, Sql } from '../engine/dialect.js';
import { OPEN_ENDED } from './dates.js';
import { TRADITIONAL } from './han.js';
import { CAS_SHAPE } from './identifiers/cas.js';
import { DIVISION_SHAPE } from './identifiers/division.js';
import { validIdNo } from './identifiers/id-no.js';
import { INDUSTRY_SHAPE } from './identifiers/industry.js';
import { validOrgCode } from './identifiers/org-code.js';
import { PERMIT_NO_SHAPE } from './identifiers/permit-no.js';
import { OLD_REG_NO_SHAPE, validRegNo } from './identifiers/reg-no.js';
import { validUscc } from './identifiers/uscc.js';
import { isPlainNumber } from './numbers.js';
import { NULL_WORDS, tidyCode } from './tidy.js';
import { MONEY_UNITS } from './types/money.js';
import { MASS_UNITS } from './types/quantity.js';
import type { ValueOptions } from './value-type.js';

/**
 * Most cells are written in the one way that needs no thought: 2024-01-05, 1234.5, a credit code that holds. Whether a
 * cell is, one short expression tells, and another reads it. What they read is exactly what the type's long way
 * (`prepare`, `value`, `derived`) would make of the cell; where that is not certain, the cell is not plain. Tests hold
 * the two against each other. A plain cell always has a value.
 */
export interface PlainReading {
  /** Of a cell that is not NULL: whether it is written the plain way. NULL counts as no. May be read by `lifted`. */
  test(raw: Sql, d: Dialect): Sql;
  /** Its value; NULL of NULL; of another cell anything, but never an error. */
  value(raw: Sql, d: Dialect): Sql;
  /** Columns derived from the value, where they are as easily had. */
  derived?: Readonly<Record<string, (raw: Sql, d: Dialect) => Sql>>;
}

/** Undefined for kinds of which no cell is simple enough (addresses), or for options that make every cell a riddle. */
export function plainReading(type: string, o: ValueOptions): PlainReading | undefined {
  return READINGS[type]?.(o);
}

const asItStands = (raw: Sql): Sql => raw;

/** Characters that no type's tidying touches, whatever it does to width, dashes, brackets and points. */
const SAFE = '\\x{4E00}-\\x{9FFF}0-9A-Z';
/** Free text may also have these. */
const PUNCTUATION = '（），。：、；《》！？“”·…—;:,./%+#&@!?"()\\[\\]_*~<>℃〔〕【】×\\-';
const escaped = (word: string): string => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
const NOTHING = `^(?:${NULL_WORDS.map(escaped).join('|')})$`;

/** One search tells all: a character that is not safe, a space that is not between two words, a word for "nothing". */
const without = (allowed: string, ...odd: string[]): PlainReading => {
  const unlike = [`[^${allowed}]`, '  |^ | $', NOTHING, ...odd].join('|');
  return { test: (x, d) => `NOT ${d.matches(x, unlike)}`, value: asItStands };
};

const shaped = (pattern: string): PlainReading => ({ test: (x, d) => d.matches(x, pattern), value: asItStands });
const checked = (valid: (x: Sql, d: Dialect) => Sql): PlainReading => ({ test: valid, value: asItStands });

const DAY = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const FROM_LENGTH = 10;

/** A day that is neither a placeholder nor beyond what anybody lives to see. */
const isDay = (day: Sql, d: Dialect): Sql =>
  `(${day} > ${d.date('1900-01-01')} AND ${day} < ${d.date('2900-01-01')} OR ${day} = ${d.date(OPEN_ENDED)})`;

function date({ part }: ValueOptions): PlainReading {
  const pattern = part ? `^${DAY}至${DAY}$` : `^${DAY}$`;
  const text = (x: Sql, d: Dialect) =>
    part === undefined ? x : part === 'from' ? d.substr(x, 1, FROM_LENGTH) : d.substr(x, FROM_LENGTH + 2);
  const value = (x: Sql, d: Dialect) => d.tryCast(text(x, d), 'date');
  return { test: (x, d) => `CASE WHEN ${d.matches(x, pattern)} THEN ${isDay(value(x, d), d)} END`, value };
}

const month: PlainReading = {
  test: (x, d) => d.matches(x, '^[12][0-9]{3}-(?:0[1-9]|1[0-2])$'),
  value: (x, d) => d.tryCast(d.concat(x, d.text('-01')), 'date'),
};

const timestamp: PlainReading = {
  test: (x, d) =>
    `CASE WHEN ${d.matches(x, `^[12][0-9]{3}${DAY.slice('[0-9]{4}'.length)} [0-9]{2}:[0-9]{2}:[0-9]{2}$`)} THEN ${d.tryCast(x, 'timestamp')} IS NOT NULL END`,
  value: (x, d) => d.tryCast(x, 'timestamp'),
};

/** An exact number times a power of ten. */
function number(power: number, finish: (x: Sql, d: Dialect) => Sql = asItStands): PlainReading {
  const exact = (x: Sql, d: Dialect) => d.tryCast(power === 0 ? x : d.concat(x, d.text(`E${power}`)), 'decimal');
  return {
    test: (x, d) => `CASE WHEN ${isPlainNumber(x, d)} THEN ${exact(x, d)} IS NOT NULL END`,
    value: (x, d) => finish(exact(x, d), d),
  };
}

/** Words of the list that nothing would be tidied in. */
function code({ codes }: ValueOptions): PlainReading | undefined {
  if (!codes) return undefined;
  const tidied = new Map([...codes].map(([word, id]) => [tidyCode(word), id]));
  const words = new Map(
    [...codes.keys()].filter((w) => /^[\u4e00-\u9fff0-9a-z_]+$/.test(w)).map((w) => [w, tidied.get(tidyCode(w))!]),
  );
  if (words.size === 0) return undefined;
  return { test: (x, d) => `${d.lookup(x, words)} IS NOT NULL`, value: (x, d) => d.lookup(x, words) };
}

const YES = ['是', '有', 'Y', '1'];
const NO = ['否', '无', 'N', '0'];
const bool: PlainReading = {
  test: (x, d) => d.matches(x, `^(?:${[...YES, ...NO].join('|')})$`),
  value: (x, d) => d.matches(x, `^(?:${YES.join('|')})$`),
};

const massPower = (unit: string | undefined): number => MASS_UNITS[unit?.toLowerCase() ?? ''] ?? 0;

const READINGS: Readonly<Record<string, (o: ValueOptions) => PlainReading | undefined>> = {
  text: () => without(`${SAFE}a-z${PUNCTUATION} `, `^['=]`),
  // Compared by its key, which for such a name is the name itself.
  name: () => ({ ...without(SAFE, `[${TRADITIONAL}]`), derived: { key: asItStands } }),
  person: () => without(`${SAFE}a-z`, '^[0-9]'),
  phone: () => shaped('^(?:1[3-9][0-9]{9}|0[0-9]{2,3}-[2-9][0-9]{6,7})$'),
  email: () => shaped('^[a-z0-9._-]+@[a-z0-9-]+(?:[.][a-z0-9-]+)+$'),
  id_no: () => checked(validIdNo),
  uscc: () => checked(validUscc),
  org_code: () => checked(validOrgCode),
  reg_no: () => checked((x, d) => `CASE WHEN ${d.matches(x, OLD_REG_NO_SHAPE)} THEN TRUE ELSE ${validRegNo(x, d)} END`),
  permit_no: () => shaped(PERMIT_NO_SHAPE),
  licence_no: () => without(`${SAFE}()-`, '^-?[0-9](?:\\.[0-9]+)?E'),
  cas: () => shaped(CAS_SHAPE),
  industry: () => ({
    test: (x, d) => `(${d.matches(x, INDUSTRY_SHAPE)} AND ${d.matches(x, '^[A-Z]?[0-9]{2,4}$')})`,
    value: (x, d) => d.regexExtract(x, '^[A-T]?([0-9]{2,4})', 1),
  }),
  division: () => ({ test: (x, d) => d.matches(x, DIVISION_SHAPE), value: (x, d) => d.substr(x, 1, 6) }),
  date,
  month: () => month,
  timestamp: () => timestamp,
  int: () => ({ test: (x, d) => d.matches(x, '^-?[0-9]{1,18}$'), value: (x, d) => d.tryCast(x, 'int') }),
  money: (o) => number(MONEY_UNITS[o.unit ?? '元'] ?? 0),
  quantity: (o) => number(massPower(o.unit)),
  percent: (o) => number(o.unit === '%' ? 0 : 2, (x, d) => d.divide(x, '100')),
  bool: () => bool,
  code,
  list: () => {
    const single = without(`${SAFE}a-z（）。：《》()_/%.\\-`, `^['=]`);
    return { test: single.test, value: (x, d) => `CASE WHEN ${x} IS NOT NULL THEN ${d.list(x)} END` };
  },
};
