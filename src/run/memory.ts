import { totalmem } from 'node:os';
import { bytesOf } from '../engine/size.js';

/** Bytes that this process may use: a container's limit where there is one. */
export function memoryThere(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

/** Bytes that the engine may use: as told, or four fifths of what there is; the rest is for what it does not count, and for others. */
export const engineMemory = (told: string | undefined): number =>
  told === undefined ? 0.8 * memoryThere() : bytesOf(told);

/** So many enterprises are judged at once whatever the memory: 1.5 GB is enough for them, and little of it goes to disk. */
const AT_ONCE = 250_000;
/** What it keeps for one of many while they are judged, the tables it reads included. */
const BYTES_EACH = 6_000;

/**
 * How many enterprises one statement judges, at most. A portion is no cheaper for having fewer: it scans every source, and looks at what
 * any enterprise shares with its own, so there are no more portions than memory asks for.
 */
export const enterprisesAtOnce = (memory: number): number => Math.max(AT_ONCE, Math.floor(memory / BYTES_EACH));
