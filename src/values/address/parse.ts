import type { Dialect, Sql } from '../../engine/dialect.js';
import { asExpression, asProjections, type Columns, only, type Staged, type Step } from '../stages.js';
import type { AddressAliases } from './aliases.js';
import * as g from './grammar.js';
import { insideSteps } from './inside.js';
import { CITIES } from './places.js';
import { canonicalSteps } from './text.js';

/** What an address is taken apart into; all text, '' where it has no such part, so that parts compare without NULL. */
export const ADDRESS_PARTS = [
  'written',
  'text',
  'province',
  'city',
  'district',
  'zone',
  'street',
  'community',
  'road',
  'number',
  'compound',
  'area',
  'building',
  'building_kind',
  'unit',
  'floor',
  'room',
  'remark',
  'rest',
  /** What stands inside the door and could not be understood. */
  'unread',
] as const;
export type AddressPart = (typeof ADDRESS_PARTS)[number];

const when = (cond: Sql, then: Sql, otherwise: Sql): Sql => `CASE WHEN ${cond} THEN ${then} ELSE ${otherwise} END`;
const EMPTY = "''";

/** A pattern's text, or ''. */
const found = (x: Sql, pattern: string, d: Dialect, group?: number): Sql =>
  `coalesce(${d.regexExtract(x, pattern, group)}, ${EMPTY})`;

/** What is left of `x` after `prefix`, which it starts with. */
const after = (x: Sql, prefix: Sql, d: Dialect): Sql => d.substr(x, `${d.length(prefix)} + 1`);

/**
 * Parsed parts of the address `x` as a struct, in projections: some thirty, each of which reads the columns of those before
 * it. As one expression it would be a join with the distinct addresses, which costs as much again where they hardly repeat.
 */
export const addressStages = (x: Sql, prefix: string, d: Dialect, aliases: AddressAliases = {}): Staged =>
  asProjections(x, steps(d, aliases), (c) => parts(c, d), prefix, d);

const parts = (c: Columns, d: Dialect): Sql =>
  d.struct(Object.fromEntries(ADDRESS_PARTS.map((part) => [part, c(part === 'written' ? 'x' : part)])));

function steps(d: Dialect, aliases: AddressAliases): Step[] {
  return [...canonicalSteps(d), ...doorSteps(d, aliases), ...insideSteps(d), ...waySteps(d, aliases)];
}

/**
 * Cut at the door: `admin` (province … community), `way` (road, or the name of a place), `door_number`, `tail`
 * (everything inside). Where the first number is not of a door, the tail begins with the way.
 */
