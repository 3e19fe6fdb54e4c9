import { machineError, outputError } from '../../errors.js';
import { MemoryLacking } from '../engine.js';

const FULL = /No space left on device|Disk quota exceeded|File too large/i;
const SPILL = /max_temp_directory_size|failed to offload/i;
const MEMORY = /^Out of Memory Error|failed to allocate|bad allocation/i;

export const lacksMemory = (error: unknown): boolean => error instanceof Error && MEMORY.test(error.message);

/** Turns what the engine says about the machine it runs on into words for the operator. Anything else stays as it is. */
export function explained(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const why = firstLine(error);
  if (FULL.test(error.message) || SPILL.test(error.message)) {
    return machineError({
      what: 'there is no room left for intermediate data',
      why,
      fix: 'make room on that disk, or give a directory on another with --temp-dir',
    });
  }
  if (!MEMORY.test(error.message)) return error;
  return new MemoryLacking({
    what: 'the memory given to the engine does not suffice',
    why,
    fix: 'give it more with --memory, or less to do at a time with --threads 1',
  });
}

/** The same while a file is written for the user. */
export function explainedWriting(error: unknown): unknown {
  if (!(error instanceof Error) || SPILL.test(error.message) || MEMORY.test(error.message)) return explained(error);
  if (!FULL.test(error.message) && !/^IO Error/.test(error.message)) return error;
  return outputError({
    what: FULL.test(error.message) ? 'the disk that the reports are written to is full' : 'a report cannot be written',
    why: firstLine(error),
    fix: 'make room there, or give another directory with --out; earlier reports are untouched',
  });
}

const firstLine = (error: Error): string => error.message.split('\n', 1)[0] ?? '';
