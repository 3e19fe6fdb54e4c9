import type { Dialect, Sql } from '../engine/dialect.js';
import { isOneOf, NULL_WORDS, tidyRunning } from './tidy.js';

/**
 * 经营范围, a registered scope of business, asked whether it takes something in. What it expressly leaves out is cut
 * away first: "化工产品销售(不含危险化学品)" does not deal in hazardous chemicals.
 */
const BRACKETED = '\\([^()]*(?:不含|不包括|不包含|不涉及|不得|不从事|不经营|除外|严禁|禁止)[^()]*\\)|\\(除[^()]*\\)';
const CLAUSE =
  '(?:均|皆|以上|上述)*(?:不含|不包括|不包含|不涉及|不得|不从事|不经营|不储存|不生产|严禁|禁止|除)[^,;。()]*(?:外[,、]?)?';
const EXCEPTED = '[^,;。()]*除外';

/** The scope without its exclusions, half-width and without spaces. */
export const scopeWithoutExclusions = (scope: Sql, d: Dialect): Sql =>
  d.let(
    d.let(scope, (cell) => tidyRunning(cell, d)),
    (x) => {
      let y = d.regexReplace(x, BRACKETED, '');
      // Once more for brackets that held brackets.
      y = d.regexReplace(y, BRACKETED, '');
      y = d.regexReplace(d.regexReplace(y, EXCEPTED, ''), CLAUSE, '');
      return `CASE WHEN ${isOneOf(x, NULL_WORDS, d)} THEN NULL WHEN ${d.matches(x, '[不除严禁]')} THEN ${y} ELSE ${x} END`;
    },
  );

const WRITTEN_OUT = /^'/;

/** Does the text take in any of the words? 非危险化学品 does not take in 危险化学品. */
export function mentions(scope: Sql, words: readonly Sql[], d: Dialect): Sql {
  return d.let(scopeWithoutExclusions(scope, d), (x) => {
    // Most texts do not have the word at all, and are asked no more.
    const any = words.map((w, i) => {
      const alone = d.contains(d.replaceText(x, d.concat(d.text('非'), w), d.text('')), w);
      // A word that is read from a row often stands in for one that is missing there: it has been asked for already.
      const again = i > 0 && !WRITTEN_OUT.test(w) ? `WHEN ${w} = ${words[0]} THEN FALSE ` : '';
      return `CASE ${again}WHEN NOT ${d.contains(x, w)} THEN FALSE ELSE ${alone} END`;
    });
    return `(${any.join(' OR ')})`;
  });
}
