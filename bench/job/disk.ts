import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Disk {
  spilled: number;
  disk: number;
}

/** Bytes below a directory: in all, and in what the engine spilled. Files may vanish while they are counted. */
export function diskOf(dir: string, spill = false): Disk {
  const sum: Disk = { spilled: 0, disk: 0 };
  let entries: { name: string; isDirectory(): boolean }[];
  try {
    entries = readdirSync(dir, { withFileTypes: true });
  } catch {
    return sum;
  }
  for (const entry of entries) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) {
      const below = diskOf(path, spill || entry.name === 'spill');
      sum.spilled += below.spilled;
      sum.disk += below.disk;
      continue;
    }
    const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    sum.disk += bytes;
    if (spill) sum.spilled += bytes;
  }
  return sum;
}
