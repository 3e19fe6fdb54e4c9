/** A piece of SQL. Built only from a dialect's words, standard operators (AND, OR, NOT, CASE, COALESCE, =, <) and other pieces. */
export type Sql = string;

/** Column types, named without any engine. */
export type SqlType =
  | 'text'
  | 'bool'
  | 'tiny' // 0 to 255
  | 'int' // 64-bit
  | 'decimal' // exact, 18 digits, 4 after the point: money in yuan, tonnes, concentrations
  | 'double' // ratios of one row; never summed (sums of doubles depend on the order of threads)
  | 'date'
  | 'timestamp'
  | 'text[]';

/** One place of a code: a character's value is where it stands in `alphabet` (ASCII, from 0 on), and is multiplied by `weight`. */
export interface CodePlace {
  readonly alphabet: string;
  readonly weight: number;
}

/**
 * How one engine says each thing. Everything that differs between engines is a method here; nothing outside
 * `src/engine/<name>/` may contain text that only that engine understands.
 *
 * Text functions count characters (code points), never bytes. Regular expressions are the RE2 subset: no look-around
 * and no back-references, so that every distributed engine can run them. NULL in, NULL out, unless said otherwise.
 */
export interface Dialect {
  readonly name: string;

  /**
   * Names an expression so that `fn` may repeat it while the engine computes it once. Where `x` is only a column's
   * name there is nothing to save and the engine may put it in as it is.
   */
  let(x: Sql, fn: (x: Sql) => Sql): Sql;

  /**
   * As `let`, for work of many steps: each step is a projection that names what it computes from what earlier ones named,
   * the first of them upon `x` under the name `as`. Unlike the body of a `let`, a projection is prepared once for all rows.
   */
  inSteps(x: Sql, as: string, steps: readonly Record<string, Sql>[], result: Sql): Sql;

  /**
   * The same dialect, of which all that needs a `let` uses this one, where there is anything to save. One that names columns of
   * projections has its values worked out for every row, whatever CASE they stand in, so what is named must be no error of any.
   */
  letting(let_: Dialect['let']): Dialect;

  // names and literals
  ident(name: string): Sql;
  text(value: string): Sql;
  date(iso: string): Sql;
  textList(values: readonly string[]): Sql;
  typeName(type: SqlType): Sql;

  // casts
  cast(x: Sql, type: SqlType): Sql;
  /** NULL where the text does not read as the type. */
  tryCast(x: Sql, type: SqlType): Sql;

  // text
  concat(...parts: Sql[]): Sql; // NULL parts count as ''
  length(x: Sql): Sql;
  /** From 1. */
  substr(x: Sql, from: number | Sql, length?: number | Sql): Sql;
  trim(x: Sql): Sql;
  upper(x: Sql): Sql;
  lower(x: Sql): Sql;
  replace(x: Sql, from: string, to: string): Sql;
  /** As `replace`, of text that is itself an expression. An empty `from` changes nothing. */
  replaceText(x: Sql, from: Sql, to: Sql): Sql;
  /** Each character of `from` becomes the one at the same place in `to`; those without a partner vanish. */
  translate(x: Sql, from: string, to: string): Sql;
  contains(x: Sql, needle: Sql): Sql;
  startsWith(x: Sql, prefix: Sql): Sql;
  endsWith(x: Sql, suffix: Sql): Sql;
  padLeft(x: Sql, width: number, fill: string): Sql;
  /** True where the pattern is found anywhere; anchor it for a full match. */
  matches(x: Sql, regex: string): Sql;
  /** All matches replaced; `\\1` names a group. */
  regexReplace(x: Sql, regex: string, replacement: string): Sql;
  /** The group's text of the first match; NULL where nothing matches. */
  regexExtract(x: Sql, regex: string, group?: number): Sql;
  split(x: Sql, regex: string): Sql;
  /** The groups of the first match, found in one pass, as a struct of text under these names; '' where a group is absent. */
  regexGroups(x: Sql, regex: string, names: readonly string[]): Sql;
  /** The value that stands beside `x` in `pairs`; NULL where it is not there. For short lists; long ones are tables. */
  lookup(x: Sql, pairs: ReadonlyMap<string, string>): Sql;
  /**
   * The weighted sum that check digits are made of, over a code of one place for each character: the value of each
   * character (see `CodePlace`) times the weight of its place. Or another number, not below zero, that leaves the same remainder
   * by the modulus, an odd one. NULL where the text has not exactly these places, or a character that its place does not
   * allow, so that no pattern need be tested beside it. Result is int.
   */
  codeSum(x: Sql, places: readonly CodePlace[], modulus: number): Sql;
  /**
   * Of a number of `count` digits (an odd count, 15 at most): the state after all of them but the last, read one after another from
   * the state `start`, plus the last. `next` has at the sum of state and digit the next state. NULL where the text is
   * not exactly so many digits, so that no pattern need be tested beside it. Result is int.
   */
  digitChain(x: Sql, count: number, start: number, next: readonly number[]): Sql;
  /** Of a text of digits only, ten at most: the sum of each digit times its place from the right, with the last digit times `last`. Result is int. */
  placeSum(x: Sql, last: number): Sql;

