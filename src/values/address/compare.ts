import type { Dialect, Sql } from '../../engine/dialect.js';
import { only } from '../stages.js';
import type { AddressPart } from './parse.js';
import { ZONES_LIKE_DISTRICTS } from './places.js';

/**
 * Two parsed addresses held against each other, from the largest part to the smallest. The rule of thumb: a part that
 * one side leaves out makes it coarser, a part that both have and that differs makes them different; and where the
 * difference may be one of names for the same thing, nothing is said. Digits are never compared by likeness.
 */

export const ADDRESS_RELATIONS = [
  'exact',
  'same',
  'coarser_a',
  'coarser_b',
  'different_room',
  'different_building',
  'different_number',
  'different_road',
  'different_area',
  'undecided',
] as const;
export type AddressRelation = (typeof ADDRESS_RELATIONS)[number];

/** How deep two addresses are compared. */
export const ADDRESS_DEPTHS = ['road', 'number', 'building', 'room'] as const;
export type AddressDepth = (typeof ADDRESS_DEPTHS)[number];

interface Pair {
  a: (part: AddressPart) => Sql;
  b: (part: AddressPart) => Sql;
  d: Dialect;
}

const any = (...conditions: Sql[]): Sql => `(${conditions.join(' OR ')})`;
const all = (...conditions: Sql[]): Sql => `(${conditions.join(' AND ')})`;
const empty = (x: Sql): Sql => `${x} = ''`;
const given = (x: Sql): Sql => `${x} <> ''`;
const both = (p: Pair, part: AddressPart): Sql => all(given(p.a(part)), given(p.b(part)));
const equal = (p: Pair, part: AddressPart): Sql => `${p.a(part)} = ${p.b(part)}`;
const conflict = (p: Pair, part: AddressPart): Sql =>
  all(`${p.a(part)} <> ${p.b(part)}`, given(p.a(part)), given(p.b(part)));
/** The same question with the sides exchanged: every rule must hold both ways. */
const swapped = (p: Pair): Pair => ({ a: p.b, b: p.a, d: p.d });
const either = (p: Pair, rule: (p: Pair) => Sql): Sql => any(rule(p), rule(swapped(p)));

/** A condition and what it says; the first that holds is the answer. */
type Rule = readonly [when: Sql, say: AddressRelation | { sql: Sql }];
const decide = (rules: readonly Rule[], otherwise: AddressRelation, d: Dialect): Sql =>
  `CASE ${rules.map(([when, say]) => `WHEN ${when} THEN ${typeof say === 'string' ? d.text(say) : say.sql}`).join(' ')} ELSE ${d.text(otherwise)} END`;
const further = (rules: readonly Rule[], otherwise: AddressRelation, d: Dialect) => ({
  sql: decide(rules, otherwise, d),
});

/** One name is the other with something before or after it: 国际科技园 and 苏州国际科技园. */
const oneInOther = (x: Sql, y: Sql, d: Dialect): Sql => any(d.contains(x, y), d.contains(y, x));
const oneEndsOther = (x: Sql, y: Sql, d: Dialect): Sql => any(d.endsWith(x, y), d.endsWith(y, x));

// ------------------------------------------------------------------------------------------------------------------ area

/** 斜塘镇 became 斜塘街道. */
const townStem = (x: Sql, d: Dialect): Sql => d.regexReplace(x, '(?:街道|镇|乡|苏木)$', '');

function areaDiffers(p: Pair): Sql {
  const { d } = p;
  const zone = only(conflict(p, 'zone'), `NOT ${oneEndsOther(p.a('zone'), p.b('zone'), d)}`);
  const exclusive = ZONES_LIKE_DISTRICTS.map((z) => d.text(z)).join(', ');
  const zoneIsNoDistrict = either(p, (q) =>
    all(given(q.b('district')), empty(q.a('district')), empty(q.b('zone')), `${q.a('zone')} IN (${exclusive})`),
  );
  // Towns have roads of the same names; subdistricts are redrawn all the time, and share their city's roads.
  const town = (x: Sql) => d.matches(x, '[镇乡]$');
  const towns = only(
    conflict(p, 'street'),
    all(
      town(p.a('street')),
      town(p.b('street')),
      // 奉贤庄行镇 has its district before it.
      `NOT ${oneEndsOther(p.a('street'), p.b('street'), d)}`,
      `${townStem(p.a('street'), d)} <> ${townStem(p.b('street'), d)}`,
    ),
  );
  // 管城 is 管城回族区, and 盐都区新区 is in 盐都区.
  const district = only(
    conflict(p, 'district'),
    `NOT ${either(p, (q) => all(`${d.length(q.b('district'))} >= 2`, d.startsWith(q.a('district'), q.b('district'))))}`,
  );
  return any(conflict(p, 'province'), conflict(p, 'city'), district, zone, zoneIsNoDistrict, towns);
}

