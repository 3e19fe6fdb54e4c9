import { toldFor } from '../run/memory.js';

const size = (bytes: number): string =>
  bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;

/**
 * What a run would have needed, if it had to put data on disk; undefined where all of it fitted. At least: with more memory more is done
 * at a time.
 */
export function memoryText({ given, spilled }: { given: number; spilled: number }): string | undefined {
  if (spilled === 0) return undefined;
  const enough = Math.ceil(toldFor(given + spilled) / 1e8) / 10;
  return (
    `memory: ${size(given)} were given to the engine, and up to ${size(spilled)} of intermediate data went to disk; ` +
    `to hold it takes --memory ${enough}GB or more (it would be faster, the results are the same)`
  );
}
