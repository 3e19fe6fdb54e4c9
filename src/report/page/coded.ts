import type { Coded } from './data.js';

/** Texts that are often the same, as a dictionary and indexes into it. Blank is -1. */
export function coded(values: readonly (string | null)[]): Coded {
  const places = new Map<string, number>();
  const at = values.map((v) => {
    if (v === null || v === '') return -1;
    let place = places.get(v);
    if (place === undefined) {
      place = places.size;
      places.set(v, place);
    }
    return place;
  });
  return { words: [...places.keys()], at };
}