/** A zone on one side and a district on the other: zones lie over districts, so both may be right. */
const areaUnclear = (p: Pair): Sql =>
  any(
    either(p, (q) => all(given(q.a('zone')), empty(q.a('district')), empty(q.b('zone')), given(q.b('district')))),
    only(
      conflict(p, 'street'),
      // 江宁秣陵街道 has its district before it.
      all(
        `NOT ${oneEndsOther(p.a('street'), p.b('street'), p.d)}`,
        `${townStem(p.a('street'), p.d)} <> ${townStem(p.b('street'), p.d)}`,
      ),
    ),
  );

/** Nothing but an area: coarser than anything in it. */
const onlyArea = (side: Pair['a']): Sql =>
  all(...(['road', 'compound', 'number', 'building', 'room'] as const).map((x) => empty(side(x))));

// ------------------------------------------------------------------------------------------------------------------- way

/** The same named place, which stands for the door where road or number is left out. */
const samePlace = (p: Pair): Sql => all(equal(p, 'compound'), given(p.a('compound')));

/** 海淀中关村大街, where the other side says in full 海淀区中关村大街: the area was written without its ending. */
const areaInRoad = (q: Pair): Sql => {
  const { d } = q;
  const stem = townStem(q.b('street'), d);
  return only(
    d.endsWith(q.a('road'), q.b('road')),
    any(
      all(given(q.b('district')), `${q.a('road')} = ${d.concat(q.b('district'), q.b('road'))}`),
      all(given(q.b('street')), `${q.a('road')} = ${d.concat(stem, q.b('road'))}`),
      all(
        given(q.b('district')),
        given(q.b('street')),
        `${q.a('road')} = ${d.concat(q.b('district'), stem, q.b('road'))}`,
      ),
    ),
  );
};
/** One has a longer name in front of the same road: perhaps a place, perhaps another road. */
const roadsUnclear = (p: Pair): Sql =>
  either(p, (q) =>
    all(p.d.endsWith(q.a('road'), q.b('road')), `${p.d.length(q.a('road'))} >= ${p.d.length(q.b('road'))} + 2`),
  );

function wayRules(p: Pair): Rule[] {
  const { d } = p;
  const noRoads = all(empty(p.a('road')), empty(p.b('road')));
  const oneRoad = all(any(empty(p.a('road')), empty(p.b('road'))), `${p.a('road')} <> ${p.b('road')}`);
  return [
    [
      only(conflict(p, 'road'), `NOT ${either(p, areaInRoad)}`),
      further([[roadsUnclear(p), 'undecided']], 'different_road', d),
    ],
    [
      all(noRoads, `${p.a('compound')} <> ${p.b('compound')}`),
      further(
        [
          [any(empty(p.a('compound')), empty(p.b('compound'))), 'undecided'],
          [oneInOther(p.a('compound'), p.b('compound'), d), 'undecided'],
        ],
        'different_road',
        d,
      ),
    ],
    // A road here, a named place there: only the geographic library knows whether it is on that road.
    [all(oneRoad, `NOT ${samePlace(p)}`), 'undecided'],
  ];
}

// --------------------------------------------------------------------------------------------------------------- numbers

const isSeveral = (x: Sql, d: Dialect): Sql => any(d.contains(x, d.text(',')), d.contains(x, d.text('-')));
/** 1501-1507,1601-1607: a list of ranges. */
const isTangled = (x: Sql, d: Dialect): Sql => all(d.contains(x, d.text(',')), d.contains(x, d.text('-')));

