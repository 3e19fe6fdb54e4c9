import type { Dialect, Sql } from '../../engine/dialect.js';
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
const conflict = (p: Pair, part: AddressPart): Sql => all(both(p, part), `${p.a(part)} <> ${p.b(part)}`);
/** The same question with the sides exchanged: every rule must hold both ways. */
const swapped = (p: Pair): Pair => ({ a: p.b, b: p.a, d: p.d });
const either = (p: Pair, rule: (p: Pair) => Sql): Sql => any(rule(p), rule(swapped(p)));

/** One name is the other with something before or after it: 国际科技园 and 苏州国际科技园. */
const oneInOther = (x: Sql, y: Sql, d: Dialect): Sql => any(d.contains(x, y), d.contains(y, x));

// ------------------------------------------------------------------------------------------------------------------ area

function areaDiffers(p: Pair): Sql {
  const { d } = p;
  const zone = all(
    both(p, 'zone'),
    `NOT ${any(d.endsWith(p.a('zone'), p.b('zone')), d.endsWith(p.b('zone'), p.a('zone')))}`,
  );
  const exclusive = ZONES_LIKE_DISTRICTS.map((z) => d.text(z)).join(', ');
  const zoneIsNoDistrict = either(p, (q) =>
    all(`${q.a('zone')} IN (${exclusive})`, empty(q.a('district')), empty(q.b('zone')), given(q.b('district'))),
  );
  // Towns have roads of the same names; subdistricts are redrawn all the time, and share their city's roads.
  const town = (x: Sql) => d.matches(x, '[镇乡]$');
  const stem = (x: Sql) => d.regexReplace(x, '(?:街道|镇|乡|苏木)$', '');
  const towns = all(
    conflict(p, 'street'),
    town(p.a('street')),
    town(p.b('street')),
    `${stem(p.a('street'))} <> ${stem(p.b('street'))}`,
  );
  return any(conflict(p, 'province'), conflict(p, 'city'), conflict(p, 'district'), zone, zoneIsNoDistrict, towns);
}

/** A zone on one side and a district on the other: zones lie over districts, so both may be right. */
const areaUnclear = (p: Pair): Sql =>
  any(
    either(p, (q) => all(given(q.a('zone')), empty(q.a('district')), empty(q.b('zone')), given(q.b('district')))),
    all(
      conflict(p, 'street'),
      // 江宁秣陵街道 has its district before it.
      `NOT ${any(p.d.endsWith(p.a('street'), p.b('street')), p.d.endsWith(p.b('street'), p.a('street')))}`,
      `${p.d.regexReplace(p.a('street'), '(?:街道|镇|乡)$', '')} <> ${p.d.regexReplace(p.b('street'), '(?:街道|镇|乡)$', '')}`,
    ),
  );

// ------------------------------------------------------------------------------------------------------------------- way

/** The same named place, which stands for the door where road or number is left out. */
const samePlace = (p: Pair): Sql => all(both(p, 'compound'), equal(p, 'compound'));

