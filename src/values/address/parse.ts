import type { Dialect, Sql } from '../../engine/dialect.js';
import type { AddressAliases } from './aliases.js';
import * as g from './grammar.js';
import { CITIES } from './places.js';
import { canonicalAddress } from './text.js';

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

/** Parsed parts as a struct; NULL of NULL. */
export function addressParts(x: Sql, d: Dialect, aliases: AddressAliases = {}): Sql {
  return d.let(x, (written) =>
    d.let(canonicalAddress(written, d), (full) =>
      d.let(withoutRemarks(full, d), (text) =>
        d.let(split(text, d), (s) =>
          d.let(inside(s, d), (i) => when(`${full} IS NULL`, 'NULL', assemble(written, full, text, s, i, d, aliases))),
        ),
      ),
    ),
  );
}

const withoutRemarks = (x: Sql, d: Dialect): Sql =>
  when(d.contains(x, d.text('(')), d.regexReplace(x, '\\([^()]*\\)|[()]', ''), x);

const remarkOf = (x: Sql, d: Dialect): Sql => when(d.contains(x, d.text('(')), found(x, '\\(([^()]*)\\)', d, 1), EMPTY);

/**
 * Cut at the door: `area` (province … community), `way` (road, or the name of a place), `number` of the door, `tail`
 * (everything inside). Where the first number is not of a door, the tail begins with the way.
 */
function split(text: Sql, d: Dialect): Sql {
  return d.let(d.regexGroups(text, g.FIRST_NUMBER, ['w', 'n', 'l']), (t) => {
    const field = (name: string) => d.field(t, name);
    const w = when(`${field('n')} = ''`, text, field('w'));
    return d.let(area(w, d), (a) => {
      const way = d.field(a, 'way');
      const l = field('l');
      const isRoad = d.matches(way, `${g.ROAD_END}[甲乙丙丁戊临附新]?$`);
      const door =
        `CASE WHEN ${field('n')} = '' THEN FALSE ` +
        `WHEN ${d.startsWith(l, d.text('号'))} THEN NOT ${d.matches(l, g.NUMBER_OF_SOMETHING)} ` +
        `WHEN ${d.startsWith(l, d.text('弄'))} THEN TRUE ` +
        `WHEN ${d.matches(l, g.NOT_A_DOOR)} THEN FALSE ELSE ${isRoad} END`;
      return d.let(d.struct({ area: d.field(a, 'area'), way, n: field('n'), l, door }), (r) => {
        const f = (name: string) => d.field(r, name);
        // 金山路8-301, without 号: door 8, room 301. 218-1 stays one number.
        const glued = d.matches(when(`${f('door')} AND ${f('l')} = ''`, f('n'), EMPTY), g.DOOR_AND_ROOM);
        const lane = when(d.startsWith(f('l'), d.text('弄')), found(f('l'), g.LANE, d), EMPTY);
        return d.let(lane, (lanePart) =>
          d.struct({
            area: f('area'),
            way: when(f('door'), f('way'), EMPTY),
            number: when(
              glued,
              found(f('n'), g.DOOR_AND_ROOM, d, 1),
              when(f('door'), d.concat(f('n'), d.regexReplace(lanePart, '号$', '')), EMPTY),
            ),
            tail: when(
              glued,
              found(f('n'), g.DOOR_AND_ROOM, d, 2),
              when(f('door'), after(f('l'), lanePart, d), d.concat(f('way'), f('n'), f('l'))),
            ),
          }),
        );
      });
    });
  });
}

/** `area` and what follows it, `way`. */
function area(w: Sql, d: Dialect): Sql {
  return d.let(w, (x) =>
    d.let(found(x, g.ADMIN, d), (a) =>
      d.let(after(x, a, d), (rest) =>
        when(
          d.matches(rest, g.NAMELESS_ROAD),
          d.let(found(x, g.ADMIN_WITHOUT_TOWN, d), (b) => d.struct({ area: b, way: after(x, b, d) })),
          d.struct({ area: a, way: rest }),
        ),
      ),
    ),
  );
}

/** Not a name but a hint where to look. */
const HINT =
  '^(?:[东西南北中]+(?:侧|边|面|首|端|部|角)?|内|院内|旁|旁边|对面|附近|以[东西南北]|路口|交叉口|交汇处|全部|整层|等)$';

/**
 * The parts inside the door. A name with no number after it cannot be told from words left over, so there the words
 * are the name.
 */
