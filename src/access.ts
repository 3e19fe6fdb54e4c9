/**
 * Who may read what bidui makes: its owner alone, or his group too. Extracts hold personal data, and so does everything made
 * of them: ledger, reports, intermediate data.
 */
export type Readers = 'owner' | 'group';

let readers: Readers = 'owner';

/** From now on, for every file this process makes, those of the engine included. */
export function readableBy(who: Readers): void {
  readers = who;
  try {
    process.umask(who === 'group' ? 0o027 : 0o077);
  } catch {
    // A worker thread may not: what it makes has the modes below, or lies in a directory that has.
  }
}

export const fileMode = (): number => (readers === 'group' ? 0o640 : 0o600);
export const dirMode = (): number => (readers === 'group' ? 0o750 : 0o700);
