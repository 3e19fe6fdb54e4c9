import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from '../../fixtures/generator/generate.js';

export interface Extracts {
  dir: string;
  enterprises: number;
  rows: number;
  bytes: number;
}

/** Written last, so that a directory without it is one whose generation was broken off. */
const MARK = '.made.json';

/** A city's extracts of so many enterprises: made once for each seed and size, then taken from the cache. */
export async function extractsOf(cache: string, enterprises: number, seed: number, fresh: boolean): Promise<Extracts> {
  const dir = join(cache, `extracts-${seed}-${enterprises}`);
  if (fresh || !existsSync(join(dir, MARK))) {
    const made = `${dir}.new`;
    const { rows } = await generate({ out: made, formats: 'bench', enterprises, seed, jobs: 2 });
    // What the generator planted is no extract.
    rmSync(join(made, 'truth.csv'));
    writeFileSync(join(made, MARK), JSON.stringify(rows));
    rmSync(dir, { recursive: true, force: true });
    renameSync(made, dir);
  }
  const rows = JSON.parse(readFileSync(join(dir, MARK), 'utf8')) as Record<string, number>;
  return { dir, enterprises, rows: Object.values(rows).reduce((a, b) => a + b, 0), bytes: bytesOf(dir) };
}

export const filesOf = (dir: string): string[] =>
  readdirSync(dir)
    .filter((f) => !f.startsWith('.'))
    .sort()
    .map((f) => join(dir, f));

export const bytesOf = (dir: string): number => filesOf(dir).reduce((n, f) => n + statSync(f).size, 0);
