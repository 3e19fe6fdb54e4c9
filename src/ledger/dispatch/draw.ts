import { createHash } from 'node:crypto';
import type { Inspector } from './inspectors.js';

/** What one department has to look into at one enterprise. */
export interface Task {
  uscc: string;
  enterprise: string;
  address: string | null;
  department: string;
  /** Everything that a speciality may name: theme id, both its titles, check id; one list for each anomaly. */
  subjects: string[][];
  /** The more urgent, the smaller; tasks of one urgency come in an order that the seed draws. */
  urgency: number;
}

export interface Drawn {
  task: Task;
  pair?: [Inspector, Inspector];
  /** Why there are not two: how many inspectors each condition left. */
  short?: { department: number; certificate: number; region: number; conflict: number; speciality: number };
}

/**
 * 双随机: two qualified inspectors for each task, by lot. The lot depends on the seed, the enterprise, the department and the
 * inspector alone, so it is the same wherever and whenever it is drawn; who has less in hand has better odds.
 *
 * @param inHand visits that inspectors already have, by number; grows as visits are given out
 */
export function draw(
  tasks: readonly Task[],
  inspectors: readonly Inspector[],
  seed: string,
  asOf: string,
  inHand: Map<string, number>,
): Drawn[] {
  const lot = (...parts: string[]) => uniform([seed, ...parts]);
  const ordered = tasks
    .map((task) => ({ task, place: lot('order', task.uscc, task.department) }))
    .sort((a, b) => a.task.urgency - b.task.urgency || a.place - b.place);
  return ordered.map(({ task }) => {
    const { fit, short } = qualified(task, inspectors, asOf);
    const ranked = fit
      .map((x) => ({ x, key: -Math.log(lot('draw', task.uscc, task.department, x.no)) / weight(x, inHand) }))
      .sort((a, b) => a.key - b.key || (a.x.no < b.x.no ? -1 : 1))
      .map((r) => r.x);
    const pair = firstPair(ranked, task);
    if (!pair) return { task, short };
    for (const x of pair) inHand.set(x.no, (inHand.get(x.no) ?? 0) + 1);
    return { task, pair };
  });
}

/** The square, because the lot alone would let a long list grow longer for a while. */
const weight = (x: Inspector, inHand: ReadonlyMap<string, number>): number =>
  1 / (1 + x.load + (inHand.get(x.no) ?? 0)) ** 2;

function qualified(task: Task, inspectors: readonly Inspector[], asOf: string) {
  const department = inspectors.filter((x) => x.department === task.department);
  const certificate = department.filter((x) => x.certificate_to >= asOf);
  const region = certificate.filter((x) => !x.region || !task.address || task.address.includes(x.region));
  const conflict = region.filter((x) => !x.conflicts.includes(task.uscc) && !x.conflicts.includes(task.enterprise));
  const fit = conflict.filter((x) => task.subjects.some((s) => knows(x, s)));
  return {
    fit,
    short: {
      department: department.length,
      certificate: certificate.length,
      region: region.length,
      conflict: conflict.length,
      speciality: fit.length,
    },
  };
}

export const knows = (x: Inspector, subject: readonly string[]): boolean =>
  x.specialities.length === 0 || x.specialities.some((s) => subject.includes(s));

/** The first two in the order of the lot who together know everything that is to be looked into. */
function firstPair(ranked: readonly Inspector[], task: Task): [Inspector, Inspector] | undefined {
  for (const [i, a] of ranked.entries()) {
    for (const b of ranked.slice(i + 1)) {
      if (task.subjects.every((s) => knows(a, s) || knows(b, s))) return [a, b];
    }
  }
  return undefined;
}

/** A number in (0, 1] that depends on nothing but the words. */
function uniform(parts: readonly string[]): number {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest();
  return (hash.readUIntBE(0, 6) + 1) / 2 ** 48;
}
