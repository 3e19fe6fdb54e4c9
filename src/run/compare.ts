import type { CheckedCheck } from '../checks/checked.js';
import { anomaliesTable, evidenceTable, flaggedTable, foundTable, outcomesTable } from '../compile/anomalies.js';
import { type Details, detailSelect } from '../compile/details.js';
import { OUTCOME, type RunFacts } from '../compile/facts.js';
import type { Wording } from '../compile/format.js';
import { bytesToJudge } from '../compile/frame-memory.js';
import { holdBack } from '../compile/held-back.js';
import { OutcomeWords } from '../compile/outcome-words.js';
import { outcomeStatements, rowsTable } from '../compile/outcomes.js';
import { type Frame, planFrames, sourcesOf } from '../compile/plan.js';
import type { Portion } from '../compile/portions.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { Engine } from '../engine/engine.js';
import { knowingMore } from './know-more.js';
import { Portions } from './portions.js';
import { SMALL, sideBySide } from './side-by-side.js';

/** Bytes that an engine holds of an enterprise while it is judged by several large frames: where there is room for that, nothing is reckoned. */
const BYTES_TO_JUDGE = 20_000;
/** … of statements, however few enterprises they judge: at most half of the memory, for little is better than nothing. */
const BYTES_ANYWAY = 0.15e9;
/** … of an enterprise and a frame while what frames say is put together. */
const BYTES_TO_JOIN = 60;
/** … while the rows of some enterprises are copied, or what was found is worded: lookups among all rows are confined to these, but keys are not. */
const BYTES_TO_COPY = 200;
const BYTES_TO_WORD = 400;

export type OutcomeName = keyof typeof OUTCOME;
/** Enterprises by outcome, for each check. */
export type OutcomeCounts = Map<string, Record<OutcomeName, number>>;

export interface CompareOptions {
  progress?: (step: string, done: number, total: number, verdicts?: number) => void;
  /** Condition on `_eid`: which enterprises are judged. Rows of the others still count for checks that look at any enterprise. */
  scope?: Sql;
  /** From the counts of what was found: the checks that are not believed. What they found goes to `run.held`. */
  doubtful?: (counts: OutcomeCounts) => Promise<string[]>;
  /** Where the rows of the enterprises that are judged lie, if there are fewer of them than in `src`. */
  schema?: string;
  /** Bytes that the engine may use; where not given, more than it wants. */
  memory?: number;
  /** Fewer enterprises than that are not judged by themselves, whatever the memory. */
  fewestAtOnce?: number;
}

/**
 * Judges every enterprise by every check. Reads `src.*` and `meta.quarantine`; leaves `run.outcomes`, `run.anomalies`
 * and `run.evidence`.
 */
export async function compare(
  engine: Engine,
  checks: readonly CheckedCheck[],
  facts: RunFacts,
  wording: Wording,
  options: CompareOptions = {},
): Promise<OutcomeCounts> {
  const d = engine.dialect;
  await engine.run('CREATE SCHEMA run');
  const frames = planFrames(checks);
  const schema = options.schema ?? 'src';
  const [judged] = await engine.rows<{ n: number; last: number }>(
    `SELECT count(*) AS n, max(_eid) AS last FROM ${schema}.enterprise`,
  );
  const enterprises = Number(judged?.n ?? 0);
  const { memory = Infinity } = options;
  const room = Math.max(memory - BYTES_ANYWAY, memory / 2);
  const large = enterprises > SMALL;
  const known = large ? await knowingMore(engine, frames, checks, facts, schema) : facts;
  const words = new OutcomeWords(checks, d);
  let done = 0;
  let verdicts = 0;
  options.progress?.('compare', 0, frames.length, 0);
  const sources = new Set(checks.flatMap((c) => [...sourcesOf(c)]));
  const portions = new Portions(engine, sources, facts, schema, Number(judged?.last ?? 0), options.fewestAtOnce);
  const parted = longestFirst(frames).map((frame) => {
    const bytes = enterprises * BYTES_TO_JUDGE > memory ? bytesToJudge(frame, enterprises, facts, d) : 0;
    const parts = portions.of(partsOf(bytes, room));
    return { frame, parts, bytes: bytes / parts.length };
  });
  const beside = { rows: enterprises, memory: room, bytesOf: (x: { bytes: number }) => x.bytes };
  await sideBySide(engine, parted, beside, async (session, { frame, parts }) => {
    let left = parts;
    for (const nth of frame.each ? [0, 1] : [0]) {
      const sql = (portion?: Portion) => outcomeStatements(frame, d, known, schema, large, portion, words)[nth]!;
      left = await portions.run(session, left, sql);
    }
    verdicts += enterprises * frame.checks.length;
    options.progress?.('compare', ++done, frames.length, verdicts);
  });
  await portions.run(engine, portions.of(partsOf(BYTES_TO_JOIN * enterprises * frames.length, room)), (portion) =>
    outcomesTable(frames, words, d, schema, portion),
  );
  await portions.drop();
  if (options.scope) await engine.run(`DELETE FROM ${words.table} WHERE NOT (${options.scope})`);
  await engine.run(words.view());
  await engine.run(flaggedTable(words));
  const found = await countOutcomes(engine, words, checks);
  await findDetails(
    engine,
    { frames, words },
    checks.filter((c) => found.get(c.id)!.anomaly > 0),
    known,
    wording,
    options,
    enterprises,
  );
  const held = (await options.doubtful?.(found)) ?? [];
  if (held.length > 0) for (const sql of holdBack(held, words, d)) await engine.run(sql);
  for (const sql of anomaliesTable(checks, d)) await engine.run(sql);
  await engine.run(evidenceTable(d, facts.others.length));
  const replaced = new Set(checks.flatMap((c) => c.def.supersedes));
  for (const check of checks) if (replaced.has(check.id)) await engine.run(words.supersede(check.id));
  const changed = checks.filter((c) => replaced.has(c.id) || held.includes(c.id));
  return new Map([...found, ...(await countOutcomes(engine, words, changed))]);
}