function inside(s: Sql, d: Dialect): Sql {
  return d.let(d.regexGroups(d.field(s, 'tail'), g.INSIDE, g.INSIDE_PARTS), (i) => {
    const part = (name: (typeof g.INSIDE_PARTS)[number]) => d.field(i, name);
    const others = g.INSIDE_PARTS.filter((name) => name !== 'all' && name !== 'suffix' && name !== 'rest').map(part);
    const isName = `${part('rest')} <> '' AND ${others.map((x) => `${x} = ''`).join(' AND ')} AND NOT ${d.matches(part('rest'), HINT)}`;
    return d.struct({
      ...Object.fromEntries(g.INSIDE_PARTS.map((name) => [name, part(name)])),
      name: when(isName, part('rest'), part('name')),
      rest: when(isName, EMPTY, part('rest')),
      // '' in all of it: the tail did not parse.
      all: when(`${part('all')} = ''`, d.field(s, 'tail'), EMPTY),
    });
  });
}

function assemble(written: Sql, full: Sql, text: Sql, s: Sql, i: Sql, d: Dialect, aliases: AddressAliases): Sql {
  const part = (name: (typeof g.INSIDE_PARTS)[number]) => d.field(i, name);
  const of = (name: string) => d.field(s, name);
  return d.let(areaParts(of('area'), d), (a) => {
    // The way is before the door, or, without one, the name before the building.
    const way = when(`${of('way')} = ''`, part('name'), of('way'));
    return d.let(wayParts(way, d), (w) =>
      d.struct({
        written,
        text,
        province: d.field(a, 'province'),
        city: d.field(a, 'city'),
        district: d.field(a, 'district'),
        zone: canonical(d.field(a, 'zone'), aliases.zones, d),
        street: d.field(a, 'street'),
        community: d.field(a, 'community'),
        road: canonical(d.field(w, 'road'), aliases.roads, d),
        number: d.concat(
          d.field(w, 'prefix'),
          when(`${of('number')} = ''`, part('house'), of('number')),
          part('suffix'),
        ),
        compound: d.regexReplace(
          when(`${of('way')} = '' OR ${part('name')} = ''`, d.field(w, 'compound'), part('name')),
          CITY_BEFORE_NAME,
          '\\1',
        ),
        area: d.concat(
          part('group'),
          when(`${part('group')} = ''`, EMPTY, d.text('组')),
          d.translate(d.concat(part('area'), part('area2')), '一二三四五六七八九', '123456789'),
        ),
        ...buildingAndRoom(i, d),
        remark: remarkOf(full, d),
        rest: part('rest'),
        unread: part('all'),
      }),
    );
  });
}

const canonical = (x: Sql, aliases: ReadonlyMap<string, string> | undefined, d: Dialect): Sql =>
  aliases && aliases.size > 0 ? `coalesce(${d.lookup(x, aliases)}, ${x})` : x;

/** Province, city, district, zone, street, community of an area's text. */
function areaParts(x: Sql, d: Dialect): Sql {
  return d.let(found(x, g.PROVINCE_AND_CITY, d), (pc) =>
    d.let(d.regexGroups(after(x, pc, d), g.BELOW_CITY, g.BELOW_CITY_PARTS), (b) =>
      d.let(found(pc, g.CITY_NAME, d, 1), (city) => {
        const zone = d.concat(
          d.field(b, 'zone'),
          d.field(b, 'zone2'),
          when(`${d.field(b, 'zone')} = '' AND ${d.field(b, 'zone2')} = ''`, d.field(b, 'zone3'), EMPTY),
        );
        return d.struct({
          province: when(`${pc} = ${city}`, EMPTY, found(pc, g.PROVINCE_NAME, d, 1)),
          city,
          district: d.regexReplace(d.field(b, 'district'), '(.)[区县市旗]$', '\\1'),
          zone: zoneKey(zone, city, d),
          street: d.regexReplace(d.field(b, 'street'), '办事处$', ''),
          community: d.regexReplace(d.field(b, 'community'), '(?:社区)?(?:居|村)民?委?员?会$', ''),
        });
      }),
    ),
  );
}

/** One name for each kind of zone, with its city before it where that is known. */
const zoneKey = (zone: Sql, city: Sql, d: Dialect): Sql =>
  when(
    `${zone} = ''`,
    EMPTY,
    d.let(
      d.regexReplace(
        d.regexReplace(
          d.regexReplace(zone, '高新技术(?:产业)?(?:开发|园)区', '高新区'),
          '(?:国家级)?(?:经济技术|经济)?(?:开发区|经开区)|经济技术开发区',
          '经开区',
        ),
        '综合保税区',
        '综保区',
      ),
      (z) => when(d.startsWith(z, city), z, d.concat(city, z)),
    ),
  );

