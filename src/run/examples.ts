import pLimit from 'p-limit';
import type { CheckedCheck } from '../checks/checked.js';
import { lookupsOf } from '../checks/ir.js';
import type { Example, Outcome } from '../checks/theme.js';
import { OUTCOME, type RunFacts } from '../compile/facts.js';
import { workdaysTable } from '../compile/language-functions.js';
import { outcomeStatements } from '../compile/outcomes.js';
import { planFrames } from '../compile/plan.js';
import type { Contract } from '../config/contract.js';
import type { Pack } from '../config/pack.js';
import type { Engine, Session } from '../engine/engine.js';
import { loadSources } from '../ingest/load.js';
import type { RawTable } from '../ingest/raw-table.js';
import type { IngestRecord } from '../ingest/record.js';
import { factsOf } from './facts.js';

export interface ExampleResult {
  check: CheckedCheck;
  index: number;
  example: Example;
  /** What the check said; undefined where the example could not be run, and `fault` says why. */
  got?: Outcome;
  fault?: string;
}

type Row = Record<string, unknown>;

/** A credit code that passes both checks (GB 32100, GB 11714), for examples that leave theirs out. Nobody's. */
const EXAMPLE_USCC = '91320594MA1TEXT06F';
const EXAMPLE_NAME = '示例企业有限公司';

/** Keys of an example that are not sources. */
const NOT_SOURCES = new Set(['title', 'as_of', 'outcome', 'params']);

/**
 * Runs the examples of checks, each in a world of its own: its rows pass through the same cleaning, linking and SQL as any
 * extract. `engine` holds the reference tables under `ref` (see references.ts).
 */
export async function runExamples(
  engine: Engine,
  pack: Pack,
  checks: readonly CheckedCheck[],
  done?: (n: number, total: number) => void,
): Promise<ExampleResult[]> {
  const results: ExampleResult[] = [];
  const total = checks.reduce((n, c) => n + c.def.examples.length, 0);
  for (const check of checks) {
    for (const [index, example] of check.def.examples.entries()) {
      const result: ExampleResult = { check, index, example };
      try {
        result.got = await runExample(engine, pack, check, example);
      } catch (error) {
        result.fault = error instanceof Error ? error.message : String(error);
      }
      results.push(result);
      done?.(results.length, total);
    }
  }
  return results;
}

