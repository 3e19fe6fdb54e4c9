import type { Engine, Session } from '../../src/engine/engine.js';

/** What one statement costs, as the plan says: before it runs, and in numbers that no other load on the machine changes. */
export interface Planned {
  sql: string;
  operators: number;
  /** Tables read, each as often as it is read. */
  scans: string[];
}

export interface Counted {
  statements: number;
  bytes: number;
  planned: Planned[];
}

interface PlanNode {
  name: string;
  children: PlanNode[];
  extra_info: Record<string, unknown>;
}

const FILLS_A_TABLE = /^\s*(?:CREATE (?:OR REPLACE )?(?:TEMP )?TABLE [\w."]+ AS\b|INSERT INTO [\w."]+ )/;

/** The same engine, which counts what it is asked to do. With `plans`, every statement that fills a table is explained first. */
export function counting(engine: Engine, plans: boolean): { engine: Engine; counted: Counted } {
  const counted: Counted = { statements: 0, bytes: 0, planned: [] };
  const note = async (session: Session, sql: string) => {
    counted.statements += 1;
    counted.bytes += Buffer.byteLength(sql);
    if (plans && FILLS_A_TABLE.test(sql)) counted.planned.push(await planOf(session, sql));
  };
  return { engine: watched(engine, note), counted };
}

/** A session or an engine whose statements are noted; all else goes to the one behind it. */
function watched<T extends Session>(session: T, note: (session: Session, sql: string) => Promise<void>): T {
  return new Proxy(session, {
    get(target, property) {
      const value = Reflect.get(target, property, target) as unknown;
      if (typeof value !== 'function') return value;
      const method = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
      switch (property) {
        case 'run':
        case 'rows':
        case 'writeLines':
        case 'writeParquet':
          return async (sql: string, ...more: unknown[]) => {
            await note(target, sql);
            return method(sql, ...more);
          };
        case 'session':
          return async () => watched((await method()) as Session, note);
        default:
          return method;
      }
    },
  });
}

async function planOf(session: Session, sql: string): Promise<Planned> {
  const [row] = await session.rows<{ explain_value: string }>(`EXPLAIN (FORMAT json) ${sql}`);
  const nodes = (JSON.parse(row!.explain_value) as PlanNode[]).flatMap(all);
  const scans = nodes
    .filter((n) => /SCAN/.test(n.name) && typeof n.extra_info?.Table === 'string')
    .map((n) => tableOf(n.extra_info.Table as string))
    .sort();
  return { sql, operators: nodes.length, scans };
}

const all = (node: PlanNode): PlanNode[] => [node, ...node.children.flatMap(all)];

/** `work.src.enterprise` as `src.enterprise`: the database is called after its file. Frames are numbered in the order of checks. */
const tableOf = (name: string): string =>
  name
    .split('.')
    .slice(-2)
    .join('.')
    .replace(/frame_\d+/, 'frame');
