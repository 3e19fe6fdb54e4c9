import type { Dialect, Sql } from '../../engine/dialect.js';
import { hanNumberToArabic } from '../han-number.js';
import { type Columns, only, type Step } from '../stages.js';
import * as g from './grammar.js';

/**
 * What stands inside the door: a name, phase, building, unit, floor, rooms. Nine addresses in ten say it in one of a few
 * plain ways (号创意产业园1幢3层301室), and those are read with two small expressions; the whole grammar is for the others.
 */

const when = (cond: Sql, then: Sql, otherwise: Sql): Sql => `CASE WHEN ${cond} THEN ${then} ELSE ${otherwise} END`;
const EMPTY = "''";
const found = (x: Sql, pattern: string, d: Dialect, group?: number): Sql =>
  `coalesce(${d.regexExtract(x, pattern, group)}, ${EMPTY})`;
/** A few at a time: of more than four words an engine makes a table, to which it joins the rows. */
const oneOf = (x: Sql, words: readonly string[], d: Dialect): Sql =>
  words.length <= 4
    ? `${x} IN (${words.map((w) => d.text(w)).join(', ')})`
    : `(${oneOf(x, words.slice(0, 4), d)} OR ${oneOf(x, words.slice(4), d)})`;

/**
 * Both written so that the next byte decides, see FIRST_NUMBER; and in two, because of more than four groups RE2 takes
 * its fastest way no longer.
 */
export const PLAIN = '^号([^-0-9A-Z#,]*)([0-9A-Z]+)([^-0-9A-Z,]+)((?:[0-9A-Z][^-#,]*)?)$';
const PLAIN_REST = '^([0-9A-Z]+)(?:([^-0-9A-Z#,]+)(?:([0-9A-Z]+)([^-0-9A-Z#,]*))?)?$';
const BUILDING_WORDS = ['幢', '栋', '号楼', '座', '#', '#楼'];
const FLOOR_WORDS = ['层', '楼'];
const ROOM_WORDS = ['', '室', '房'];
/** A name that begins or ends like this has more in it than a name. */
const NOT_PLAIN = '^[院大之附甲乙丙丁戊临]|[期区组队社块]$|[东西南北中主附裙](?:座|楼|栋|塔)';

/** Not a name but a hint where to look. */
const HINT =
  '^(?:[东西南北中]+(?:侧|边|面|首|端|部|角)?|厂房|标准厂房|厂区|厂内|车间|仓库|宿舍|门面|商铺|大院|内|院内|旁|旁边|对面|附近|以[东西南北]|路口|交叉口|交汇处|全部|整层|等)$';

export function insideSteps(d: Dialect): Step[] {
  const p = (c: Columns, name: string) => d.field(c('plain_1'), name);
  const q = (c: Columns, name: string) => d.field(c('plain_2'), name);
  return [
    (c) => ({ plain_1: d.regexGroups(c('tail'), PLAIN, ['name', 'id', 'word', 'rest']) }),
    (c) => ({ plain_2: d.regexGroups(p(c, 'rest'), PLAIN_REST, ['id', 'word', 'id2', 'word2']) }),
    (c) => {
      const building = oneOf(p(c, 'word'), BUILDING_WORDS, d);
      const nothing = `${p(c, 'rest')} = ''`;
      // 5F is a floor.
      const room = `${q(c, 'id')} <> '' AND NOT ${d.endsWith(q(c, 'id'), d.text('F'))} AND ${q(c, 'id2')} = '' AND ${oneOf(q(c, 'word'), ROOM_WORDS, d)}`;
      const floor = `${oneOf(q(c, 'word'), FLOOR_WORDS, d)} AND (${q(c, 'id2')} <> '' OR ${q(c, 'word2')} = '') AND ${oneOf(q(c, 'word2'), ROOM_WORDS, d)}`;
      const unit = `${q(c, 'word')} = '单元' AND ${q(c, 'id2')} <> '' AND ${oneOf(q(c, 'word2'), ROOM_WORDS, d)}`;
      const noName = only(`${p(c, 'name')} <> ''`, d.matches(p(c, 'name'), NOT_PLAIN));
      const onlyRoom = `${oneOf(p(c, 'word'), ['室', '房'], d)} AND ${nothing}`;
      return {
        shape:
          `CASE WHEN ${c('tail')} = '号' OR ${c('tail')} = '' THEN 'door' WHEN ${p(c, 'id')} = '' THEN '' WHEN ${noName} THEN '' ` +
          `WHEN ${building} THEN CASE WHEN ${nothing} THEN 'building' WHEN ${room} THEN 'room' WHEN ${floor} THEN 'floor' WHEN ${unit} THEN 'unit' ELSE '' END ` +
          `WHEN ${onlyRoom} THEN 'only_room' ELSE '' END`,
      };
    },
    (c) => ({ grammar: `CASE WHEN ${c('shape')} = '' THEN ${d.regexGroups(c('tail'), g.INSIDE, g.INSIDE_PARTS)} END` }),
    (c) => {
      const byGrammar = grammarParts(c, d);
      const pick = (cases: Record<string, Sql>, otherwise: Sql) =>
        `CASE WHEN ${c('shape')} = '' THEN ${otherwise} ${Object.entries(cases)
          .map(([shapes, x]) => `WHEN ${oneOf(c('shape'), shapes.split(' '), d)} THEN ${x}`)
          .join(' ')} ELSE ${EMPTY} END`;
      return {
        name: pick({ 'building room floor unit only_room': p(c, 'name') }, byGrammar.name),
        house: pick({}, byGrammar.house),
        suffix: pick({}, byGrammar.suffix),
        area: pick({}, byGrammar.area),
        building: pick({ 'building room floor unit': p(c, 'id') }, byGrammar.building),
        building_kind: pick({}, byGrammar.kind),
        unit: pick({ unit: q(c, 'id') }, byGrammar.unit),
        floor: pick({ floor: q(c, 'id') }, byGrammar.floor),
        room_1: pick({ room: q(c, 'id'), 'floor unit': q(c, 'id2'), only_room: p(c, 'id') }, byGrammar.room),
        rest: pick({}, byGrammar.rest),
        unread: pick({}, byGrammar.unread),
      };
    },
    (c) => ({ room: roomText(c, d) }),
  ];
}