async function runExample(engine: Engine, pack: Pack, check: CheckedCheck, example: Example): Promise<Outcome> {
  for (const schema of ['src', 'meta', 'stage', 'raw', 'run'])
    await engine.run(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  for (const schema of ['src', 'raw', 'run']) await engine.run(`CREATE SCHEMA ${schema}`);
  const given = sourcesGiven(example);
  const wanted = new Set([
    'enterprise',
    ...[...lookupsOf(check.lookups)].map((l) => l.relation.source),
    ...given.keys(),
  ]);
  if (usesCalendar(check)) wanted.add('holidays');
  const { record, references } = await loadExample(engine, pack, given, wanted);
  const facts = exampleFacts(
    await factsOf(engine, pack, record, { asOf: example.as_of, lang: 'zh', unmasked: false }),
    example,
    given,
    references,
  );
  if (wanted.has('holidays')) await engine.run(workdaysTable(engine.dialect));
  const [frame] = planFrames([check]);
  for (const sql of outcomeStatements(frame!, engine.dialect, facts)) await engine.run(sql);
  const subject = String(given.get('enterprise')?.[0]?.uscc ?? EXAMPLE_USCC);
  const d = engine.dialect;
  const [row] = await engine.rows<{ outcome: number }>(
    `SELECT o.${d.ident(check.id)} AS outcome FROM run.${frame!.name} o JOIN src.enterprise e ON e._eid = o._eid WHERE e.uscc = ${d.text(subject)}`,
  );
  const name = Object.entries(OUTCOME).find(([, n]) => n === Number(row?.outcome))?.[0];
  if (!row || !name)
    throw new Error(`no outcome for ${subject}: its row was refused; give it a credit code that passes its check`);
  return name as Outcome;
}

/** Rows by source, as the example gives them; none for `not delivered`. */
function sourcesGiven(example: Example): Map<string, Row[] | undefined> {
  const given = new Map<string, Row[] | undefined>();
  for (const [key, value] of Object.entries(example)) {
    if (NOT_SOURCES.has(key)) continue;
    given.set(key, value === 'not delivered' ? undefined : Array.isArray(value) ? (value as Row[]) : [value as Row]);
  }
  const [judged, ...others] = given.get('enterprise') ?? [{}];
  const subject: Row = { uscc: EXAMPLE_USCC, name: EXAMPLE_NAME, ...judged };
  given.set('enterprise', [subject, ...others]);
  return given;
}

async function loadExample(
  engine: Engine,
  pack: Pack,
  given: ReadonlyMap<string, Row[] | undefined>,
  wanted: ReadonlySet<string>,
): Promise<{ record: IngestRecord; references: Set<string> }> {
  const references = new Set<string>();
  const contracts: Contract[] = [];
  for (const source of wanted) {
    const contract = pack.contracts.get(source);
    if (!contract) throw new Error(`no source '${source}'`);
    if (pack.builtin.has(source)) continue;
    if (contract.kind === 'reference' && !given.has(source)) references.add(source);
    else contracts.push(contract);
  }
  const subject = given.get('enterprise')![0]!;
  const inputs = contracts
    .filter((c) => (given.get(c.source) ?? []).length > 0)
    .map((c, index) => ({ index, source: c.source, path: '', name: c.source }));
  const record = await loadSources(engine, pack, {
    contracts,
    inputs,
    read: (input, contract) => rawTable(engine, contract, input.index, given.get(contract.source)!, subject),
    limit: pLimit(1),
  });
  for (const source of references) {
    await engine.run(
      `CREATE VIEW src.${engine.dialect.ident(source)} AS SELECT * FROM ref.${engine.dialect.ident(source)}`,
    );
  }
  return { record, references };
}

/** The example's rows as a file would have given them: one column per field, a blank where the example says nothing. */
async function rawTable(
  session: Session,
  contract: Contract,
  index: number,
  rows: Row[],
  subject: Row,
): Promise<RawTable> {
  const d = session.dialect;
  const fields = Object.keys(contract.fields);
  for (const row of rows) {
    const strange = Object.keys(row).find((k) => !fields.includes(k));
    if (strange) throw new Error(`${contract.source} has no field '${strange}'`);
  }
  const usccField = contract.subject?.uscc;
  const identified = Object.values(contract.subject ?? {});
  const filled = rows.map((row) => {
    const anonymous = usccField && !identified.some((f) => f && f in row);
    return anonymous ? { ...row, [usccField]: subject.uscc } : row;
  });
  const table = `raw.${d.ident(`file_${index}`)}`;
  const values = filled.map((row, i) => `(${[i + 2, ...fields.map((f) => cell(row[f], d.text))].join(', ')})`);
  const names = ['_row', ...fields.map((_, i) => `c${i}`)];
  const select = ['CAST(_row AS BIGINT) AS _row', ...fields.map((_, i) => `${d.cast(`c${i}`, 'text')} AS c${i}`)];
  await session.run(
    `CREATE TABLE ${table} AS SELECT ${select.join(', ')} FROM (VALUES ${values.join(', ')}) v(${names.join(', ')})`,
  );
  return {
    table,
    headers: fields,
    format: 'json',
    bytes: 0,
    sha256: '',
    counts: { data: rows.length, title: 0, header: 1, blank: 0, footer: 0 },
    malformed: [],
    notes: [],
  };
}

function cell(value: unknown, text: (x: string) => string): string {
  if (value === undefined || value === null || value === '') return 'NULL';
  return text(Array.isArray(value) ? value.join(';') : String(value));
}

/** What the example says about its world: parameters of its own, sources that were not delivered. Everything else was, even if without a row. */
function exampleFacts(
  facts: RunFacts,
  example: Example,
  given: ReadonlyMap<string, Row[] | undefined>,
  references: ReadonlySet<string>,
): RunFacts {
  const params = new Map(facts.params);
  for (const [name, value] of Object.entries(example.params ?? {})) {
    if (!params.has(name)) throw new Error(`no parameter '${name}'`);
    params.set(name, value as string);
  }
  return {
    ...facts,
    params,
    source: (id) => {
      const of = facts.source(id);
      const delivered = references.has(id) || !given.has(id) || given.get(id) !== undefined;
      return { ...of, delivered, absentFields: new Set() };
    },
  };
}

const usesCalendar = (check: CheckedCheck): boolean => JSON.stringify(check.def).includes('workdays_between');