function doorSteps(d: Dialect, aliases: AddressAliases): Step[] {
  const t = (c: Columns, name: string) => d.field(c('cut'), name);
  return [
    (c) => {
      const bracketed = only(c('dirty'), d.contains(c('full'), d.text('(')));
      return {
        bare: when(bracketed, d.regexReplace(c('full'), '\\([^()]*\\)|[()]', ''), c('full')),
        remark: when(bracketed, found(c('full'), '\\(([^()]*)\\)', d, 1), EMPTY),
      };
    },
    (c) => ({ cut: d.regexGroups(c('bare'), g.FIRST_NUMBER, ['w', 'n', 'l']) }),
    // The text of a clean address is the address: as a column of its own it would have to be kept as well, see below.
    (c) => ({
      ...{ n: t(c, 'n'), l: t(c, 'l'), w: when(`${t(c, 'n')} = ''`, c('bare'), t(c, 'w')) },
      cleaned: when(c('dirty'), c('bare'), EMPTY),
    }),
    // There are few areas and roads, and many doors: each is read once and joined. A join has to keep the whole row until
    // all rows have come, so there is one for both.
    (c) => ({
      above: asExpression(
        c('w'),
        [...areaSteps(d, aliases), ...roadSteps(d, (x) => x('way_0'), 'way_')],
        (x) => d.struct(Object.fromEntries(ABOVE_PARTS.map((part) => [part, x(part)]))),
        'area_',
        d,
      ),
    }),
    (c) => ({
      ...Object.fromEntries(ABOVE_PARTS.map((part) => [part, d.field(c('above'), part)])),
      text: when(c('dirty'), c('cleaned'), c('x')),
    }),
    (c) => ({
      door:
        `CASE WHEN ${c('n')} = '' THEN FALSE ` +
        // The common door: nothing follows, or the next number does. From '0' to ':' are the digits.
        `WHEN ${c('l')} = '号' OR ${c('l')} >= '号0' AND ${c('l')} < '号:' THEN TRUE ` +
        `WHEN ${d.startsWith(c('l'), d.text('号'))} THEN CASE WHEN ${d.matches(c('l'), g.NUMBER_OF_SOMETHING)} THEN FALSE ` +
        `WHEN ${d.matches(c('l'), g.NUMBER_OF_PREMISES)} THEN ${d.matches(c('way_0'), `${g.ROAD_END}$`)} ELSE TRUE END ` +
        `WHEN ${d.startsWith(c('l'), d.text('弄'))} THEN TRUE ` +
        `WHEN ${d.matches(c('l'), g.NOT_A_DOOR)} THEN FALSE ` +
        `ELSE ${d.matches(c('way_0'), `${g.ROAD_END}[甲乙丙丁戊临附新]?$`)} END`,
      lane: when(d.startsWith(c('l'), d.text('弄')), found(c('l'), g.LANE, d), EMPTY),
    }),
    // 金山路8-301, without 号: door 8, room 301. 218-1 stays one number.
    (c) => ({ glued: only(`${c('door')} AND ${c('l')} = ''`, d.matches(c('n'), g.DOOR_AND_ROOM)) }),
    (c) => ({
      way: when(c('door'), c('way_0'), EMPTY),
      door_number:
        `CASE WHEN NOT ${c('door')} THEN ${EMPTY} WHEN ${c('glued')} THEN ${found(c('n'), g.DOOR_AND_ROOM, d, 1)} ` +
        `WHEN ${c('lane')} = '' THEN ${c('n')} ELSE ${d.concat(c('n'), d.regexReplace(c('lane'), '号$', ''))} END`,
      tail:
        `CASE WHEN NOT ${c('door')} THEN ${d.concat(c('way_0'), c('n'), c('l'))} ` +
        `WHEN ${c('glued')} THEN ${found(c('n'), g.DOOR_AND_ROOM, d, 2)} ` +
        `WHEN ${c('lane')} = '' THEN ${c('l')} ELSE ${after(c('l'), c('lane'), d)} END`,
    }),
  ];
}

const canonical = (x: Sql, aliases: ReadonlyMap<string, string> | undefined, d: Dialect): Sql =>
  aliases && aliases.size > 0 ? `coalesce(${d.lookup(x, aliases)}, ${x})` : x;

const AREA_PARTS = ['province', 'city', 'district', 'zone', 'street', 'community'] as const;
const ABOVE_PARTS = ['way_0', ...AREA_PARTS, 'way_road', 'way_prefix', 'way_place'] as const;

