import type { CheckedCheck } from '../checks/checked.js';
import { lookupsOf } from '../checks/ir.js';
import type { Example, Outcome } from '../checks/theme.js';
import { OUTCOME, type RunFacts } from '../compile/facts.js';
import { verdictSelect } from '../compile/outcomes.js';
import { planFrames } from '../compile/plan.js';
import type { Pack } from '../config/pack.js';
import type { Engine, Session } from '../engine/engine.js';
import { readAliases } from '../ingest/address-aliases.js';
import type { ValueOptions } from '../values/value-type.js';
import { type Case, casesOf, worlds } from './example-cases.js';
import { loadWorld, ownSchema, type World } from './example-world.js';
import { factsOf } from './facts.js';

export interface ExampleResult {
  check: CheckedCheck;
  index: number;
  example: Example;
  /** What the check said; undefined where the example could not be run, and `fault` says why. */
  got?: Outcome;
  fault?: string;
}

type Verdict = Pick<ExampleResult, 'got' | 'fault'>;

/**
 * Runs the examples of checks: their rows pass through the same cleaning, linking and SQL as any extract. `engine` holds
 * the reference tables under `ref` (see references.ts).
 */
export async function runExamples(
  engine: Engine,
  pack: Pack,
  checks: readonly CheckedCheck[],
  done?: (n: number, total: number) => void,
): Promise<ExampleResult[]> {
  const cases = casesOf(checks);
  const verdicts = new Map<Case, Verdict>();
  const aliases = pack.contracts.has('address_alias') ? await readAliases(engine, 'ref.address_alias') : undefined;
  const told = (c: Case, v: Verdict) => {
    verdicts.set(c, v);
    done?.(verdicts.size, cases.length);
  };
  for (const together of worlds(cases, pack)) await runWorld(engine, pack, together, aliases, told);
  return cases.map((c) => ({ check: c.check, index: c.index, example: c.example, ...verdicts.get(c)! }));
}

async function runWorld(
  engine: Engine,
  pack: Pack,
  cases: readonly Case[],
  aliases: ValueOptions['aliases'],
  told: (c: Case, v: Verdict) => void,
): Promise<void> {
  let world: World;
  try {
    world = await loadWorld(engine, pack, cases, aliases);
  } catch (error) {
    // One example that cannot be loaded must not take the others with it.
    if (cases.length === 1) told(cases[0]!, { fault: words(error) });
    else for (const c of cases) await runWorld(engine, pack, [c], aliases, told);
    return;
  }
  for (const alike of alikes(cases, world)) {
    try {
      const outcomes = await outcomesOf(engine, pack, world, alike);
      for (const c of alike) told(c, outcomes.get(c.subject.uscc) ?? { fault: noOutcome(c) });
    } catch (error) {
      for (const c of alike) told(c, { fault: words(error) });
    }
  }
}

const words = (error: unknown) => (error instanceof Error ? error.message : String(error));
const noOutcome = (c: Case) =>
  `no outcome for ${c.subject.uscc}: its row was refused; give it a credit code that passes its check`;

/** Cases that one query can answer: of one check, on one day, with the same things known. */
function alikes(cases: readonly Case[], world: World): Case[][] {
  const groups = new Map<string, Case[]>();
  for (const c of cases) {
    const undelivered = [...c.given].filter(([, rows]) => !rows).map(([source]) => source);
    const key = looksAround(c, world)
      ? String(c.number)
      : JSON.stringify([c.check.id, c.example.as_of, c.example.params, undelivered]);
    groups.set(key, [...(groups.get(key) ?? []), c]);
  }
  return [...groups.values()];
}

/** Its check reads rows whichever enterprise they belong to: then it must see no other case's rows. */
const looksAround = (c: Case, world: World): boolean =>
  [...lookupsOf(c.check.lookups)].some((l) => l.across && world.extracts.has(l.relation.source));

async function outcomesOf(
  session: Session,
  pack: Pack,
  world: World,
  cases: readonly Case[],
): Promise<Map<string, Verdict>> {
  const d = session.dialect;
  const c = cases[0]!;
  const o = { asOf: c.example.as_of, lang: 'zh' as const, unmasked: false };
  const facts = exampleFacts(await factsOf(session, pack, world.record, o), c);
  const schema = looksAround(c, world) ? await ownSchema(session, pack, world, c) : 'src';
  const [frame] = planFrames([c.check]);
  const rows = await session.rows<{ uscc: string; outcome: number }>(verdictSelect(frame!, d, facts, schema));
  if (schema !== 'src') await session.run(`DROP SCHEMA ${schema} CASCADE`);
  return new Map(rows.map((r) => [r.uscc, { got: NAMES[Number(r.outcome)]! }]));
}

const NAMES = Object.fromEntries(Object.entries(OUTCOME).map(([name, n]) => [n, name as Outcome]));

/** What the example says about its world: parameters of its own, sources that were not delivered. Everything else was, even if without a row. */
function exampleFacts(facts: RunFacts, { example, given }: Case): RunFacts {
  const params = new Map(facts.params);
  for (const [name, value] of Object.entries(example.params ?? {})) {
    if (!params.has(name)) throw new Error(`no parameter '${name}'`);
    params.set(name, value as string);
  }
  return {
    ...facts,
    params,
    source: (id) => {
      const delivered = !given.has(id) || given.get(id) !== undefined;
      return { ...facts.source(id), delivered, absentFields: new Set() };
    },
  };
}
