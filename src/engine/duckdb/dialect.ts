import type { Dialect, Sql, SqlType } from '../dialect.js';
import { codeSum } from './code-sum.js';
import { digitChain } from './digit-chain.js';
import { placeSum } from './place-sum.js';

const TYPES: Record<SqlType, string> = {
  text: 'VARCHAR',
  bool: 'BOOLEAN',
  tiny: 'UTINYINT',
  int: 'BIGINT',
  decimal: 'DECIMAL(18,4)',
  double: 'DOUBLE',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  'text[]': 'VARCHAR[]',
};

const quote = (value: string): Sql => `'${value.replaceAll("'", "''")}'`;

/** A column or a lambda's parameter: repeating it costs nothing. */
const NAME = /^(?:[A-Za-z_][A-Za-z0-9_]*|"(?:[^"]|"")*")(?:\.(?:[A-Za-z_][A-Za-z0-9_]*|"(?:[^"]|"")*"))*$/;
/** Means itself in a pattern. */
const PLAIN_CHARACTER = /^[^\\^$.|?*+()[\]{}]$/u;

/** A day worked out from days written out, which the engine does while it plans: repeating that costs nothing either. */
const CONSTANT =
  /^(?:[\s\d()+*%,-]|DATE '[\d-]*'|'(?:year|month|day)'|\b(?:CAST|AS|DATE|INTEGER|date_diff|date_trunc|to_months)\b)*$/;

/** How many `let`s we are inside of: names each one's parameter, so that the same call always gives the same text. */
let depth = 0;

const structPack = (fields: Record<string, Sql>): Sql =>
  `struct_pack(${Object.entries(fields)
    .map(([name, x]) => `"${name}" := ${x}`)
    .join(', ')})`;

type Let = Dialect['let'];

/** DuckDB has no LET: a lambda over a list of one is evaluated once per row, vectorised. */
const byLambda: Let = (x, fn) => {
  depth += 1;
  try {
    const name = `let_${depth}`;
    return `list_extract(list_transform([${x}], lambda ${name}: ${fn(name)}), 1)`;
  } finally {
    depth -= 1;
  }
};

/** `let`, and what is built from it. */
function lettingBy(worthwhile: Let): Pick<Dialect, 'let' | 'codeSum' | 'digitChain' | 'placeSum'> {
  const let_: Let = (x, fn) => (NAME.test(x) || CONSTANT.test(x) ? fn(x) : worthwhile(x, fn));
  return {
    let: let_,
    codeSum: (x, places, modulus) => let_(x, (y) => codeSum(y, places, modulus, let_)),
    digitChain: (x, count, start, next) => let_(x, (y) => digitChain(y, count, start, next, let_)),
    placeSum: (x, last) => placeSum(x, last, let_),
  };
}

