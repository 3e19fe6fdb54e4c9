import type { Dialect, Sql } from '../../engine/dialect.js';
import { SIMPLIFIED, TRADITIONAL } from '../han.js';
import { only, type Step } from '../stages.js';
import { tidySteps, unifyDashes } from '../tidy.js';

/**
 * The first half of reading an address: one notation for what can be written in several. Afterwards there are only
 * Chinese characters, capital letters, digits, '-' (to, and part of a number), ',' (and), '#' and round brackets.
 */

const HAN = '[一二三四五六七八九十百〇零○]';
/** What a number can be followed by and still be a number: 二幢, 十二层; but not 五号桥, 三元坊, 八达街. */
const SLOT = '号楼|号院|号厂房|号车间|号库|号仓库|号房|号|幢|栋|座|单元|层|楼|室|组|F';
const HAN_SLOT = `${HAN}(?:${SLOT})`;
/** 三至五层: the first of two numbers counts as well. */
const HAN_RANGE = `[-至到,][0-9]+(?:层|楼|室|号|幢|栋)`;
/** ROOM 301, NO.328, 第3幢. */
const MARK = '(?:ROOM|RM|NO)\\.?([0-9])|第([0-9]+(?:号楼|幢|栋|座|单元|层|楼))';
/** 八号桥 is the name of a place, 一号线 that of a railway. */
const NAMED_NUMBER = '号(?:桥|线|路|街|大街|公路|公馆|公社|公园|广场|码头|工地|渠|港|坝|村|湾|井)';
/** Roads that are numbered: 6号大街, 312国道, 中山3路. */
const NUMBERED_ROAD =
  '(?:号?大街|国道|省道|县道|乡道|号路(?:[0-9]|$)|号街(?:[0-9]|$)|横?路(?:[0-9]|$)|横?街(?:[0-9]|$))';
const FREE_TRADE_ZONE = '(?:自由贸易试验区|自贸试验区|自贸区)';

const GUARD = [
  `[^\\x{4E00}-\\x{9FFF}0-9A-Z#-]`,
  `[${TRADITIONAL}]`,
  HAN_SLOT,
  `之${HAN}`,
  `[0-9]${NUMBERED_ROAD}`,
  FREE_TRADE_ZONE,
  '自编|门牌|室?[至到][0-9A-Z]|ROOM|RM|NO|第',
].join('|');

/** 十四街 for 14街: names keep Chinese numerals, so numbered roads get them. */
function numberedRoads(x: Sql, d: Dialect): Sql {
  const road = `(${NUMBERED_ROAD})`;
  let y = d.regexReplace(x, `(^|[^0-9])10${road}`, '\\1十\\2');
  y = d.regexReplace(y, `(^|[^0-9])1([1-9])${road}`, '\\1十\\2\\3');
  y = d.regexReplace(y, `(^|[^0-9])([2-9])0${road}`, '\\1\\2十\\3');
  y = d.regexReplace(y, `(^|[^0-9])([2-9])([1-9])${road}`, '\\1\\2十\\3\\4');
  for (let pass = 0; pass < 3; pass++) {
    for (const [digit, han] of [...'〇一二三四五六七八九'].entries()) {
      y = d.regexReplace(y, `${digit}([十一二三四五六七八九〇]*)${road}`, `${han}\\1\\2`);
    }
  }
  return y;
}

/** Chinese numerals as digits, but only where they count something. */
function hanSlots(x: Sql, d: Dialect): Sql {
  // Kept out of the way: numbers that are names.
  let y = d.regexReplace(x, `(${HAN})${NAMED_NUMBER.replace('(?:', '(')}`, '\\1\uE001\\2');
  y = d.regexReplace(y, `之(${HAN})`, '之\\1\uE002');
  const slot = `(${SLOT}|\uE002|${HAN_RANGE})`;
  y = d.regexReplace(
    y,
    `([一二三四五六七八九])百([一二三四五六七八九])十([一二三四五六七八九])${slot}`,
    '\\1\\2\\3\\4',
  );
  y = d.regexReplace(y, `([一二三四五六七八九])百([一二三四五六七八九])十${slot}`, '\\1\\2〇\\3');
  y = d.regexReplace(y, `([一二三四五六七八九])百[零〇]([一二三四五六七八九])${slot}`, '\\1〇\\2\\3');
  y = d.regexReplace(y, `([一二三四五六七八九])百${slot}`, '\\1〇〇\\2');
  y = d.regexReplace(y, `([一二三四五六七八九])十([一二三四五六七八九])${slot}`, '\\1\\2\\3');
  y = d.regexReplace(y, `([一二三四五六七八九])十${slot}`, '\\1〇\\2');
  y = d.regexReplace(y, `十([一二三四五六七八九])${slot}`, '一\\1\\2');
  y = d.regexReplace(y, `十${slot}`, '一〇\\1');
  for (let pass = 0; pass < 4; pass++) {
    for (const [digit, han] of ['[〇零○]', ...'一二三四五六七八九'].entries()) {
      y = d.regexReplace(y, `${han}([0-9]*)${slot}`, `${digit}\\1\\2`);
    }
  }
  return d.replace(d.replace(y, '\uE001', '号'), '\uE002', ',');
}

