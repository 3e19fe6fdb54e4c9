import { createHash } from 'node:crypto';
import type { Session } from '../../engine/engine.js';
import { type Drawn, draw, knows, type Task } from './draw.js';
import type { Inspector } from './inspectors.js';

/** An anomaly that somebody has to look into. */
interface Waiting {
  id: string;
  uscc: string;
  enterprise: string;
  address: string | null;
  check_id: string;
  department: string;
  severity: string;
  overdue: boolean;
  opened_on: string;
  visit: string | null;
  given_on: string | null;
  inspector_1: string | null;
  inspector_2: string | null;
}

export interface Assignment {
  visit: string;
  anomaly: string;
  uscc: string;
  department: string;
  inspectors: [Inspector, Inspector];
  /** Given out earlier, and still right. */
  standing: boolean;
}

export interface DispatchPlan {
  assignments: Assignment[];
  /** Nobody could be sent, and why. */
  unassigned: (Drawn & { anomalies: string[] })[];
  visits: number;
}

/**
 * Gives each anomaly that needs eyes to two inspectors of its department. What was given out before stays where it is while
 * those two may still go; all that is to be seen at one enterprise is one visit.
 *
 * @param subjects what a speciality may call each check by: its id, its theme's id and titles
 */
export async function planDispatch(
  session: Session,
  inspectors: readonly Inspector[],
  subjects: ReadonlyMap<string, string[]>,
  seed: string,
  asOf: string,
): Promise<DispatchPlan> {
  const waiting = await waitingAnomalies(session);
  const byNo = new Map(inspectors.map((x) => [x.no, x]));
  const inHand = new Map<string, number>();
  const visits = new Map<string, string>();
  const assignments: Assignment[] = [];
  const open: Waiting[] = [];
  const counted = new Set<string>();
  for (const w of waiting) {
    const pair = standingPair(w, byNo, asOf);
    if (!pair || !w.visit) {
      open.push(w);
      continue;
    }
    visits.set(w.uscc, w.visit);
    assignments.push({ ...named(w, w.visit), inspectors: pair, standing: true });
    for (const x of pair) {
      const key = `${w.visit}|${w.department}|${x.no}`;
      if (!counted.has(key)) inHand.set(x.no, (inHand.get(x.no) ?? 0) + 1);
      counted.add(key);
    }
  }
  const groups = groupBy(open, (w) => `${w.uscc}|${w.department}`);
  const standing = new Map(assignments.map((a) => [`${a.uscc}|${a.department}`, a]));
  const tasks = new Map<Task, Waiting[]>();
  for (const group of groups.values()) {
    // The same department is there already: the same two look at this as well, if they know the matter.
    const already = standing.get(`${group[0]!.uscc}|${group[0]!.department}`);
    const rest = group.filter((w) => {
      if (!already?.inspectors.some((x) => task([w], subjects).subjects.every((s) => knows(x, s)))) return true;
      assignments.push({ ...named(w, already.visit), inspectors: already.inspectors, standing: false });
      return false;
    });
    if (rest.length > 0) tasks.set(task(rest, subjects), rest);
  }
  const unassigned: DispatchPlan['unassigned'] = [];
  for (const drawn of draw([...tasks.keys()], inspectors, seed, asOf, inHand)) {
    const group = tasks.get(drawn.task)!;
    if (!drawn.pair) {
      unassigned.push({ ...drawn, anomalies: group.map((w) => w.id) });
      continue;
    }
    const { uscc } = drawn.task;
    const visit = visits.get(uscc) ?? visitId(uscc, asOf);
    visits.set(uscc, visit);
    for (const w of group) assignments.push({ ...named(w, visit), inspectors: drawn.pair, standing: false });
  }
  assignments.sort((a, b) => (a.anomaly < b.anomaly ? -1 : 1));
  return { assignments, unassigned, visits: new Set(assignments.map((a) => a.visit)).size };
}

