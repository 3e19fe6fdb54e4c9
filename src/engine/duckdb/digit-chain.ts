import type { Sql } from '../dialect.js';
import { tableLiteral } from './code-sum.js';

/**
 * Check digits that are made one digit after another. Digits are read as a hexadecimal number (a decimal one would have to be
 * divided): four bits are a digit, eight are two, and two are worked off by one look into a table. Of every state and two
 * digits it would be too long to be laid out for every batch of rows; but a digit is only ever added to the state, and of
 * nineteen sums and one further digit it is short enough.
 */
export function digitChain(
  x: Sql,
  count: number,
  start: number,
  next: readonly number[],
  let_: (x: Sql, fn: (x: Sql) => Sql) => Sql,
): Sql {
  if (count > MOST_DIGITS || count % 2 === 0) throw new Error(`a chain of ${count} digits`);
  const number = `TRY_CAST(concat('0x1', ${x}) AS BIGINT)`;
  // The table is outside of all that is worked out from the number: inside it would be read from its literal for every batch.
  const chained = let_(tableLiteral(pairs(next)), (table) =>
    let_(number, (h) => {
      let place: Sql = `${placeOf(start)}`;
      for (let bits = 4 * (count - 2); bits > 0; bits -= 8) {
        place = `list_extract(${table}, ((${h} >> ${bits}) & 255) + ${place})`;
      }
      // A digit greater than 9 has its highest bit and one of the next two.
      const letters = `(${h} >> 3) & ((${h} >> 2) | (${h} >> 1)) & ${BigInt(`0x${'1'.repeat(count)}`)}`;
      return `CASE WHEN (${h} >> ${4 * count}) = 1 AND (${letters}) = 0 THEN (${place} >> 4) + (${h} & 15) END`;
    }),
  );
  // As long as that in bytes, and with all its digits behind the leading 1: there is nothing else in it.
  return `CASE WHEN strlen(${x}) = ${count} THEN ${chained} END`;
}

/** With the leading 1 in front they are sixty-one bits. */
const MOST_DIGITS = 15;

/** A state is kept as the place, from 1, at which the sums with its digits begin. */
const placeOf = (state: number): number => 16 * state + 1;

/** At 16 × (state + digit) + next digit: the state after both. */
const pairs = (next: readonly number[]): number[] =>
  next.flatMap((state) =>
    Array.from({ length: 16 }, (_, digit) => (digit > 9 ? 0 : placeOf(next[state + digit] as number))),
  );
