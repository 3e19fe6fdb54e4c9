const POWERS: Readonly<Record<string, number>> = { k: 1, m: 2, g: 3, t: 4 };

/** Bytes of a size as people and engines write it: 2GB, 512MiB. */
export function bytesOf(size: string): number {
  const [, n, unit, i] = /^([\d.]+)\s*([kmgt])(i?)b$/i.exec(size.trim()) ?? [];
  return Number(n) * (i ? 1024 : 1000) ** (POWERS[(unit ?? 'g').toLowerCase()] ?? 3);
}