  // lists of text
  list(...items: Sql[]): Sql;
  /** From 1; NULL beyond the end. */
  listItem(list: Sql, index: number): Sql;
  listContains(list: Sql, item: Sql): Sql;
  listLength(list: Sql): Sql;
  listOverlaps(a: Sql, b: Sql): Sql;
  listContainsAll(list: Sql, items: Sql): Sql;
  /** Elements mapped by an expression over one of them, then NULLs left out. */
  listMap(list: Sql, fn: (item: Sql) => Sql): Sql;
  listJoin(list: Sql, separator: string): Sql;

  // dates; a date is a calendar day
  addDays(d: Sql, days: Sql): Sql;
  /** Calendar months, clamped to the end of the month: 31 May + 1 = 30 June. */
  addMonths(d: Sql, months: Sql): Sql;
  /** Days from `from` to `to`. */
  daysBetween(from: Sql, to: Sql): Sql;
  /** NULL where there is no such day (30 February). */
  makeDate(year: Sql, month: Sql, day: Sql): Sql;
  /** Hours from one time to another, as double. */
  hoursBetween(from: Sql, to: Sql): Sql;
  /** Monday to Friday. */
  isWeekday(d: Sql): Sql;
  /** SELECT of every `day` from the first to the last, both included. */
  dateSeries(first: Sql, last: Sql): Sql;
  year(d: Sql): Sql;
  month(d: Sql): Sql;
  dayOfMonth(d: Sql): Sql;
  /** A timestamp moved by (whole or broken) seconds. */
  addSeconds(t: Sql, seconds: Sql): Sql;
  formatDate(d: Sql): Sql; // YYYY-MM-DD

  // numbers
  abs(x: Sql): Sql;
  greatest(...xs: Sql[]): Sql;
  least(...xs: Sql[]): Sql;
  round(x: Sql, digits: number): Sql;
  /** Exact for integers and decimals; NULL for a zero divisor. Result is double. */
  divide(a: Sql, b: Sql): Sql;
  /** Text with thousands separators and no trailing zeros: 1,234.5 */
  formatNumber(x: Sql): Sql;

  // whole numbers of 64 bits, none below zero, as rows of bits
  bitsUp(x: Sql, places: number): Sql;
  bitsDown(x: Sql, places: number): Sql;
  bitsOfBoth(a: Sql, b: Sql): Sql;
  bitsOfAny(...xs: Sql[]): Sql;
  /** Aggregate: the bits of any row; NULL where no row has a number. */
  bitsOfAnyRow(x: Sql): Sql;
  /** Text: so many digits, a digit for every two bits, the lowest first. */
  pairsOfBits(x: Sql, digits: number): Sql;

  // structures
  struct(fields: Record<string, Sql>): Sql;
  field(struct: Sql, name: string): Sql;
  /** A structure as one line of JSON. */
  json(struct: Sql): Sql;
  /** A list of items of one type, whatever it is. */
  anyList(...items: Sql[]): Sql;
  /** A list of structures of one shape. */
  structList(items: Record<string, Sql>[]): Sql;
  /** Aggregate: a map from the keys of the rows, no two of them alike and none NULL, to structures; NULL of no rows. */
  mapOf(key: Sql, struct: Sql): Sql;
  /** The structure of a key; NULL where there is none. Every key is looked at, so this is for short maps. */
  inMap(map: Sql, key: Sql): Sql;
  /** In a SELECT list: one row for each item of a list, which is kept in order by `position` (from 1). */
  unnest(list: Sql): Sql;
  positions(list: Sql): Sql;
  /** The rows of several SELECTs. A column that one of them does not have is NULL in its rows. */
  unionByName(selects: readonly Sql[]): Sql;

  // aggregates, all independent of row order
  countIf(cond: Sql): Sql;
  anyTrue(cond: Sql): Sql;
  /** Aggregates: `x` of the row whose `order`, a value or a struct, is the least or the greatest, even if `x` is NULL there. NULLs in a struct are all one. */
  firstBy(x: Sql, order: Sql): Sql;
  lastBy(x: Sql, order: Sql): Sql;
  /** A number by which rows are ordered as by `first` (64 bits), and those of one `first` as by `then` (less than 10^17 either way). */
  inOrder(first: Sql, then: Sql): Sql;
  /** The same as a number of 64 bits, which is less work: `first` is at most 2^22 and `then` less than 2^40, either way. */
  inShortOrder(first: Sql, then: Sql): Sql;
  /** Exact: `x` is summed as decimal. */
  sum(x: Sql): Sql;
  /** Distinct texts, sorted, NULLs left out. */
  collect(x: Sql): Sql;
  /** The same of texts that are different in any case. */
  collectAll(x: Sql): Sql;
  /** Texts of a group joined in the order of another value. */
  joinOrdered(x: Sql, order: Sql, separator: string): Sql;

  // hashing, equal on every machine
  /** Hex MD5 of text: for stable identities, not for secrecy. */
  md5(x: Sql): Sql;
  /** A whole number of 64 bits: values that are equal, one by one, have the same, and others hardly ever. */
  hash(...xs: Sql[]): Sql;
}