/** 甲18号: the character before the digits is part of the number. */
const PREFIXED = `^(.*${g.ROAD_END})([甲乙丙丁戊临附新])$`;
/** A road that carries its city's name in front: 苏州星湖街. Two characters at least must be left for the road: 南京东路 stays. */
const CITY_BEFORE_ROAD = `^(?:${CITIES.join('|')})([^路街道巷]{2,}?${g.ROAD_END})$`;

const CITY_BEFORE_NAME = `^(?:${CITIES.join('|')})市?([^0-9]{3,})$`;

/** `road`, `prefix` of the number, and the name of a place that stood before the road or instead of one. */
function wayParts(way: Sql, d: Dialect): Sql {
  return d.let(way, (y) =>
    d.let(
      d.struct({
        way: when(d.matches(y, PREFIXED), d.regexReplace(y, PREFIXED, '\\1'), y),
        prefix: when(d.matches(y, PREFIXED), found(y, PREFIXED, d, 2), EMPTY),
      }),
      (p) => {
        const w = d.field(p, 'way');
        const road = d.regexReplace(d.regexReplace(w, g.BEFORE_ROAD, '\\2'), CITY_BEFORE_ROAD, '\\1');
        return when(
          d.matches(w, `${g.ROAD_END}$`),
          d.struct({
            road,
            prefix: d.field(p, 'prefix'),
            compound: when(d.matches(w, g.BEFORE_ROAD), d.regexReplace(w, g.BEFORE_ROAD, '\\1'), EMPTY),
          }),
          d.struct({ road: EMPTY, prefix: EMPTY, compound: w }),
        );
      },
    ),
  );
}

/** Building, unit, floor and room, with 8-301 and 12-3-401 taken apart. */
function buildingAndRoom(i: Sql, d: Dialect): Record<string, Sql> {
  const part = (name: (typeof g.INSIDE_PARTS)[number]) => d.field(i, name);
  const named = d.regexReplace(part('b_word'), '[座楼栋塔]$', '');
  const b = d.concat(part('b'), part('b_letter'), part('b_hash'), named);
  const building = when(`${part('tower')} = ''`, b, d.concat(b, d.text('/'), part('tower')));
  const floor = d.regexReplace(
    d.regexReplace(d.concat(part('floor'), part('floor_f')), '^(?:负|地下|B)', '-'),
    '^(?:首|底)$',
    '1',
  );
  const bare = d.regexReplace(part('room'), '[^-,0-9A-Z]', '');
  // 5层01室 is 501; 0301 is 301.
  const room = when(
    d.matches(bare, '^0?[0-9]{2}$'),
    d.concat(when(d.matches(floor, '^[0-9]+$'), floor, EMPTY), bare),
    d.regexReplace(bare, '^0+([0-9]{3})', '\\1'),
  );
  const PAIR = '^([0-9A-Z]{1,3})-([0-9A-Z]{3,})$';
  const TRIPLE = '^([0-9A-Z]{1,3})-([0-9A-Z]{1,2})-([0-9A-Z]{3,})$';
  const dashed = d.contains(part('room'), d.text('-'));
  const isTriple = `${dashed} AND ${part('b')} = '' AND ${d.matches(room, TRIPLE)}`;
  const isPair = `${dashed} AND ${d.matches(room, PAIR)} AND NOT ${d.matches(room, '^[0-9]{3}-[0-9]{3}')}`;
  return {
    building: `CASE WHEN ${isTriple} THEN ${found(room, TRIPLE, d, 1)} WHEN ${isPair} AND ${b} = '' THEN ${found(room, PAIR, d, 1)} ELSE ${building} END`,
    building_kind: when(
      d.matches(part('kind'), '库|仓'),
      d.text('仓库'),
      when(d.matches(part('kind'), '厂房|车间'), d.text('厂房'), EMPTY),
    ),
    unit: `CASE WHEN ${isTriple} THEN ${found(room, TRIPLE, d, 2)} WHEN ${isPair} AND ${b} <> '' AND ${part('unit')} = '' THEN ${found(room, PAIR, d, 1)} ELSE ${part('unit')} END`,
    floor,
    room: `CASE WHEN ${isTriple} THEN ${found(room, TRIPLE, d, 3)} WHEN ${isPair} THEN ${found(room, PAIR, d, 2)} ELSE ${room} END`,
  };
}
