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

/** Bytes that the engine may use: as told, or four fifths of what there is; the rest is for what it does not count, and for others. */
export const engineMemory = (told: string | undefined): number =>
  told === undefined ? 0.8 * memoryThere() : bytesOf(told);