const RANGE = '^([A-Z]*)([0-9]+)-([A-Z]*)([0-9]+)$';
const rangeEnd = (x: Sql, group: number, d: Dialect): Sql => `coalesce(${d.regexExtract(x, RANGE, group)}, '')`;
/** 301-305 is a range, 301-5 a desk in 301: the ends of a range are written alike. */
const isRange = (x: Sql, d: Dialect): Sql =>
  only(
    d.matches(x, RANGE),
    all(
      `${rangeEnd(x, 3, d)} IN ('', ${rangeEnd(x, 1, d)})`,
      `${d.length(rangeEnd(x, 2, d))} = ${d.length(rangeEnd(x, 4, d))}`,
      `${rangeEnd(x, 2, d)} < ${rangeEnd(x, 4, d)}`,
    ),
  );
/** The single number `x` lies in the range or list `several`. */
function within(x: Sql, several: Sql, d: Dialect): Sql {
  const [letters, low, high] = [1, 2, 4].map((i) => rangeEnd(several, i, d)) as [Sql, Sql, Sql];
  return any(
    only(
      isRange(several, d),
      all(
        `${d.length(x)} = ${d.length(d.concat(letters, low))}`,
        `${x} BETWEEN ${d.concat(letters, low)} AND ${d.concat(letters, high)}`,
      ),
    ),
    only(d.contains(several, d.text(',')), d.listContains(d.split(several, ','), x)),
  );
}
/** A desk or part of a room: 301-5 of 301. */
const deskOf = (room: Sql, desk: Sql, d: Dialect): Sql =>
  only(d.startsWith(desk, d.concat(room, d.text('-'))), `NOT ${isRange(desk, d)}`);
function overlap(x: Sql, y: Sql, d: Dialect): Sql {
  const listed = (z: Sql) => d.contains(z, d.text(','));
  return any(
    all(
      isRange(x, d),
      isRange(y, d),
      `${rangeEnd(x, 2, d)} <= ${rangeEnd(y, 4, d)}`,
      `${rangeEnd(y, 2, d)} <= ${rangeEnd(x, 4, d)}`,
    ),
    only(all(listed(x), listed(y)), d.listOverlaps(d.split(x, ','), d.split(y, ','))),
    all(listed(x), isRange(y, d)),
    all(listed(y), isRange(x, d)),
  );
}

/** 585弄 and 585弄12: the first is the whole lane. */
const laneOf = (p: Pair): Sql =>
  all(p.d.endsWith(p.a('number'), p.d.text('弄')), p.d.startsWith(p.b('number'), p.a('number')));
/** 100-108 and 104, 100,102 and 102: one of several doors. */
const amongDoors = (p: Pair): Sql => only(isSeveral(p.a('number'), p.d), within(p.b('number'), p.a('number'), p.d));

function numberRules(p: Pair, depth: AddressDepth): Rule[] {
  if (depth === 'road') return [];
  return [
    [
      conflict(p, 'number'),
      further(
        [
          [laneOf(p), 'coarser_a'],
          [laneOf(swapped(p)), 'coarser_b'],
          [either(p, amongDoors), 'undecided'],
        ],
        'different_number',
        p.d,
      ),
    ],
  ];
}

const lacksNumber = (p: Pair): Sql => all(empty(p.a('number')), given(p.b('number')), `NOT ${samePlace(p)}`);

// ---------------------------------------------------------------------------------------------------------------- inside

const squeezed = (x: Sql, d: Dialect): Sql => d.regexReplace(x, '[-/]', '');
/** A座301 and A301: the building's letter may be written with the room. */
const sameGlued = (p: Pair): Sql => {
  const { d } = p;
  const glue = (side: Pair['a']) => squeezed(d.concat(side('building'), side('room')), d);
  return only(
    all(
      `${p.a('building')} <> ${p.b('building')}`,
      any(empty(p.a('building')), empty(p.b('building'))),
      both(p, 'room'),
    ),
    all(d.matches(d.concat(p.a('building'), p.b('building')), '^[A-Z]'), `${glue(p.a)} = ${glue(p.b)}`),
  );
};
/** 10 and 10/A: the second is one of the towers of the first. */
const towerOf = (p: Pair): Sql =>
  only(conflict(p, 'building'), p.d.startsWith(p.b('building'), p.d.concat(p.a('building'), p.d.text('/'))));

/** Whether both are known to be behind the same door, so that what differs inside makes them different. */
const doorKnown = (p: Pair): Sql => any(equal(p, 'number'), samePlace(p));

