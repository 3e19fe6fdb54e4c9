import { totalmem } from 'node:os';
import { bytesOf } from '../engine/size.js';

/** Bytes that this process may use: a container's limit where there is one. */
export function memoryThere(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

/** Bytes that the process takes and the engine does not count: the program, what JavaScript holds, what was freed a moment ago. */
const BESIDE_ENGINE = 0.45e9;
/** With less an engine does not get through a small park. */
const LEAST_FOR_ENGINE = 0.5e9;

/** Bytes that the engine may use at most: four fifths of what there is, the rest is for what lies beside it, and for others. */
const mostMemory = (): number => 0.8 * memoryThere();

/** Bytes that the engine may use: what the process was told to take less what lies beside the engine. */
export function engineMemory(told: string): number {
  const all = bytesOf(told);
  return Math.max(all - BESIDE_ENGINE, Math.min(all, LEAST_FOR_ENGINE));
}

/** What a run takes that was told nothing: enough for a million enterprises, whose extracts are some 3 GB of text. */
const BY_DEFAULT = 2e9;
/** Bytes of text for which that is enough. A run on more takes as much again as there is beyond: in many portions it scans the same rows often. */
const ENOUGH_FOR = 3e9;

/** Bytes that the engine may use where nothing was told, for so many bytes of text; where that is not known, what can be spared. */
export function memoryUntold(text?: number): number {
  if (text === undefined) return mostMemory();
  return Math.min(mostMemory(), BY_DEFAULT + Math.max(0, text - ENOUGH_FOR) - BESIDE_ENGINE);
}

/** What a process has to be told for its engine to have so many bytes. */
export const toldFor = (engine: number): number => engine + BESIDE_ENGINE;
