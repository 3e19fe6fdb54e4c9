import type { Coded, PageHead, Parts } from '../data.js';
import { readParts } from './parts.js';

/** All that the page holds: a column of each part whole. */
export interface Store {
  head: PageHead;
  enterprises: Parts['enterprises'];
  anomalies: Parts['anomalies'];
  followed: Parts['followed'];
  quarantine: Parts['quarantine'];
  /** Where the anomalies of an enterprise stand, by its credit code. */
  ofEnterprise: Map<string, number[]>;
  enterpriseAt: Map<string, number>;
  anomalyAt: Map<string, number>;
}

const EMPTY = {
  enterprises: { uscc: [], name: [], outcomes: [] },
  anomalies: blank(
    'id enterprise check severity uscc name about message aValue aRow bValue bRow other state disposal runs note',
    'aSource aFile bSource bFile firstSeen due overdue suppressed handledBy handledOn',
  ),
  followed: blank('id uscc name check severity state reason about message', 'firstSeen lastSeen'),
  quarantine: blank('row raw', 'source file scope field explanation fix'),
};

export async function loadStore(head: PageHead): Promise<Store> {
  const enterprises = join(await readParts('enterprises'), EMPTY.enterprises as Parts['enterprises']);
  const anomalies = join(await readParts('anomalies'), EMPTY.anomalies as unknown as Parts['anomalies']);
  const followed = join(await readParts('followed'), EMPTY.followed as unknown as Parts['followed']);
  const quarantine = join(await readParts('quarantine'), EMPTY.quarantine as unknown as Parts['quarantine']);
  anomalies.enterprise.forEach((e, i) => {
    if (e < 0) return;
    anomalies.uscc[i] = enterprises.uscc[e]!;
    anomalies.name[i] = enterprises.name[e]!;
  });
  const ofEnterprise = new Map<string, number[]>();
  anomalies.uscc.forEach((uscc, i) => {
    const all = ofEnterprise.get(uscc);
    if (all) all.push(i);
    else ofEnterprise.set(uscc, [i]);
  });
  return {
    ...{ head, enterprises, anomalies, followed, quarantine, ofEnterprise },
    enterpriseAt: new Map(enterprises.uscc.map((x, i) => [x, i])),
    anomalyAt: new Map(anomalies.id.map((x, i) => [x, i])),
  };
}

function blank(plain: string, dictionaries: string): Record<string, unknown[] | Coded> {
  return Object.fromEntries([
    ...plain.split(' ').map((k) => [k, []] as const),
    ...dictionaries.split(' ').map((k) => [k, { words: [], at: [] }] as const),
  ]);
}

/** Batches of a part, one behind the other. */
function join<T extends object>(parts: readonly T[], empty: T): T {
  if (parts.length === 0) return empty;
  if (parts.length === 1) return parts[0]!;
  const joined = Object.keys(parts[0]!).map((key) => {
    const columns = parts.map((p) => (p as Record<string, unknown[] | Coded>)[key]!);
    return [key, Array.isArray(columns[0]) ? (columns as unknown[][]).flat() : joinCoded(columns as Coded[])];
  });
  return Object.fromEntries(joined) as T;
}

function joinCoded(columns: readonly Coded[]): Coded {
  const places = new Map<string, number>();
  const at: number[] = [];
  for (const c of columns) {
    const moved = c.words.map((w) => {
      if (!places.has(w)) places.set(w, places.size);
      return places.get(w)!;
    });
    for (const i of c.at) at.push(i < 0 ? -1 : moved[i]!);
  }
  return { words: [...places.keys()], at };
}

export const word = (c: Coded, i: number): string => c.words[c.at[i]!] ?? '';
