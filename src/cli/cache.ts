import { cacheBeside } from '../run/cache.js';
import type { WithProject } from './project.js';

export interface WithCache extends WithProject {
  /** False with --no-cache. */
  cache?: string | boolean;
}

/** Where the cache lies; undefined where there is none: without a ledger nothing is kept unless it is asked for. */
export function cacheOf(o: WithCache, state: string | undefined): string | undefined {
  if (typeof o.cache === 'string') return o.cache;
  if (o.cache === false || o.loadedProject?.settings.cache?.use === false) return undefined;
  return o.loadedProject?.settings.cache?.dir ?? (state === undefined ? undefined : cacheBeside(state));
}
