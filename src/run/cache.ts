import { relative, resolve } from 'node:path';
import { engineVersion } from '../engine/duckdb/database.js';
import type { CacheOptions } from '../ingest/cache/ingest-cache.js';

/** Beside the ledger, unless it is said where. */
export const cacheBeside = (state: string): string => `${state}.cache`;

/** Below a directory of extracts it would be taken for some. */
export const liesIn = (dir: string, parents: readonly string[]): boolean =>
  parents.some((parent) => {
    const way = relative(resolve(parent), resolve(dir));
    return way !== '..' && !/^\.\.[/\\]/.test(way) && !/^([A-Za-z]:|[/\\])/.test(way);
  });

export const cacheOptions = async (
  o: { cache?: string; version: string },
  inputs: readonly string[],
): Promise<CacheOptions | undefined> =>
  o.cache === undefined || liesIn(o.cache, inputs)
    ? undefined
    : { dir: resolve(o.cache), by: `${o.version} ${await engineVersion()}` };
