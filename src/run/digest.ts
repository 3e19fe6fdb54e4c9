import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const fileDigest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** One digest of all files below a directory, their names and contents: the same on every machine, wherever it lies. */
export function directoryDigest(dir: string): string {
  const hash = createHash('sha256');
  for (const name of filesBelow(dir, '').sort()) hash.update(`${name}\0${fileDigest(join(dir, name))}\n`);
  return hash.digest('hex');
}

function filesBelow(dir: string, below: string): string[] {
  return readdirSync(join(dir, below), { withFileTypes: true })
    .filter((e) => !e.name.startsWith('.'))
    .flatMap((e) =>
      e.isDirectory() ? filesBelow(dir, `${below}${e.name}/`) : e.isFile() ? [`${below}${e.name}`] : [],
    );
}
