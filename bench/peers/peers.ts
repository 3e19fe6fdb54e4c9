import type { Peer } from '../results.js';
import type { EngineSettings } from '../settings.js';
import { postgres, postgresChecks } from './postgres.js';
import { pandasChecks, panderaChecks, python } from './python.js';

/** What bidui has to be timed with, for each peer by itself. */
export const peerChecks = (): Record<string, string[]> => ({
  postgres: postgresChecks(),
  pandas: pandasChecks(),
  pandera: panderaChecks(),
});

/** Other tools on the typed tables of the same extracts, with the checks that each can express. */
export async function peersOf(
  typed: string,
  cache: string,
  engine: EngineSettings,
  bidui: Readonly<Record<string, number>>,
  say: (text: string) => void,
): Promise<Peer[]> {
  const peers: Peer[] = [];
  const take = async (name: string, peer: () => Promise<Peer | string>) => {
    say(`${name} …`);
    const result = await peer();
    if (typeof result === 'string') say(result);
    else peers.push(result);
  };
  await take('PostgreSQL', () => postgres(typed, engine, bidui.postgres!));
  for (const name of ['pandas', 'pandera'] as const) {
    await take(name, () => python(name, typed, cache, bidui[name]!));
  }
  return peers;
}