/**
 * In how many portions to do what takes so many bytes: as few as find room, since each scans every source anew; but what would leave no room
 * for another statement beside it in two, rather than at once.
 */
const partsOf = (bytes: number, memory: number): number =>
  bytes > memory ? Math.ceil(bytes / memory) : bytes > memory / 2 ? 2 : 1;

async function countOutcomes(
  engine: Engine,
  words: OutcomeWords,
  checks: readonly CheckedCheck[],
): Promise<OutcomeCounts> {
  const none = { consistent: 0, anomaly: 0, not_comparable: 0, not_applicable: 0 };
  const counts: OutcomeCounts = new Map(checks.map((c) => [c.id, { ...none }]));
  if (checks.length === 0) return counts;
  const names = new Map(Object.entries(OUTCOME).map(([name, n]) => [n as number, name as OutcomeName]));
  const rows = await engine.rows<{ nth: number; outcome: number; n: number }>(words.counts(checks));
  for (const { nth, outcome, n } of rows) {
    counts.get(checks[Number(nth) - 1]!.id)![names.get(Number(outcome))!] = Number(n);
  }
  return counts;
}

/** `run.found`: details of the anomalies in the frames they were judged in, worked out on a copy of the rows of those enterprises alone. */
async function findDetails(
  engine: Engine,
  judged: { frames: readonly Frame[]; words: OutcomeWords },
  checks: readonly CheckedCheck[],
  facts: RunFacts,
  wording: Wording,
  options: CompareOptions,
  enterprises: number,
): Promise<void> {
  const { memory } = options;
  const d = engine.dialect;
  const frames = longestFirst(planFrames(checks));
  const [anomalous] = await engine.rows<{ n: number }>('SELECT count(*) AS n FROM run.flagged');
  const details = frames.map((frame) => {
    const outcomes = frame.each
      ? rowsTable(judged.frames.find((f) => f.checks.includes(frame.checks[0]!))!)
      : `(${judged.words.asColumns('run.flagged', frame.checks)}) AS flagged`;
    return detailSelect(frame, d, facts, wording, 'hot', outcomes, enterprises > SMALL);
  });
  await engine.run('CREATE SCHEMA hot');
  await sideBySide(
    engine,
    hotTables(details, facts, d),
    { rows: enterprises, memory, bytesOf: () => BYTES_TO_COPY * enterprises },
    (session, sql) => session.run(sql),
  );
  await engine.run(foundTable(d, facts.others.length));
  let done = 0;
  const rows = Number(anomalous?.n ?? 0);
  const bytesOf = () => BYTES_TO_WORD * enterprises;
  await sideBySide(engine, details, { rows, memory, bytesOf }, async (session, { select }) => {
    options.progress?.('details', done++, frames.length);
    await session.run(`INSERT INTO run.found ${select}`);
  });
  await engine.run('DROP SCHEMA hot CASCADE');
}

/** What takes longest is not what the others wait for at the end. The more checks, the longer a statement. */
const longestFirst = (frames: readonly Frame[]): Frame[] =>
  frames.toSorted((a, b) => b.checks.length - a.checks.length);

/** Statements, in any order, that leave `hot.*`: of every source the rows of enterprises with an anomaly, with the columns that details read. */
function hotTables(details: readonly Details[], facts: RunFacts, d: Dialect): Sql[] {
  const reads = new Map<string, Set<string>>();
  for (const [source, columns] of details.flatMap((x) => [...x.reads])) {
    reads.set(source, new Set([...(reads.get(source) ?? []), ...columns]));
  }
  return [...reads].map(([source, columns]) => {
    const table = d.ident(source);
    if (!facts.source(source).linked) return `CREATE VIEW hot.${table} AS SELECT * FROM src.${table}`;
    const read = ['_eid', ...columns].map((c) => d.ident(c)).join(', ');
    return `CREATE TABLE hot.${table} AS SELECT ${read} FROM src.${table} WHERE _eid IN (SELECT _eid FROM run.flagged)`;
  });
}