/** Brackets that hold a part of the address itself are opened; what is left in brackets is a remark. */
function openBrackets(x: Sql, d: Dialect): Sql {
  const part =
    '(?:自编)?[0-9A-Z#-]+(?:号楼|幢|栋|座|单元|层|楼|室|#楼?|房)(?:[0-9A-Z-]+(?:单元|层|楼|室|房)?)*|[^()0-9]{1,6}(?:街道|镇|乡|社区|路|大道)';
  return d.regexReplace(x, `\\((${part})\\)`, '\\1');
}

const ODD = '[^\\x{4E00}-\\x{9FFF}0-9A-Z#()（）-]';
const halfBrackets = (x: Sql, d: Dialect): Sql => d.replace(d.replace(x, '（', '('), '）', ')');
function tidied(x: Sql, d: Dialect): Sql {
  const half = tidySteps(x, d, { width: 'all', spaces: 'none', upper: true });
  const dashed = d.translate(unifyDashes(half, d), '~〔〕【】「」[]、;。:·•"“”\'`', '-()()()(),,,');
  return d.regexReplace(dashed, '^,+|,+$', '');
}

/**
 * One notation, in steps: `dirty` (the short way out for most addresses), then one kind of notation after another, to
 * `full`. Brackets are still there.
 */
export function canonicalSteps(d: Dialect): Step[] {
  /** A step of the long way: done where its pattern is found, and not even looked for in clean text. */
  const step =
    (to: string, from: string, pattern: string, then: (y: Sql) => Sql): Step =>
    (c) => ({
      [to]: `CASE WHEN ${only(c('dirty'), d.matches(c(from), pattern))} THEN ${then(c(from))} ELSE ${c(from)} END`,
    });
  return [
    (c) => ({ dirty: d.matches(c('x'), GUARD) }),
    // Round brackets are by far the commonest thing to put right, and cheap to put right alone.
    (c) => ({
      tidied: `CASE WHEN ${c('dirty')} THEN CASE WHEN ${d.matches(c('x'), ODD)} THEN ${tidied(c('x'), d)} ELSE ${halfBrackets(c('x'), d)} END ELSE ${c('x')} END`,
    }),
    step('simple', 'tidied', `[${TRADITIONAL}]`, (y) => d.translate(y, TRADITIONAL, SIMPLIFIED)),
    step('zoned', 'simple', FREE_TRADE_ZONE, (y) =>
      d.regexReplace(y, `(?:中国)?\\(?[^()0-9]{0,4}?\\)?${FREE_TRADE_ZONE}(?:[^()0-9区]{2,6}片区)?`, ''),
    ),
    step('opened', 'zoned', '\\(', (y) => openBrackets(y, d)),
    step('counted', 'opened', `${HAN_SLOT}|之${HAN}`, (y) => hanSlots(y, d)),
    step('marked', 'counted', '自编|门牌|[至到][0-9A-Z]|ROOM|RM|NO|第', (y) => {
      const plain = d.regexReplace(d.regexReplace(y, '自编号?|门牌号?', ''), MARK, '\\1\\2');
      return d.regexReplace(plain, '([0-9](?:室|层|楼|号|幢|栋)?)[至到]([0-9A-Z])', '\\1-\\2');
    }),
    step('full', 'marked', `[0-9]${NUMBERED_ROAD}`, (y) => numberedRoads(y, d)),
  ];
}
