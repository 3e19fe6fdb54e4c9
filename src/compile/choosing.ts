import type { Lookup } from '../checks/ir.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import { AT, COUNTS, type Column, DOUBT, FILE_SHIFT, FOUND, indent } from './row-columns.js';

type Mode = Lookup['mode'];

/** What rows are put in order by, and whether that could be read. */
export const ORDER = '_order';
export const UNREAD = '_unread';
/** The row that was chosen, as a structure, and of how many. */
const CHOSEN = '_chosen';
const CANDIDATES = '_candidates';
/** Before or after every day and every whole number, of 64 bits itself. */
const FAR = '9223372036854775807';
/** Before or after every day, which are of the years 0 to 9999, in days since 1970. */
const FAR_OFF_DAY = 2 ** 22;
/** What `AT` is below, where a day and `AT` have room in 64 bits. */
const SHORT_AT = 2 ** 40;
/** So many values of a row are chosen one by one rather than together. */
const FEW = 3;

export interface Choice {
  /** What puts a row in order could not be read in some rows. */
  sometimesUnread: boolean;
  /** Of some rows it is unknown whether they count. */
  sometimesUnknown: boolean;
  /** How many files rows come from, where that is known. */
  files: number | undefined;
  large: boolean;
  d: Dialect;
}

/**
 * One row each. Where it is in doubt whether it is the one, its values are unknown. Of `each`, all rows, as they are. `select` gives
 * columns of the rows that may count; `column` is what a name stands for there.
 */
export function chosenRow(
  mode: Mode,
  keys: readonly string[],
  values: readonly string[],
  select: (columns: readonly Column[]) => Sql,
  column: (name: string) => Sql,
  { sometimesUnread, sometimesUnknown, files, large, d }: Choice,
): Sql {
  const kept = (name: string): Column => ({ name, sql: column(name) });
  if (mode.kind === 'each') {
    return select([...[...keys, ...values].map(kept), { name: DOUBT, sql: `${COUNTS} IS NULL` }]);
  }
  const choice = (x: Sql): Sql => {
    if (mode.kind !== 'pick') return d.firstBy(x, column(AT));
    const order = inOrder(mode, column(ORDER), sometimesUnread ? column(UNREAD) : undefined, column(AT), files, d);
    return mode.latest ? d.lastBy(x, order) : d.firstBy(x, order);
  };
  // Aggregated, not ranked: a window sorts all candidates with all their values to keep one of each.
  const ofCandidate = (v: Sql) => (sometimesUnknown ? `CASE WHEN ${COUNTS} THEN ${v} END` : v);
  const candidate: Record<string, Sql> = Object.fromEntries(values.map((v, i) => [`v${i}`, ofCandidate(column(v))]));
  if (sometimesUnknown) candidate.doubt = `${COUNTS} IS NULL`;
  if (sometimesUnread) candidate.unread = column(UNREAD);
  // An engine keeps the structure of each row that is the one so far: of many rows with few values it pays to choose each for itself.
  const apart = large && values.length > 0 && Object.keys(candidate).length <= FEW;
  const choices = Object.fromEntries(Object.entries(candidate).map(([name, x]) => [name, choice(x)]));
  const candidates = select([
    ...keys.map(kept),
    { name: CHOSEN, sql: apart ? d.struct(choices) : choice(d.struct(candidate)) },
    ...(sometimesUnread ? [{ name: CANDIDATES, sql: 'count(*)' }] : []),
    ...(sometimesUnknown ? [{ name: FOUND, sql: d.anyTrue(COUNTS) }] : []),
  ]);
  const chosen = (name: string) => d.field(CHOSEN, name);
  // One candidate needs no choice; of several, one that cannot be put in order may be the one.
  const undecided = sometimesUnread ? `(${chosen('unread')} AND ${CANDIDATES} > 1)` : undefined;
  const doubt = [...(sometimesUnknown ? [chosen('doubt')] : []), ...(undecided ? [undecided] : [])].join(' OR ');
  const known = values.map((v, i) => {
    const value = chosen(`v${i}`);
    return `${undecided ? `CASE WHEN NOT ${undecided} THEN ${value} END` : value} AS ${d.ident(v)}`;
  });
  const columns = [
    ...keys.map((k) => d.ident(k)),
    ...known,
    `${doubt || 'FALSE'} AS ${DOUBT}`,
    `${sometimesUnknown ? FOUND : `TRUE AS ${FOUND}`}`,
  ];
  return `SELECT ${columns.join(',\n  ')}\nFROM (${indent(`${candidates}\nGROUP BY ${keys.map(column).join(', ')}`)}) r`;
}

/**
 * What puts rows in order: what cannot be put in order comes first of all, what has no day to be put in order by last; of equals, the
 * row that stands first. One number, where it can be: structures are compared by making a text of each.
 */
function inOrder(
  mode: Extract<Mode, { kind: 'pick' }>,
  day: Sql,
  unread: Sql | undefined,
  at: Sql,
  files: number | undefined,
  d: Dialect,
): Sql {
  const { latest, base } = mode;
  if (base === 'date' || base === 'int') {
    // So it is with up to 109 files.
    const short = base === 'date' && (files ?? Infinity) * FILE_SHIFT <= SHORT_AT;
    const far = short ? FAR_OFF_DAY : FAR;
    const [first, last] = latest ? [far, `-${far}`] : [`-${far}`, far];
    const number = `coalesce(${base === 'date' ? d.daysBetween(d.date('1970-01-01'), day) : day}, ${last})`;
    const place = unread ? `CASE WHEN ${unread} THEN ${first} ELSE ${number} END` : number;
    return (short ? d.inShortOrder : d.inOrder)(place, latest ? `- ${at}` : at);
  }
  return latest
    ? d.struct({ ...(unread ? { unread } : {}), dated: `${day} IS NOT NULL`, day, at: `- ${at}` })
    : d.struct({ ...(unread ? { read: `NOT ${unread}` } : {}), undated: `${day} IS NULL`, day, at });
}