/** How DuckDB says it. */
export const duckdb: Dialect = {
  name: 'duckdb',

  ...lettingBy(byLambda),
  letting: (let_) => ({ ...duckdb, ...lettingBy(let_) }),

  // A correlated subquery without a table becomes a join with the distinct values of `x`: each is worked out once.
  inSteps: (x, as, steps, result) => {
    const from = steps.reduce(
      (relation, step, i) =>
        `(SELECT *, ${Object.entries(step)
          .map(([name, sql]) => `${sql} AS "${name}"`)
          .join(', ')} FROM ${relation}) AS step_${i}`,
      `(SELECT ${x} AS "${as}") AS step_x`,
    );
    return `(SELECT ${result} FROM ${from})`;
  },

  ident: (name) => `"${name.replaceAll('"', '""')}"`,
  text: quote,
  date: (iso) => `DATE ${quote(iso)}`,
  textList: (values) => `CAST([${values.map(quote).join(', ')}] AS VARCHAR[])`,
  typeName: (type) => TYPES[type],

  cast: (x, type) => `CAST(${x} AS ${TYPES[type]})`,
  tryCast: (x, type) => `TRY_CAST(${x} AS ${TYPES[type]})`,

  concat: (...parts) => `concat(${parts.join(', ')})`,
  length: (x) => `length(${x})`,
  substr: (x, from, length) => `substr(${x}, ${from}${length === undefined ? '' : `, ${length}`})`,
  trim: (x) => `trim(${x})`,
  upper: (x) => `upper(${x})`,
  lower: (x) => `lower(${x})`,
  replace: (x, from, to) => `replace(${x}, ${quote(from)}, ${quote(to)})`,
  replaceText: (x, from, to) => `replace(${x}, ${from}, ${to})`,
  translate: (x, from, to) => `translate(${x}, ${quote(from)}, ${quote(to)})`,
  contains: (x, needle) => `contains(${x}, ${needle})`,
  startsWith: (x, prefix) => `starts_with(${x}, ${prefix})`,
  endsWith: (x, suffix) => `ends_with(${x}, ${suffix})`,
  padLeft: (x, width, fill) => `lpad(${x}, ${width}, ${quote(fill)})`,
  matches: (x, regex) => `regexp_matches(${x}, ${quote(regex)})`,
  regexReplace: (x, regex, replacement) => `regexp_replace(${x}, ${quote(regex)}, ${quote(replacement)}, 'g')`,
  regexExtract: (x, regex, group = 0) => `nullif(regexp_extract(${x}, ${quote(regex)}, ${group}), '')`,
  // A pattern is several times dearer than a character.
  split: (x, regex) =>
    PLAIN_CHARACTER.test(regex)
      ? `string_split(${x}, ${quote(regex)})`
      : `regexp_split_to_array(${x}, ${quote(regex)})`,
  regexGroups: (x, regex, names) => `regexp_extract(${x}, ${quote(regex)}, [${names.map(quote).join(', ')}])`,
  lookup: (x, pairs) =>
    pairs.size === 0
      ? 'CAST(NULL AS VARCHAR)'
      : `list_extract([${[...pairs.values()].map(quote).join(', ')}], list_position([${[...pairs.keys()].map(quote).join(', ')}], ${x}))`,

  list: (...items) => `CAST([${items.join(', ')}] AS VARCHAR[])`,
  listItem: (list, index) => `list_extract(${list}, ${index})`,
  listContains: (list, item) => `list_contains(${list}, ${item})`,
  listLength: (list) => `len(${list})`,
  listContainsAll: (list, items) => `list_has_all(${list}, ${items})`,
  listOverlaps: (a, b) => `list_has_any(${a}, ${b})`,
  listMap: (list, fn) => `list_filter(list_transform(${list}, lambda x: ${fn('x')}), lambda y: y IS NOT NULL)`,
  listJoin: (list, separator) => `array_to_string(${list}, ${quote(separator)})`,

  addDays: (d, days) => `(${d} + CAST(${days} AS INTEGER))`,
  addMonths: (d, months) => `CAST(${d} + to_months(CAST(${months} AS INTEGER)) AS DATE)`,
  daysBetween: (from, to) => `(${to} - ${from})`,
  makeDate: (y, m, d) =>
    `TRY_CAST(concat(lpad(${y}, 4, '0'), '-', lpad(${m}, 2, '0'), '-', lpad(${d}, 2, '0')) AS DATE)`,
  hoursBetween: (from, to) => `(CAST(date_diff('second', ${from}, ${to}) AS DOUBLE) / 3600)`,
  isWeekday: (d) => `(isodow(${d}) <= 5)`,
  dateSeries: (first, last) => `SELECT CAST(unnest(generate_series(${first}, ${last}, INTERVAL 1 DAY)) AS DATE) AS day`,
  // Not year(), month() and day(): each of them, wherever it stands, first lays out a calendar of eighty years for itself,
  // which costs more than the days of a small table.
  year: (d) => `(date_diff('year', DATE '0001-01-01', ${d}) + 1)`,
  month: (d) => `(date_diff('month', DATE '0001-01-01', ${d}) % 12 + 1)`,
  dayOfMonth: (d) => `(date_diff('day', date_trunc('month', ${d}), ${d}) + 1)`,
  addSeconds: (t, seconds) => `(${t} + to_microseconds(CAST(round(CAST(${seconds} AS DOUBLE) * 1000000) AS BIGINT)))`,
  formatDate: (d) => `CAST(CAST(${d} AS DATE) AS VARCHAR)`,

  abs: (x) => `abs(${x})`,
  least: (...xs) => `least(${xs.join(', ')})`,
  greatest: (...xs) => `greatest(${xs.join(', ')})`,
  round: (x, digits) => `round(${x}, ${digits})`,
  divide: (a, b) => `(CAST(${a} AS DOUBLE) / nullif(CAST(${b} AS DOUBLE), 0))`,
  formatNumber: (x) => `regexp_replace(format('{:,.4f}', CAST(${x} AS DOUBLE)), '\\.?0+$', '')`,

  bitsUp: (x, places) => `(${x} << ${places})`,
  bitsDown: (x, places) => `(${x} >> ${places})`,
  bitsOfBoth: (a, b) => `(${a} & ${b})`,
  bitsOfAny: (...xs) => `(${xs.join(' | ')})`,
  bitsOfAnyRow: (x) => `bit_or(${x})`,
  pairsOfBits: (x, digits) => `reverse(to_base(${x}, 4, ${digits}))`,

  struct: structPack,
  json: (struct) => `CAST(to_json(${struct}) AS VARCHAR)`,
  anyList: (...items) => `[${items.join(', ')}]`,
  structList: (items) => `[${items.map(structPack).join(', ')}]`,
  mapOf: (key, struct) => `map_from_entries(list(${structPack({ k: key, v: struct })}))`,
  inMap: (map, key) => `${map}[${key}]`,
  unnest: (list) => `unnest(${list})`,
  positions: (list) => `unnest(range(1, len(${list}) + 1))`,
  unionByName: (selects) => selects.join(' UNION ALL BY NAME '),
  field: (struct, name) => `struct_extract(${struct}, ${quote(name)})`,

  countIf: (cond) => `count(*) FILTER (WHERE ${cond})`,
  anyTrue: (cond) => `bool_or(${cond})`,
  firstBy: (x, order) => `arg_min_null(${x}, ${order})`,
  lastBy: (x, order) => `arg_max_null(${x}, ${order})`,
  inOrder: (first, then) => `(CAST(${first} AS HUGEINT) * 100000000000000000 + ${then})`,
  inShortOrder: (first, then) => `(CAST(${first} AS BIGINT) * 1099511627776 + ${then})`,
  sum: (x) => `sum(CAST(${x} AS DECIMAL(28,8)))`,
  joinOrdered: (x, order, separator) => `string_agg(${x}, ${quote(separator)} ORDER BY ${order})`,
  collectAll: (x) => `list_sort(list(${x}) FILTER (WHERE ${x} IS NOT NULL))`,
  collect: (x) => `list_sort(list(DISTINCT ${x}) FILTER (WHERE ${x} IS NOT NULL))`,

  md5: (x) => `md5(${x})`,
  hash: (...xs) => `hash(${xs.join(', ')})`,
};