/** 海淀中关村大街, where the other side says in full 海淀区中关村大街: the area was written without its ending. */
const areaInRoad = (q: Pair): Sql => {
  const { d } = q;
  const stem = d.regexReplace(q.b('street'), '(?:街道|镇|乡)$', '');
  return all(
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
const roadsDiffer = (p: Pair): Sql => conflict(p, 'road');
const roadsUnclear = (p: Pair): Sql =>
  all(
    conflict(p, 'road'),
    either(p, (q) =>
      all(p.d.endsWith(q.a('road'), q.b('road')), `${p.d.length(q.a('road'))} >= ${p.d.length(q.b('road'))} + 2`),
    ),
  );

const noRoads = (p: Pair): Sql => all(empty(p.a('road')), empty(p.b('road')));

// ---------------------------------------------------------------------------------------------------------------- number

const isSeveral = (x: Sql, d: Dialect): Sql => d.matches(x, '[,-]');
/** 585弄 and 585弄12: the first is the whole lane. */
const laneOf = (p: Pair): Sql =>
  all(p.d.endsWith(p.a('number'), p.d.text('弄')), p.d.startsWith(p.b('number'), p.a('number')));
/** 100-108 and 104, 100,102 and 102: one of several doors. */
const amongDoors = (p: Pair): Sql => {
  const { d } = p;
  return all(isSeveral(p.a('number'), d), within(p.b('number'), p.a('number'), d));
};

// ----------------------------------------------------------------------------------------------------------------- rooms

const RANGE = '^([A-Z]*)([0-9]+)-[A-Z]*([0-9]+)$';
/** 301-305 is a range, 301-5 a desk in 301: the ends of a range are written alike. */
const isRange = (x: Sql, d: Dialect): Sql =>
  d.let(d.regexGroups(x, RANGE, ['p', 'lo', 'hi']), (g) =>
    all(
      given(d.field(g, 'lo')),
      `${d.length(d.field(g, 'lo'))} = ${d.length(d.field(g, 'hi'))}`,
      `${d.field(g, 'lo')} < ${d.field(g, 'hi')}`,
    ),
  );
/** The single number `x` lies in the range or list `several`. */
const within = (x: Sql, several: Sql, d: Dialect): Sql =>
  any(
    all(
      isRange(several, d),
      d.let(d.regexGroups(several, RANGE, ['p', 'lo', 'hi']), (g) =>
        all(
          d.startsWith(x, d.field(g, 'p')),
          `${d.length(x)} = ${d.length(d.concat(d.field(g, 'p'), d.field(g, 'lo')))}`,
          `${x} BETWEEN ${d.concat(d.field(g, 'p'), d.field(g, 'lo'))} AND ${d.concat(d.field(g, 'p'), d.field(g, 'hi'))}`,
        ),
      ),
    ),
    all(d.contains(several, d.text(',')), d.listContains(d.split(several, ','), x)),
  );
/** A desk or part of a room: 301-5 of 301. */
const deskOf = (room: Sql, desk: Sql, d: Dialect): Sql =>
  all(d.startsWith(desk, d.concat(room, d.text('-'))), `NOT ${isRange(desk, d)}`);
const overlap = (x: Sql, y: Sql, d: Dialect): Sql => {
  const end = (z: Sql, i: number) => d.regexExtract(z, RANGE, i);
  return any(
    all(isRange(x, d), isRange(y, d), `${end(x, 2)} <= ${end(y, 3)}`, `${end(y, 2)} <= ${end(x, 3)}`),
    all(d.contains(x, d.text(',')), d.contains(y, d.text(',')), d.listOverlaps(d.split(x, ','), d.split(y, ','))),
    all(d.contains(x, d.text(',')), isRange(y, d)),
    all(d.contains(y, d.text(',')), isRange(x, d)),
  );
};

/** 1501-1507,1601-1607: a list of ranges. */
const isTangled = (x: Sql, d: Dialect): Sql => all(d.contains(x, d.text(',')), d.contains(x, d.text('-')));

const squeezed = (x: Sql, d: Dialect): Sql => d.regexReplace(x, '[-/]', '');
/** A座301 and A301: the building's letter may be written with the room. */
const sameGlued = (p: Pair): Sql => {
  const { d } = p;
  const glue = (side: Pair['a']) => squeezed(d.concat(side('building'), side('room')), d);
  return all(
    both(p, 'room'),
    any(empty(p.a('building')), empty(p.b('building'))),
    d.matches(d.concat(p.a('building'), p.b('building')), '^[A-Z]'),
    `${glue(p.a)} = ${glue(p.b)}`,
  );
};

/** What can be said of everything inside the door, as a relation; 'same' where nothing tells the sides apart. */
function insideRelation(p: Pair, depth: AddressDepth): Sql {
  const { d } = p;
  if (depth === 'road' || depth === 'number') return d.text('same');
  const word = (r: AddressRelation) => d.text(r);

  const doorKnown = any(
    all(both(p, 'number'), equal(p, 'number')),
    samePlace(p),
    all(empty(p.a('number')), empty(p.b('number'))),
  );
  const buildingsUnclear = any(
    `${squeezed(p.a('building'), d)} = ${squeezed(p.b('building'), d)}`,
    either(p, (q) =>
      any(
        d.startsWith(q.b('building'), d.concat(q.a('building'), d.text('-'))),
        all(d.matches(q.a('building'), '\\p{Han}'), `NOT ${d.matches(q.b('building'), '\\p{Han}')}`),
      ),
    ),
    `NOT ${doorKnown}`,
  );
  const towerOf = (q: Pair): Sql => d.startsWith(q.b('building'), d.concat(q.a('building'), d.text('/')));
  const building = `CASE WHEN ${either(p, towerOf)} THEN ${word('same')} WHEN ${buildingsUnclear} THEN ${word('undecided')} ELSE ${word('different_building')} END`;

  const room =
    `CASE WHEN ${sameGlued(p)} THEN ${word('same')} ` +
    `WHEN NOT ${doorKnown} THEN ${word('undecided')} ` +
    `WHEN ${any(isTangled(p.a('room'), d), isTangled(p.b('room'), d))} THEN ${word('undecided')} ` +
    `WHEN ${any(isSeveral(p.a('room'), d), isSeveral(p.b('room'), d))} THEN ` +
    `CASE WHEN ${any(within(p.b('room'), p.a('room'), d), deskOf(p.b('room'), p.a('room'), d))} THEN ${`CASE WHEN ${deskOf(p.b('room'), p.a('room'), d)} THEN ${word('coarser_b')} ELSE ${word('coarser_a')} END`} ` +
    `WHEN ${any(within(p.a('room'), p.b('room'), d), deskOf(p.a('room'), p.b('room'), d))} THEN ${`CASE WHEN ${deskOf(p.a('room'), p.b('room'), d)} THEN ${word('coarser_a')} ELSE ${word('coarser_b')} END`} ` +
    `WHEN ${overlap(p.a('room'), p.b('room'), d)} THEN ${word('undecided')} ELSE ${word('different_room')} END ` +
    `WHEN ${either(p, (q) => all(d.endsWith(q.a('room'), q.b('room')), any(`${d.length(q.b('room'))} <= 2`, d.matches(q.a('room'), `^[A-Z]+[0-9]+$`))))} THEN ${word('undecided')} ` +
    `ELSE ${word('different_room')} END`;

  const missing = (q: Pair): Sql =>
    any(
      all(empty(q.a('number')), given(q.b('number')), `NOT ${samePlace(q)}`),
      all(empty(q.a('area')), given(q.b('area'))),
      all(empty(q.a('building')), given(q.b('building')), `NOT ${sameGlued(q)}`),
      towerOf(q),
      ...(depth === 'building'
        ? []
        : [
            all(empty(q.a('unit')), given(q.b('unit'))),
            all(empty(q.a('room')), given(q.b('room'))),
            all(empty(q.a('room')), empty(q.b('room')), empty(q.a('floor')), given(q.b('floor'))),
          ]),
    );
  /** 301单元 and 301室: 单元 is not 室, but people write it for one. */
  const unitForRoom = (q: Pair): Sql =>
    all(given(q.a('unit')), equalText(q.a('unit'), q.b('room')), empty(q.a('room')));
  const otherFloor = (q: Pair): Sql =>
    all(
      given(q.a('floor')),
      empty(q.a('room')),
      empty(q.b('floor')),
      d.matches(q.b('room'), '^[0-9]{3,4}$'),
      `NOT ${d.startsWith(q.b('room'), q.a('floor'))}`,
    );

  const rooms =
    depth === 'building'
      ? ''
      : `WHEN ${either(p, unitForRoom)} THEN ${word('undecided')} ` +
        `WHEN ${conflict(p, 'unit')} THEN ${word('different_room')} ` +
        `WHEN ${conflict(p, 'floor')} THEN CASE WHEN ${any(isSeveral(p.a('floor'), d), isSeveral(p.b('floor'), d))} THEN ${word('undecided')} ELSE ${word('different_room')} END ` +
        `WHEN ${either(p, otherFloor)} THEN ${word('undecided')} `;
  const roomVerdict =
    depth === 'building' ? word('same') : `CASE WHEN ${conflict(p, 'room')} THEN ${room} ELSE ${word('same')} END`;
  const buildingVerdict = `CASE WHEN ${conflict(p, 'building')} THEN ${building} WHEN ${conflict(p, 'building_kind')} THEN ${word('undecided')} ELSE ${word('same')} END`;
  /** 328号旁 is not 328号. */
  const nearby = (q: Pair): Sql =>
    all(`${q.a('rest')} <> ${q.b('rest')}`, d.matches(q.a('rest'), '旁|对面|附近|以[东西南北]'));
  const namesUnclear = all(
    conflict(p, 'compound'),
    `NOT ${oneInOther(p.a('compound'), p.b('compound'), d)}`,
    `NOT ${any(d.matches(p.a('compound'), '区$'), d.matches(p.b('compound'), '区$'))}`,
  );

  const unread = any(given(p.a('unread')), given(p.b('unread')));

  return d.let(`CASE WHEN ${unread} THEN ${word('undecided')} ELSE ${buildingVerdict} END`, (bv) =>
    d.let(
      `CASE WHEN ${bv} <> 'same' THEN ${bv} ` +
        `WHEN ${conflict(p, 'area')} THEN ${word('different_building')} ${rooms} ELSE ${roomVerdict} END`,
      (v) =>
        `CASE WHEN ${v} <> 'same' THEN ${v} WHEN ${any(namesUnclear, either(p, nearby))} THEN ${word('undecided')} ` +
        `WHEN ${missing(p)} THEN CASE WHEN ${missing(swapped(p))} THEN ${word('undecided')} ELSE ${word('coarser_a')} END ` +
        `WHEN ${missing(swapped(p))} THEN ${word('coarser_b')} ELSE ${word('same')} END`,
    ),
  );
}

const equalText = (x: Sql, y: Sql): Sql => `${x} = ${y}`;

/** Nothing but an area: coarser than anything in it. */
const onlyArea = (side: Pair['a']): Sql =>
  all(...(['road', 'compound', 'number', 'building', 'room'] as const).map((x) => empty(side(x))));

/** The relation of two parsed addresses, looking no deeper than asked. */
export function relation(x: Sql, y: Sql, d: Dialect, depth: AddressDepth = 'room'): Sql {
  return d.let(x, (a) =>
    d.let(y, (b) => {
      const p: Pair = { a: (part) => d.field(a, part), b: (part) => d.field(b, part), d };
      const word = (r: AddressRelation) => d.text(r);
      const inside = insideRelation(p, depth);
      const numberCheck =
        depth === 'road'
          ? ''
          : `WHEN ${conflict(p, 'number')} THEN CASE ` +
            `WHEN ${laneOf(p)} THEN ${word('coarser_a')} WHEN ${laneOf(swapped(p))} THEN ${word('coarser_b')} ` +
            `WHEN ${either(p, amongDoors)} THEN ${word('undecided')} ELSE ${word('different_number')} END `;
      const numberMissing =
        depth === 'number'
          ? `WHEN ${all(empty(p.a('number')), given(p.b('number')), `NOT ${samePlace(p)}`)} THEN ${word('coarser_a')} ` +
            `WHEN ${all(empty(p.b('number')), given(p.a('number')), `NOT ${samePlace(p)}`)} THEN ${word('coarser_b')} `
          : '';
      const names =
        `CASE WHEN ${samePlace(p)} THEN 'go' ` +
        `WHEN ${empty(p.a('compound'))} AND ${empty(p.b('compound'))} THEN 'go' ` +
        `WHEN ${any(empty(p.a('compound')), empty(p.b('compound')))} THEN 'undecided' ` +
        `WHEN ${oneInOther(p.a('compound'), p.b('compound'), d)} THEN 'undecided' ELSE 'different_road' END`;
      const way =
        `CASE WHEN ${roadsDiffer(p)} THEN CASE WHEN ${either(p, areaInRoad)} THEN 'go' WHEN ${roadsUnclear(p)} THEN 'undecided' ELSE 'different_road' END ` +
        `WHEN ${both(p, 'road')} THEN 'go' WHEN ${noRoads(p)} THEN ${names} ` +
        `WHEN ${samePlace(p)} THEN 'go' ELSE 'undecided' END`;
      return d.let(
        `CASE WHEN ${areaDiffers(p)} THEN 'different_area' ` +
          `WHEN ${onlyArea(p.a)} THEN CASE WHEN ${onlyArea(p.b)} THEN 'same' ELSE 'coarser_a' END ` +
          `WHEN ${onlyArea(p.b)} THEN 'coarser_b' ELSE ${way} END`,
        (w) =>
          `CASE WHEN ${d.field(a, 'text')} IS NULL OR ${d.field(b, 'text')} IS NULL THEN NULL ` +
          `WHEN ${d.field(a, 'written')} = ${d.field(b, 'written')} THEN ${word('exact')} ` +
          `WHEN ${d.field(a, 'text')} = ${d.field(b, 'text')} THEN ${word('same')} ` +
          `WHEN ${w} <> 'go' THEN ${w} ` +
          `${numberCheck}` +
          `WHEN ${areaUnclear(p)} THEN ${word('undecided')} ` +
          `${numberMissing}` +
          `ELSE ${inside} END`,
      );
    }),
  );
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
export const addressLevel = (a: Sql, b: Sql, d: Dialect): Sql =>
  `CASE ${relation(a, b, d)} ${Object.entries(LEVELS)
    .filter(([, level]) => level !== null)
    .map(([r, level]) => `WHEN ${d.text(r)} THEN ${level}`)
    .join(' ')} END`;

/** TRUE, FALSE, or NULL where one side is too coarse or it cannot be told; compared no deeper than `to`. */
export function sameAddress(a: Sql, b: Sql, d: Dialect, to: string = 'room'): Sql {
  const depth = ADDRESS_DEPTHS.find((x) => x === to);
  if (!depth) throw new Error(`address depth: ${to}`);
  return d.let(
    relation(a, b, d, depth),
    (r) => `CASE WHEN ${r} IN ('exact', 'same') THEN TRUE WHEN ${d.startsWith(r, d.text('different'))} THEN FALSE END`,
  );
}