/** Writes down what is given out anew, in one transaction. */
/** Answers false where nothing was given out that was not before. `also` is done in the same transaction. */
export async function recordDispatch(
  session: Session,
  plan: DispatchPlan,
  seed: string,
  asOf: string,
  also: () => Promise<void> = async () => {},
): Promise<boolean> {
  const d = session.dialect;
  const fresh = plan.assignments.filter((a) => !a.standing);
  if (fresh.length === 0) return false;
  await session.transaction(async () => {
    for (let i = 0; i < fresh.length; i += 500) {
      const rows = fresh.slice(i, i + 500).map((a) => {
        const [x, y] = a.inspectors;
        const texts = [a.visit, a.anomaly, a.uscc, a.department].map((t) => d.text(t)).join(', ');
        return `(${texts}, ${d.date(asOf)}, ${[seed, x.no, x.name, y.no, y.name].map((t) => d.text(t)).join(', ')})`;
      });
      await session.run(`INSERT INTO ledger.assignment VALUES ${rows.join(', ')}`);
    }
    await also();
  });
  return true;
}

async function waitingAnomalies(session: Session): Promise<Waiting[]> {
  const d = session.dialect;
  return session.rows<Waiting>(
    `SELECT s.id AS id, s.uscc AS uscc, s.enterprise AS enterprise, e.address AS address, s.check_id AS check_id, s.department AS department,
  s.severity AS severity, s.overdue AS overdue, ${d.formatDate('s.opened_on')} AS opened_on,
  g.visit AS visit, ${d.formatDate('g.as_of')} AS given_on, g.inspector_1 AS inspector_1, g.inspector_2 AS inspector_2
FROM life.standing s
LEFT JOIN ledger.enterprise e ON e.uscc = s.uscc
LEFT JOIN (
  SELECT *, row_number() OVER (PARTITION BY anomaly_id ORDER BY as_of DESC, visit DESC) AS nth FROM ledger.assignment
) g ON g.anomaly_id = s.id AND g.nth = 1 AND (s.handled_on IS NULL OR g.as_of >= s.handled_on)
WHERE s.needs_eyes ORDER BY s.id`,
  );
}

/** Those two still have it, unless it came back since, or one of them may not go any more. */
function standingPair(
  w: Waiting,
  byNo: ReadonlyMap<string, Inspector>,
  asOf: string,
): [Inspector, Inspector] | undefined {
  if (!w.given_on || w.given_on < w.opened_on) return undefined;
  const [a, b] = [byNo.get(w.inspector_1 ?? ''), byNo.get(w.inspector_2 ?? '')];
  if (!a || !b || a.no === b.no) return undefined;
  const may = (x: Inspector) =>
    x.department === w.department &&
    x.certificate_to >= asOf &&
    !x.conflicts.includes(w.uscc) &&
    !x.conflicts.includes(w.enterprise);
  return may(a) && may(b) ? [a, b] : undefined;
}

function task(group: readonly Waiting[], subjects: ReadonlyMap<string, string[]>): Task {
  const first = group[0]!;
  const rank = { red: 1, yellow: 2, blue: 3 } as Record<string, number>;
  return {
    uscc: first.uscc,
    enterprise: first.enterprise,
    address: first.address,
    department: first.department,
    subjects: group.map((w) => subjects.get(w.check_id) ?? [w.check_id]),
    urgency: Math.min(...group.map((w) => (w.overdue ? 0 : (rank[w.severity] ?? 4)))),
  };
}

const named = (w: Waiting, visit: string) => ({ visit, anomaly: w.id, uscc: w.uscc, department: w.department });

const visitId = (uscc: string, asOf: string): string =>
  `HC-${asOf.replaceAll('-', '')}-${createHash('sha256').update(`${uscc}|${asOf}`).digest('hex').slice(0, 8).toUpperCase()}`;

function groupBy<T>(items: readonly T[], key: (x: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const x of items) groups.set(key(x), [...(groups.get(key(x)) ?? []), x]);
  return groups;
}
