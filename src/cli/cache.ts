import { cacheBeside } from '../run/cache.js';
import type { WithProject } from './project.js';

export interface WithCache extends WithProject {
  /** False with --no-cache. */
  cache?: string | boolean;
}

/**
 * Where the cache lies; undefined where there is none. It holds the extracts' personal data, so that nothing is kept unless
 * the command line or the project file asks for it.
 */
export function cacheOf(o: WithCache, state: string | undefined): string | undefined {
  if (typeof o.cache === 'string') return o.cache;
  const section = o.loadedProject?.settings.cache;
  if (o.cache === false || !section?.use) return undefined;
  return section.dir ?? (state === undefined ? undefined : cacheBeside(state));
}