function buildingRules(p: Pair): Rule[] {
  const { d } = p;
  const unclear = any(
    `NOT ${doorKnown(p)}`,
    // 1-A幢 and 1幢A座; 东楼 and 2幢.
    `${squeezed(p.a('building'), d)} = ${squeezed(p.b('building'), d)}`,
    either(p, (q) =>
      any(
        d.startsWith(q.b('building'), d.concat(q.a('building'), d.text('-'))),
        all(d.matches(q.a('building'), '\\p{Han}'), `NOT ${d.matches(q.b('building'), '\\p{Han}')}`),
      ),
    ),
  );
  return [
    [any(given(p.a('unread')), given(p.b('unread'))), 'undecided'],
    [
      only(conflict(p, 'building'), `NOT ${either(p, towerOf)}`),
      further([[unclear, 'undecided']], 'different_building', d),
    ],
    [conflict(p, 'building_kind'), 'undecided'],
    [conflict(p, 'area'), 'different_building'],
  ];
}

function roomRules(p: Pair): Rule[] {
  const { d } = p;
  const [x, y] = [p.a('room'), p.b('room')];
  /** 301单元 and 301室: 单元 is not 室, but people write it for one. */
  const unitForRoom = (q: Pair): Sql => all(given(q.a('unit')), `${q.a('unit')} = ${q.b('room')}`, empty(q.a('room')));
  const otherFloor = (q: Pair): Sql =>
    only(
      all(given(q.a('floor')), empty(q.a('room')), empty(q.b('floor')), given(q.b('room'))),
      all(d.matches(q.b('room'), '^[0-9]{3,4}$'), `NOT ${d.startsWith(q.b('room'), q.a('floor'))}`),
    );
  /** 9 and 509; 301 and A301. */
  const shortened = (q: Pair): Sql =>
    only(
      d.endsWith(q.a('room'), q.b('room')),
      any(`${d.length(q.b('room'))} <= 2`, d.matches(q.a('room'), '^[A-Z]+[0-9]+$')),
    );
  return [
    [either(p, unitForRoom), 'undecided'],
    [conflict(p, 'unit'), 'different_room'],
    [
      conflict(p, 'floor'),
      further([[any(isSeveral(p.a('floor'), d), isSeveral(p.b('floor'), d)), 'undecided']], 'different_room', d),
    ],
    [either(p, otherFloor), 'undecided'],
    [
      only(conflict(p, 'room'), `NOT ${sameGlued(p)}`),
      further(
        [
          [`NOT ${doorKnown(p)}`, 'undecided'],
          [any(isTangled(x, d), isTangled(y, d)), 'undecided'],
          [
            any(isSeveral(x, d), isSeveral(y, d)),
            further(
              [
                [deskOf(y, x, d), 'coarser_b'],
                [deskOf(x, y, d), 'coarser_a'],
                [within(y, x, d), 'coarser_a'],
                [within(x, y, d), 'coarser_b'],
                [overlap(x, y, d), 'undecided'],
              ],
              'different_room',
              d,
            ),
          ],
          [either(p, shortened), 'undecided'],
        ],
        'different_room',
        d,
      ),
    ],
  ];
}

/** Says less than the other side, in any part. */
const lacks = (q: Pair, depth: AddressDepth): Sql =>
  any(
    lacksNumber(q),
    all(empty(q.a('area')), given(q.b('area'))),
    only(all(empty(q.a('building')), given(q.b('building'))), `NOT ${sameGlued(q)}`),
    towerOf(q),
    ...(depth === 'building'
      ? []
      : [
          all(empty(q.a('unit')), given(q.b('unit'))),
          all(empty(q.a('room')), given(q.b('room'))),
          all(empty(q.a('room')), empty(q.b('room')), empty(q.a('floor')), given(q.b('floor'))),
        ]),
  );

const BELOW_AREA = [
  'room',
  'building',
  'floor',
  'unit',
  'number',
  'road',
  'compound',
  'area',
  'building_kind',
  'rest',
] as const;