/** 5层01室 is 501; 0301 is 301. */
function roomText(c: Columns, d: Dialect): Sql {
  const x = c('room_1');
  const onFloor = `WHEN ${d.length(x)} <= 3 AND ${d.matches(x, '^0?[0-9]{2}$')} THEN ${d.concat(when(d.matches(c('floor'), '^[0-9]+$'), c('floor'), EMPTY), x)}`;
  // Told apart by their first character and their length before any pattern is looked for: most rooms are three digits.
  return (
    `CASE WHEN ${x} = '' THEN ${EMPTY} ` +
    `WHEN ${d.startsWith(x, d.text('0'))} THEN CASE ${onFloor} ELSE ${d.regexReplace(x, '^0+([0-9]{3})', '\\1')} END ` +
    `WHEN ${d.length(x)} = 2 THEN CASE ${onFloor} ELSE ${x} END ELSE ${x} END`
  );
}

/** The same parts from the whole grammar, for tails that are not plain. */
function grammarParts(c: Columns, d: Dialect) {
  const part = (name: (typeof g.INSIDE_PARTS)[number]) => d.field(c('grammar'), name);

  // A name with no number after it cannot be told from words left over, so there the words are the name.
  const others = g.INSIDE_PARTS.filter((name) => name !== 'all' && name !== 'suffix' && name !== 'rest').map(part);
  const isName = `${part('rest')} <> '' AND ${others.map((x) => `${x} = ''`).join(' AND ')} AND NOT ${d.matches(part('rest'), HINT)}`;

  const words = d.regexReplace(part('b_word'), '[座楼栋塔]$', '');
  const b = d.concat(part('b'), part('b_letter'), part('b_hash'), words);
  const whole = when(`${part('tower')} = ''`, b, d.concat(b, d.text('/'), part('tower')));
  // 401室A区12 is a place in room 401.
  const desk = d.regexReplace(part('room'), '(?:室|房)([^-,])', '-\\1');
  const bare = d.regexReplace(desk, '[^-,0-9A-Z]', '');
  // 8-301 and 12-3-401, in one run of numbers.
  const PAIR = '^([0-9A-Z]{1,3})-([0-9A-Z]{3,})$';
  const TRIPLE = '^([0-9A-Z]{1,3})-([0-9A-Z]{1,2})-([0-9A-Z]{3,})$';
  const dashed = d.contains(part('room'), d.text('-'));
  const isTriple = `${dashed} AND ${part('b')} = '' AND ${d.matches(bare, TRIPLE)}`;
  const isPair = `${dashed} AND ${d.matches(bare, PAIR)} AND NOT ${d.matches(bare, '^[0-9]{3}-[0-9]{3}')}`;
  const word = part('kind');
  return {
    name: when(isName, part('rest'), part('name')),
    rest: when(isName, EMPTY, part('rest')),
    // '' in all of it: the tail did not parse.
    unread: when(`${part('all')} = ''`, c('tail'), EMPTY),
    house: part('house'),
    suffix: part('suffix'),
    area: hanNumberToArabic(
      d.concat(
        part('group'),
        when(`${part('group')} = ''`, EMPTY, d.text('组')),
        ...(['area', 'area2', 'area3', 'area4'] as const).map(part),
      ),
      d,
    ),
    building: `CASE WHEN ${isTriple} THEN ${found(bare, TRIPLE, d, 1)} WHEN ${isPair} AND ${b} = '' THEN ${found(bare, PAIR, d, 1)} ELSE ${whole} END`,
    kind: `CASE WHEN ${word} = '' THEN ${EMPTY} WHEN ${d.matches(word, '库|仓')} THEN '仓库' WHEN ${d.matches(word, '厂房|车间')} THEN '厂房' ELSE ${EMPTY} END`,
    unit: `CASE WHEN ${isTriple} THEN ${found(bare, TRIPLE, d, 2)} WHEN ${isPair} AND ${b} <> '' AND ${part('unit')} = '' THEN ${found(bare, PAIR, d, 1)} ELSE ${part('unit')} END`,
    floor: d.regexReplace(
      d.regexReplace(d.concat(part('floor'), part('floor_f')), '^(?:负|地下|B)', '-'),
      '^(?:首|底)$',
      '1',
    ),
    room: `CASE WHEN ${isTriple} THEN ${found(bare, TRIPLE, d, 3)} WHEN ${isPair} THEN ${found(bare, PAIR, d, 2)} ELSE ${bare} END`,
  };
}