/** From the text before the door: province, city, district, zone, street, community, and the way that follows them. */
function areaSteps(d: Dialect, aliases: AddressAliases): Step[] {
  const ending = (x: Sql, pattern: string, replacement: string) =>
    when(`${x} = ''`, EMPTY, d.regexReplace(x, pattern, replacement));
  // Cut off piece by piece: much cheaper than one expression with groups, whose every group has alternatives by the score.
  const pieces = g.BELOW_CITY.flatMap(([part, pattern], i): Step[] => [
    (c) => ({ [part]: when(`${c(`below_${i}`)} = ''`, EMPTY, found(c(`below_${i}`), pattern, d)) }),
    (c) => ({
      [`below_${i + 1}`]: when(`${c(part)} = ''`, c(`below_${i}`), after(c(`below_${i}`), c(part), d)),
    }),
  ]);
  return [
    (c) => ({ admin_1: found(c('x'), g.ADMIN, d) }),
    (c) => ({ way_1: after(c('x'), c('admin_1'), d) }),
    // 古镇路 is a road, not a 路 in the town of 古镇.
    (c) => ({
      nameless: only(d.matches(c('admin_1'), '[镇乡区]$'), d.matches(c('way_1'), g.NAMELESS_ROAD)),
    }),
    (c) => ({ admin: when(c('nameless'), found(c('x'), g.ADMIN_WITHOUT_TOWN, d), c('admin_1')) }),
    (c) => ({ way_0: when(c('nameless'), after(c('x'), c('admin'), d), c('way_1')) }),
    (c) => ({ pc: when(`${c('admin')} = ''`, EMPTY, found(c('admin'), g.PROVINCE_AND_CITY, d)) }),
    (c) => ({
      below_0: when(`${c('pc')} = ''`, c('admin'), after(c('admin'), c('pc'), d)),
      city: when(
        `${c('pc')} = ''`,
        EMPTY,
        d.regexReplace(d.regexReplace(c('pc'), g.PROVINCE_PREFIX, ''), g.CITY_SUFFIX, ''),
      ),
      province: when(`${c('pc')} = ''`, EMPTY, found(c('pc'), g.PROVINCE_NAME, d, 1)),
    }),
    ...pieces,
    (c) => ({
      // What is left at the end can only be a zone again.
      zone_1: when(
        `${c('zone_a')} = '' AND ${c('zone_b')} = ''`,
        c(`below_${g.BELOW_CITY.length}`),
        d.concat(c('zone_a'), c('zone_b')),
      ),
      district_b: ending(c('district_a'), '(.)[区县市旗]$', '\\1'),
      street: when(
        d.endsWith(c('street_a'), d.text('处')),
        d.regexReplace(c('street_a'), '办事处$', ''),
        c('street_a'),
      ),
      community: ending(c('community_a'), '(?:社区)?(?:居|村)民?委?员?会$', ''),
    }),
    // 兰州新区 of 兰州.
    (c) => ({
      district: when(
        only(`${c('city')} <> ''`, d.startsWith(c('district_b'), c('city'))),
        after(c('district_b'), c('city'), d),
        c('district_b'),
      ),
    }),
    (c) => ({
      zone_2: when(
        `${c('zone_1')} = '' OR ${d.endsWith(c('zone_1'), d.text('工业园区'))}`,
        c('zone_1'),
        zoneKind(c('zone_1'), d),
      ),
    }),
    // With its city before it where that is known; under the name it is compared by.
    (c) => ({
      zone_3: when(
        `${c('zone_2')} = '' OR ${d.startsWith(c('zone_2'), c('city'))}`,
        c('zone_2'),
        d.concat(c('city'), c('zone_2')),
      ),
    }),
    (c) => ({ zone: canonical(c('zone_3'), aliases.zones, d) }),
  ];
}

/** One name for each kind of zone. */
function zoneKind(x: Sql, d: Dialect): Sql {
  const high = d.regexReplace(x, '高新(?:技术)?(?:产业)?(?:开发|园)区', '高新区');
  const open = d.regexReplace(high, '(?:国家级)?(?:经济技术|经济)?(?:开发区|经开区)|经济技术开发区', '经开区');
  return d.regexReplace(open, '综合保税区', '综保区');
}

/** 甲18号: the character before the digits is part of the number. */
const PREFIXED = `^(.*${g.ROAD_END})([甲乙丙丁戊临附新])$`;
/** A road that carries its city's name in front: 苏州星湖街. Two characters at least must be left for the road: 南京东路 stays. */
const CITY_BEFORE_ROAD = `^(?:${CITIES.join('|')})([^路街道巷]{2,}?${g.ROAD_END})$`;
const CITY_BEFORE_NAME = `^(?:${CITIES.join('|')})市?([^0-9]{3,})$`;
/** Nothing but a short name and its ending: the common road, that needs no further looking at. */
const PLAIN_ROAD = '^[^路街道巷弄里条线坊园区城场厦心地村港组]{1,4}(?:路|街|大道)$';

/**
 * `road`, `number`, and `compound`: the name of a place inside the door, before the road, or instead of one. The way is
 * what stood before the door or, without a door, the name before the building.
 */