function insideRules(p: Pair, depth: AddressDepth): Rule[] {
  const { d } = p;
  if (depth === 'road') return [];
  if (depth === 'number') {
    return [
      [lacksNumber(p), 'coarser_a'],
      [lacksNumber(swapped(p)), 'coarser_b'],
    ];
  }
  /** 328号旁 is not 328号. */
  const nearby = (q: Pair): Sql =>
    only(
      all(`${q.a('rest')} <> ${q.b('rest')}`, given(q.a('rest'))),
      d.matches(q.a('rest'), '旁|对面|附近|以[东西南北]'),
    );
  const namesUnclear = only(
    conflict(p, 'compound'),
    all(
      `NOT ${oneInOther(p.a('compound'), p.b('compound'), d)}`,
      `NOT ${any(d.endsWith(p.a('compound'), d.text('区')), d.endsWith(p.b('compound'), d.text('区')))}`,
    ),
  );
  return [
    // Where all of these are equal, none of the following rules holds; that is soon told, and they are many.
    [all(...BELOW_AREA.map((part) => equal(p, part)), empty(p.a('unread')), empty(p.b('unread'))), 'same'],
    ...buildingRules(p),
    ...(depth === 'building' ? [] : roomRules(p)),
    [any(namesUnclear, either(p, nearby)), 'undecided'],
    [lacks(p, depth), further([[lacks(swapped(p), depth), 'undecided']], 'coarser_a', d)],
    [lacks(swapped(p), depth), 'coarser_b'],
  ];
}

// -------------------------------------------------------------------------------------------------------------- together

/** The relation of two parsed addresses, looking no deeper than asked. Both are columns: their parts are read many times. */
export function relation(x: Sql, y: Sql, d: Dialect, depth: AddressDepth = 'room'): Sql {
  return d.let(x, (a) =>
    d.let(y, (b) =>
      relationOfParts(
        (part) => d.field(a, part),
        (part) => d.field(b, part),
        d,
        depth,
      ),
    ),
  );
}

/** The same where the parts of each side are told by their names. */
export function relationOfParts(a: Pair['a'], b: Pair['b'], d: Dialect, depth: AddressDepth): Sql {
  const p: Pair = { a, b, d };
  const rules: Rule[] = [
    [any(`${p.a('text')} IS NULL`, `${p.b('text')} IS NULL`), { sql: 'NULL' }],
    [equal(p, 'written'), 'exact'],
    [equal(p, 'text'), 'same'],
    [areaDiffers(p), 'different_area'],
    [onlyArea(p.a), further([[onlyArea(p.b), 'same']], 'coarser_a', d)],
    [onlyArea(p.b), 'coarser_b'],
    ...wayRules(p),
    ...numberRules(p, depth),
    [areaUnclear(p), 'undecided'],
    ...insideRules(p, depth),
  ];
  return decide(rules, 'same', d);
}

/** In one word; see ADDRESS_RELATIONS. */
export const addressRelation = (a: Sql, b: Sql, d: Dialect): Sql => relation(a, b, d);

const LEVELS: Readonly<Record<AddressRelation, number | null>> = {
  exact: 0,
  same: 1,
  coarser_a: 2,
  coarser_b: 2,
  different_room: 3,
  different_building: 3,
  different_number: 4,
  different_road: 5,
  different_area: 5,
  undecided: null,
};

/** 0 exact, 1 notation only, 2 one is coarser, 3 same door but different inside, 4 same road, 5 elsewhere; NULL undecided. */
export const addressLevel = (a: Sql, b: Sql, d: Dialect): Sql => levelOf(relation(a, b, d), d);

/** The level of a relation. */
export const levelOf = (r: Sql, d: Dialect): Sql =>
  `CASE ${r} ${Object.entries(LEVELS)
    .filter(([, level]) => level !== null)
    .map(([name, level]) => `WHEN ${d.text(name)} THEN ${level}`)
    .join(' ')} END`;

/** TRUE, FALSE, or NULL where one side is too coarse or it cannot be told; compared no deeper than `to`. */
export function sameAddress(a: Sql, b: Sql, d: Dialect, to: string = 'room'): Sql {
  return sameness(relation(a, b, d, depthOf(to)), d);
}

/** Whether a relation is that of one address with itself. */
export const sameness = (related: Sql, d: Dialect): Sql =>
  d.let(
    related,
    (r) => `CASE WHEN ${r} IN ('exact', 'same') THEN TRUE WHEN ${d.startsWith(r, d.text('different'))} THEN FALSE END`,
  );

export function depthOf(to: string = 'room'): AddressDepth {
  const depth = ADDRESS_DEPTHS.find((x) => x === to);
  if (!depth) throw new Error(`address depth: ${to}`);
  return depth;
}
