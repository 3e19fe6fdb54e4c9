import type { Peer } from '../results.js';
import type { EngineSettings } from '../settings.js';

export async function peersOf(
  _root: string,
  _dir: string,
  _typed: string,
  _cache: string,
  _engine: EngineSettings,
  _say: (text: string) => void,
): Promise<Peer[]> {
  return [];
}
