import type { Dialect, Sql } from '../engine/dialect.js';
import { simplified } from './han.js';
import { tidy } from './tidy.js';

/**
 * Names of enterprises, compared as their registration authority would: notation (width, brackets, spaces, points,
 * letter case, traditional characters) does not count, and every character that is left does. 有限公司 is not
 * 有限责任公司, and 苏州工业园区甲公司 is not 苏州甲公司.
 */
const POINTS = '·•・‧∙●.,，。、;；:：\'"“”‘’`\\-—–_';

export function nameKey(x: Sql, d: Dialect): Sql {
  const tidied = tidy(x, d, {
    width: 'all',
    spaces: 'none',
    upper: true,
    nulls: [''],
    more: {
      guard: `${POINTS}\\[\\]〔〕【】「」《》`,
      step: (y) => d.regexReplace(d.translate(y, '[]〔〕【】「」《》', '()()()()()'), `[${POINTS}]`, ''),
    },
  });
  return simplified(tidied, d);
}

/** Names by their keys. */
export const sameName = (a: Sql, b: Sql): Sql => `(${a} = ${b})`;

/** Is a name, by its key, among names as they were written? All of them get their keys at once: no name has a bar in it. */
export const isAmong = (key: Sql, names: Sql, d: Dialect): Sql =>
  d.contains(`'|' || ${nameKey(d.listJoin(names, '|'), d)} || '|'`, `'|' || ${key} || '|'`);

/**
 * Is `name` the present name or one of the former ones? Both as keys; the list as it was written. NULL without a name, or
 * without a present name to hold it against. Most are the present one, and nothing is looked for among the others.
 */
export const isNameOf = (name: Sql, current: Sql, former: Sql, d: Dialect): Sql =>
  `CASE WHEN ${name} = ${current} THEN TRUE WHEN ${current} IS NOT NULL AND ${name} IS NOT NULL THEN coalesce(${isAmong(name, former, d)}, FALSE) END`;

/** A branch is registered, has a credit code and may hold permits of its own: it is not its parent. */
export const isBranchName = (x: Sql, d: Dialect): Sql =>
  d.matches(
    x,
    '(?:分公司|分行|支行|分厂|分店|分社|分院|分所|分部|营业部|经营部|办事处|代表处|门市部|分支机构)(?:[（(][^（()）]*[)）])?$',
  );
