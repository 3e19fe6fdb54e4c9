import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, resolve, sep } from 'node:path';
import { outputError } from '../errors.js';

/** What must still be there after the reports were written. */
export interface Guarded {
  path: string;
  /** 'the input directory' */
  what: string;
  /** Nothing may be written into it either, and why. */
  nothingBelow?: string;
}

/** Refuses a directory whose replacement would take something else with it. */
export function refuseGuarded(shown: string, target: string, guarded: readonly Guarded[]): void {
  if (dirname(target) === target) throw refusal(shown, 'is the root of the file system');
  const all: readonly Guarded[] = [
    ...guarded,
    { path: process.cwd(), what: 'the working directory' },
    { path: homedir(), what: 'your home directory' },
  ];
  for (const { path, what, nothingBelow } of all) {
    const real = realOf(path);
    if (real === target) throw refusal(shown, `is ${what}`);
    if (isBelow(real, target)) throw refusal(shown, `holds ${what}, ${path}`);
    if (nothingBelow && isBelow(target, real)) throw refusal(shown, `lies in ${what}, ${path}`, nothingBelow);
  }
}

const refusal = (
  shown: string,
  fault: string,
  why = 'the directory is replaced as a whole, and what it holds would be lost',
) =>
  outputError({ what: `--out ${shown} ${fault}`, why, fix: 'give a directory of its own, such as --out out/reports' });

const isBelow = (path: string, dir: string): boolean => path.startsWith(dir.endsWith(sep) ? dir : `${dir}${sep}`);

function realOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return resolve(path);
  }
}
