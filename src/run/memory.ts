import { totalmem } from 'node:os';

const UNITS: Record<string, number> = { k: 1, m: 2, g: 3, t: 4 };

/** Bytes of a size as it is written for `--memory`, such as 2GB or 512MiB. */
export function bytesOf(size: string): number {
  const [, n, unit, i] = /^([\d.]+)\s*([kmgt])(i?)b$/i.exec(size.trim()) ?? [];
  return Number(n) * (i ? 1024 : 1000) ** (UNITS[(unit ?? 'g').toLowerCase()] ?? 3);
}

/** Bytes that this process may use: a container's limit where there is one. */
export function memoryThere(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

/**
 * A nightly job shares its machine with others, so it does not take what it can get. With this much for the engine the whole process
 * stays below 2 GB; what does not fit goes to disk (docs/performance.md has what that costs), and the run says what would have.
 */
const MODEST = 1.5 * 1000 ** 3;

/** Bytes that the engine may use: as told, or a modest amount. */
export const engineMemory = (told: string | undefined): number =>
  told === undefined ? Math.min(MODEST, 0.8 * memoryThere()) : bytesOf(told);