function waySteps(d: Dialect, aliases: AddressAliases): Step[] {
  return [
    // Without a door, which is rare, the name may be of a road.
    (c) => ({ named: when(`${c('way')} = ''`, c('name'), EMPTY) }),
    ...roadSteps(d, (c) => c('named'), 'named_'),
    (c) =>
      Object.fromEntries(
        (['road', 'prefix', 'place'] as const).map((part) => [
          part === 'road' ? 'road_1' : part,
          when(`${c('way')} = ''`, c(`named_${part}`), c(`way_${part}`)),
        ]),
      ),
    (c) => ({ compound_1: when(`${c('way')} = '' OR ${c('name')} = ''`, c('place'), c('name')) }),
    (c) => ({
      compound: when(`${c('compound_1')} = ''`, EMPTY, d.regexReplace(c('compound_1'), CITY_BEFORE_NAME, '\\1')),
      road_2: canonical(c('road_1'), aliases.roads, d),
      number_1: when(
        `${c('door_number')} <> '' AND ${c('prefix')} = '' AND ${c('suffix')} = ''`,
        c('door_number'),
        d.concat(c('prefix'), when(`${c('door_number')} = ''`, c('house'), c('door_number')), c('suffix')),
      ),
    }),
    (c) => doorByName(c, aliases, d),
  ];
}

/** The road, what precedes its number, and the place before it or instead of it; names begin with `of`. */
function roadSteps(d: Dialect, way: (c: Columns) => Sql, of: string): Step[] {
  const from = (step: (x: Sql, c: Columns) => Record<string, Sql>): Step => {
    return (c) =>
      Object.fromEntries(Object.entries(step(way(c), (name) => c(of + name))).map(([name, sql]) => [of + name, sql]));
  };
  return [
    from((x) => ({ plain: only(`${x} <> ''`, d.matches(x, PLAIN_ROAD)) })),
    from((x, c) => ({ prefixed: only(`${x} <> '' AND NOT ${c('plain')}`, d.matches(x, PREFIXED)) })),
    from((x, c) => ({
      bare: when(c('prefixed'), d.regexReplace(x, PREFIXED, '\\1'), x),
      prefix: when(c('prefixed'), found(x, PREFIXED, d, 2), EMPTY),
    })),
    from((_, c) => ({
      is_road: when(c('plain'), 'TRUE', only(`${c('bare')} <> ''`, d.matches(c('bare'), `${g.ROAD_END}$`))),
    })),
    from((_, c) => ({
      road:
        `CASE WHEN ${c('plain')} THEN ${c('bare')} ` +
        `WHEN ${c('is_road')} THEN ${d.regexReplace(d.regexReplace(c('bare'), g.BEFORE_ROAD, '\\2'), CITY_BEFORE_ROAD, '\\1')} ELSE ${EMPTY} END`,
      place:
        `CASE WHEN ${c('plain')} THEN ${EMPTY} WHEN NOT ${c('is_road')} THEN ${c('bare')} ` +
        `WHEN ${d.matches(c('bare'), g.BEFORE_ROAD)} THEN ${d.regexReplace(c('bare'), g.BEFORE_ROAD, '\\1')} ELSE ${EMPTY} END`,
    })),
  ];
}

/** The road and number of a place known by name, where the address itself does not say them; doors under their new number. */
function doorByName(c: Columns, aliases: AddressAliases, d: Dialect): Record<string, Sql> {
  const doors = new Map([...(aliases.places ?? [])].flatMap(([name, door]) => splitDoor(name, door)));
  const roads = new Map([...doors].map(([name, door]) => [name, door.road]));
  const numbers = new Map([...doors].map(([name, door]) => [name, door.number]));
  if (doors.size === 0) return { road: c('road_2'), number: c('number_1') };
  const nameless = `${c('road_2')} = '' AND ${c('number_1')} = ''`;
  return {
    road: when(nameless, `coalesce(${d.lookup(c('compound'), roads)}, ${EMPTY})`, c('road_2')),
    number: when(nameless, `coalesce(${d.lookup(c('compound'), numbers)}, ${EMPTY})`, c('number_1')),
  };
}

function splitDoor(name: string, door: string): [string, { road: string; number: string }][] {
  const match = /^(.*?[^0-9])([0-9][-0-9A-Z]*)号?$/u.exec(door);
  if (!match) return [];
  // The table may write the door with its city and zone; a parsed road has neither.
  const [, way = '', number = ''] = match;
  const road = way.replace(/^.*(?:省|市|区|县|旗)(?=..)/u, '');
  return [[name, { road, number }]];
}
