import type { CodePlace, Sql } from '../dialect.js';

/**
 * Check digits by arithmetic on words of eight characters. Cutting out a character costs DuckDB as much as cutting out
 * sixteen; so sixteen are cut out at once and read as one integer (text → blob → bits → integer), of which shifts take
 * the bytes. A table then gives what a character is worth at its place, and NULL for one that has no business there.
 *
 * What characters are worth is put side by side rather than added: joining bits costs a quarter of adding with a look at overflow. In
 * lanes as wide as the power of two that is 1 to the modulus, a number is to the modulus what its lanes add up to.
 */
export function codeSum(
  x: Sql,
  places: readonly CodePlace[],
  modulus: number,
  let_: (x: Sql, fn: (x: Sql) => Sql) => Sql,
): Sql {
  const width = laneWidth(modulus);
  const terms = (some: readonly CodePlace[], index: (i: number) => Sql): Sql => {
    const perNumber = Math.floor(BITS / width);
    const numbers: Sql[] = [];
    for (let from = 0; from < some.length; from += perNumber) {
      const lanes = some
        .slice(from, from + perNumber)
        .map((place, i) => worth(place, modulus, width * i, index(from + i)));
      numbers.push(lanes.length === 1 ? (lanes[0] as Sql) : `(${lanes.join(' | ')})`);
    }
    return numbers.join(' + ');
  };
  const n = places.length;
  const sums: Sql[] = [];
  let from = 0;
  let to = n;
  // One or two characters over: the first is had without cutting, and the last without a word of its own.
  if (n % WORD === 1 || n % WORD === 2) {
    sums.push(terms([places[0] as CodePlace], () => single(x)));
    from = 1;
  }
  if (n % WORD === 2) {
    sums.push(terms([places[n - 1] as CodePlace], () => single(`substr(${x}, ${n}, 1)`)));
    to = n - 1;
  }
  while (from < to) {
    const length = Math.min(2 * WORD, to - from);
    const bytes = `CAST(encode(substr(${x}, ${from + 1}, ${length})) AS BIT)`;
    const type = length > WORD ? 'UHUGEINT' : 'BIGINT';
    // As many bytes as characters: all of them are ASCII, and every word is as long as it ought to be. Of other texts the bits
    // may not fit, which is an error; so the condition is here, where nothing can part the cast from it, and not around the sum.
    const number = `CASE WHEN length(${x}) = ${n} AND strlen(${x}) = ${n} THEN CAST(${bytes} AS ${type}) END`;
    sums.push(sumOfPiece(number, places.slice(from, from + length), terms, let_));
    from += length;
  }
  return sums.join(' + ');
}

const WORD = 8;
/** Tables begin at '0': the character before it is subtracted, so that '0' is at place 1. */
const BEFORE = '0'.charCodeAt(0) - 1;

/** A character below '0' is beyond every table, rather than at a place counted from the table's end. */
const single = (x: Sql): Sql => `(ascii(${x}) - ${BEFORE}) & 127`;

/** BEFORE at every byte. Below it a byte borrows from the one above, and comes out larger than any place of a table. */
const offset = (length: number): string => BigInt(`0x${BEFORE.toString(16).repeat(length)}`).toString();

type Terms = (some: readonly CodePlace[], index: (i: number) => Sql) => Sql;

/** Of the characters of one piece, read as one number: a BIGINT, or of more than eight a UHUGEINT. */
function sumOfPiece(
  number: Sql,
  places: readonly CodePlace[],
  terms: Terms,
  let_: (x: Sql, fn: (x: Sql) => Sql) => Sql,
): Sql {
  const word = (w: Sql, some: readonly CodePlace[]): Sql =>
    let_(`${w} - ${offset(some.length)}`, (y) => terms(some, (i) => `(${y} >> ${8 * (some.length - 1 - i)}) & 127`));
  if (places.length <= WORD) return word(number, places);
  const cut = places.length - WORD;
  const half = (h: Sql): Sql => `CAST(${h} AS BIGINT)`;
  return let_(
    number,
    (h) =>
      `${word(half(`${h} >> 64`), places.slice(0, cut))} + ${word(half(`${h} & 18446744073709551615`), places.slice(cut))}`,
  );
}

/** Of a BIGINT, what leaves room for adding some of them. */
const BITS = 60;

/** The least w of which 2^w is 1 to the modulus, which is odd; and every remainder has fewer bits. */
function laneWidth(modulus: number): number {
  let width = 1;
  for (let power = 2; power % modulus !== 1; power = (power * 2) % modulus) width += 1;
  return width;
}

function worth(place: CodePlace, modulus: number, lane: number, index: Sql): Sql {
  const last = Math.max(...[...place.alphabet].map((c) => c.charCodeAt(0)));
  const table = Array.from({ length: last - BEFORE }, (_, i) => {
    const value = place.alphabet.indexOf(String.fromCharCode(BEFORE + 1 + i));
    return value < 0 ? null : BigInt((value * place.weight) % modulus) << BigInt(lane);
  });
  return tableItem(table, index);
}

/** A list in a single literal: of a list expression every item would have to be bound. */
export const tableLiteral = (table: readonly (number | bigint | null)[]): Sql =>
  `CAST('[${table.map((v) => v ?? 'NULL').join(',')}]' AS BIGINT[])`;

const tableItem = (table: readonly (number | bigint | null)[], place: Sql): Sql =>
  `list_extract(${tableLiteral(table)}, ${place})`;
