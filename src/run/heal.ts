import { existsSync, rmSync } from 'node:fs';
import type { Session } from '../engine/engine.js';
import { fulfilled, type Publication, promised } from '../ledger/publication.js';
import { OutputDir } from '../report/output-dir.js';
import { reportsDigest } from '../report/settle.js';

export type Healed = 'published' | 'was published' | 'superseded' | 'lost' | 'failed';

/**
 * Finishes what a killed process had promised in the ledger: reports of a night that is written down are put in their place.
 * Only over the reports that they were to replace: if others stand there meanwhile, these are left out.
 */
export async function heal(session: Session): Promise<{ publication: Publication; how: Healed; why?: string }[]> {
  const healed = [];
  for (const publication of await promised(session)) {
    let how: Healed;
    let why: string | undefined;
    try {
      how = finish(publication);
    } catch (error) {
      how = 'failed';
      why = (error as Error).message;
    }
    if (how !== 'failed') await fulfilled(session, publication.run);
    // Killed after the last step but one: nothing had to be done.
    if (how !== 'was published') healed.push({ publication, how, why });
  }
  return healed;
}

function finish({ staging, target, made, replaces }: Publication): Healed {
  const there = reportsDigest(target);
  if (there === made) {
    rmSync(staging, { recursive: true, force: true });
    return 'was published';
  }
  if (!existsSync(staging) || reportsDigest(staging) !== made) return 'lost';
  // '' too where it was killed in the middle of putting them there.
  if (there !== replaces && there !== '') {
    rmSync(staging, { recursive: true, force: true });
    return 'superseded';
  }
  OutputDir.resume(target, staging);
  return 'published';
}

export function healedText(how: Healed, { run, target }: Publication, why?: string): string {
  const after = `run ${run} was killed after it had written the ledger`;
  switch (how) {
    case 'published':
      return `${after}: its reports are now in ${target}`;
    case 'superseded':
      return `${after}: other reports stand in ${target} meanwhile, its own were removed`;
    case 'failed':
      return `${after}: its reports could not be put into ${target} (${why}); the next command that writes tries again`;
    default:
      return `${after}, and its reports for ${target} are gone: run that night once more to have them`;
  }
}
