import type { Sql } from '../dialect.js';

/**
 * Each digit times its place. Read as a hexadecimal number, digits can be taken in two lots of five bytes, the even places and the
 * odd ones, and a division sums them: 256 is 1 more than 255, so that its powers are 1 + 255 × place to 255 squared, and
 * a remainder by that is the sum of the bytes and 255 times the sum of byte × place, which no sum here outgrows.
 */
export function placeSum(x: Sql, last: number, let_: (x: Sql, fn: (x: Sql) => Sql) => Sql): Sql {
  return let_(`TRY_CAST(concat('0x', ${x}) AS BIGINT)`, (h) => {
    const even = `(${h} & ${EVERY_OTHER})`;
    const odd = `((${h} >> 4) & ${EVERY_OTHER})`;
    // Place 2k is k twice, and place 2k + 1 is that and the digit once more.
    return `(${even} + ${odd}) % 65025 // 255 * 2 + ${odd} % 255 + (${h} & 15) * (${last})`;
  });
}

const EVERY_OTHER = BigInt('0x0F0F0F0F0F');
