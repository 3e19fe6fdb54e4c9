import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagePath } from '../../config/package-path.js';

/** The rooms whose code decides what a file becomes. */
const ROOMS = ['ingest', 'values', 'config', 'engine'];

let known: string | undefined;

/** One digest of that code: a build that reads otherwise must not take what another one kept, whatever its version says. */
export function codeDigest(): string {
  known ??= digest(packagePath(import.meta.url.endsWith('.js') ? 'dist' : 'src'));
  return known;
}

function digest(root: string): string {
  const hash = createHash('sha256');
  for (const room of ROOMS) {
    const names = readdirSync(join(root, room), { recursive: true, encoding: 'utf8' });
    for (const name of names.filter((n) => /\.[jt]s$/.test(n)).sort()) {
      hash.update(`${room}/${name}\0`).update(readFileSync(join(root, room, name)));
    }
  }
  return hash.digest('hex');
}
