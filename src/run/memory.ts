import { totalmem } from 'node:os';
import { bytesOf } from '../engine/size.js';

/** Bytes that this process may use: a container's limit where there is one. */
export function memoryThere(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

/** Bytes that the process takes and the engine does not count: the program, what JavaScript holds, what was freed a moment ago. */
const BESIDE_ENGINE = 0.4e9;
/** With less an engine does not get through a small park. */
const LEAST_FOR_ENGINE = 0.5e9;

/**
 * Bytes that the engine may use: what the process was told to take less what lies beside the engine, or four fifths of what there is; the
 * rest is for that, and for others.
 */
export function engineMemory(told: string | undefined): number {
  if (told === undefined) return 0.8 * memoryThere();
  const all = bytesOf(told);
  return Math.max(all - BESIDE_ENGINE, Math.min(all, LEAST_FOR_ENGINE));
}

/** What a process has to be told for its engine to have so many bytes. */
export const toldFor = (engine: number): number => engine + BESIDE_ENGINE;
