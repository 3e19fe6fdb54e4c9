import { expect } from 'vitest';
import { inProcess, runOf } from './bidui.js';
import { contents, type World, world, write } from './world.js';

const EARLIER = {
  'out/anomalies.csv': 'of last night',
  'out/run.json': JSON.stringify({ bidui: '0.1.0', reports: ['anomalies.csv', 'run.json'] }),
};

/** Puts last night's reports where a run would write. */
export function withEarlierReports(w: World): World {
  write(w.root, EARLIER);
  return w;
}

/**
 * What a run tells that must not come to anything. Whatever it is, nothing may be left of it: no file is new, none is
 * changed, and last night's reports still stand.
 */
export async function refused(w: World, ...more: string[]): Promise<string> {
  withEarlierReports(w);
  const before = contents(w.root);
  const told = await inProcess(runOf(w, ...more));
  expect(contents(w.root)).toEqual(before);
  expect(told.out).toBe('');
  expect(told.err).not.toMatch(/^\s+at /m);
  return shown(`exit ${told.code}\n${told.err}`, w);
}

/** The same of a world with changed extracts. */
export const refusedExtracts = (extracts: Record<string, string | Uint8Array | null>): Promise<string> =>
  refused(world({ extracts }));

/** The same of a world with a changed checks directory. */
export const refusedChecks = (checks: Record<string, string | null>): Promise<string> => refused(world({ checks }));

/** Without progress and the names of temporary directories. */
export const shown = (text: string, w: World): string =>
  text
    .replaceAll(w.root, '<world>')
    .split('\n')
    .filter((line) => !/ …$/.test(line))
    .join('\n')
    .trimEnd();
