import pLimit from 'p-limit';
import type { CheckedCheck } from '../checks/checked.js';
import { lookupsOf } from '../checks/ir.js';
import type { Example, Outcome } from '../checks/theme.js';
import { OUTCOME, type RunFacts } from '../compile/facts.js';
import { workdaysTable } from '../compile/language-functions.js';
import { verdictSelect } from '../compile/outcomes.js';
import { planFrames } from '../compile/plan.js';
import type { Contract } from '../config/contract.js';
import type { Pack } from '../config/pack.js';
import type { Engine, Session } from '../engine/engine.js';
import { readAliases } from '../ingest/address-aliases.js';
import { loadSources } from '../ingest/load.js';
import type { RawTable } from '../ingest/raw-table.js';
import type { IngestRecord } from '../ingest/record.js';
import type { ValueOptions } from '../values/value-type.js';
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

/** Enterprises of examples: codes that pass both checks (GB 32100, GB 11714) under a registrar's number. Nobody's. */
const SUBJECTS = Array.from({ length: 24 }, (_, i) => ({
  uscc: makeUscc(`MA9BD${String(i).padStart(3, '0')}`),
  name: `示例企业${i + 1}有限公司`,
}));
/** The one that examples may name themselves; see docs/check-language.md. */
const NAMED = { uscc: '91320594MA1TEXT06F', name: '示例企业有限公司' };

/** Keys of an example that are not sources. */
const NOT_SOURCES = new Set(['title', 'as_of', 'outcome', 'params']);

/** An example with its rows, and the enterprise it is about. */
interface Case {
  index: number;
  example: Example;
  given: Map<string, Row[] | undefined>;
  subject: { uscc: string; name: string };
}

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
  const results: ExampleResult[] = [];
  const total = checks.reduce((n, c) => n + c.def.examples.length, 0);
  const aliases = pack.contracts.has('address_alias') ? await readAliases(engine, 'ref.address_alias') : undefined;
  for (const check of checks) {
    for (const cases of worlds(check, pack)) {
      const outcomes = await runWorld(engine, pack, check, cases, aliases);
      for (const c of cases) results.push({ check, index: c.index, example: c.example, ...outcomes.get(c)! });
      done?.(results.length, total);
    }
  }
  return results;
}

/**
 * Examples that can share a set of extracts without meeting each other, since loading one costs far more than a row in
 * it: each is an enterprise of its own. An example that names its enterprise, or brings others, or reference rows, or rows
 * whose key does not name their enterprise, or a check that looks at rows of any enterprise, gets a world to itself.
 */
function worlds(check: CheckedCheck, pack: Pack): Case[][] {
  const shared: Case[] = [];
  const alone: Case[][] = [];
  const acrossExtracts = [...lookupsOf(check.lookups)].some(
    (l) => l.across && pack.contracts.get(l.relation.source)?.kind === 'extract',
  );
  for (const [index, example] of check.def.examples.entries()) {
    const rows = Object.entries(example).filter(([key]) => !NOT_SOURCES.has(key));
    const named = JSON.stringify(rows).includes(NAMED.uscc) || rows.some(([id, r]) => cannotShare(pack, id, r));
    const subject = SUBJECTS[index];
    if (named || acrossExtracts || !subject) alone.push([toCase(index, example, NAMED)]);
    else shared.push(toCase(index, example, subject));
  }
  return shared.length > 0 ? [shared, ...alone] : alone;
}

function cannotShare(pack: Pack, source: string, rows: unknown): boolean {
  const contract = pack.contracts.get(source);
  if (!contract || contract.kind === 'reference') return true;
  if (source === 'enterprise' && Array.isArray(rows)) return true;
  // Rows of different enterprises must not answer to one key.
  if (source !== 'enterprise' && !contract.key.includes(contract.subject?.uscc ?? '')) return true;
  const identifying = Object.values(
    source === 'enterprise' ? { a: 'uscc', b: 'name', c: 'reg_no' } : (contract.subject ?? {}),
  );
  return [rows].flat().some((r) => typeof r === 'object' && r !== null && identifying.some((f) => f && f in r));
}

function toCase(index: number, example: Example, subject: Case['subject']): Case {
  const given = new Map<string, Row[] | undefined>();
  for (const [key, value] of Object.entries(example)) {
    if (NOT_SOURCES.has(key)) continue;
    given.set(key, value === 'not delivered' ? undefined : Array.isArray(value) ? (value as Row[]) : [value as Row]);
  }
  const [judged, ...others] = given.get('enterprise') ?? [{}];
  const first: Row = { ...subject, ...judged };
  given.set('enterprise', [first, ...others]);
  return { index, example, given, subject: { uscc: String(first.uscc), name: String(first.name) } };
}

type Verdict = Pick<ExampleResult, 'got' | 'fault'>;

async function runWorld(
  engine: Engine,
  pack: Pack,
  check: CheckedCheck,
  cases: readonly Case[],
  aliases: ValueOptions['aliases'],
): Promise<Map<Case, Verdict>> {
  const outcomes = new Map<Case, Verdict>();
  try {
    for (const schema of ['src', 'meta', 'stage', 'raw', 'run'])
      await engine.run(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    for (const schema of ['src', 'raw', 'run']) await engine.run(`CREATE SCHEMA ${schema}`);
    const { record, references } = await loadWorld(engine, pack, check, cases, aliases);
    if (references.has('holidays')) await engine.run(workdaysTable(engine.dialect));
    for (const c of cases) {
      const o = { asOf: c.example.as_of, lang: 'zh' as const, unmasked: false };
      const facts = exampleFacts(await factsOf(engine, pack, record, o), c, references);
      outcomes.set(c, { got: await outcomeOf(engine, check, c, facts) });
    }
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    for (const c of cases) if (!outcomes.has(c)) outcomes.set(c, { fault });
  }
  return outcomes;
}

async function outcomeOf(engine: Engine, check: CheckedCheck, c: Case, facts: RunFacts): Promise<Outcome> {
  const d = engine.dialect;
  const [frame] = planFrames([check]);
  const [judged] = await engine.rows<{ outcome: number }>(verdictSelect(frame!, d, facts, c.subject.uscc));
  const name = Object.entries(OUTCOME).find(([, n]) => n === Number(judged?.outcome))?.[0];
  if (!judged || !name) {
    throw new Error(
      `no outcome for ${c.subject.uscc}: its row was refused; give it a credit code that passes its check`,
    );
  }
  return name as Outcome;
}

async function loadWorld(
  engine: Engine,
  pack: Pack,
  check: CheckedCheck,
  cases: readonly Case[],
  aliases: ValueOptions['aliases'],
): Promise<{ record: IngestRecord; references: Set<string> }> {
  const wanted = new Set(['enterprise', ...[...lookupsOf(check.lookups)].map((l) => l.relation.source)]);
  for (const c of cases) for (const source of c.given.keys()) wanted.add(source);
  if (JSON.stringify(check.def).includes('workdays_between')) wanted.add('holidays');
  const references = new Set<string>();
  const contracts: Contract[] = [];
  for (const source of wanted) {
    const contract = pack.contracts.get(source);
    if (!contract) throw new Error(`no source '${source}'`);
    if (pack.builtin.has(source)) continue;
    if (contract.kind === 'reference' && !cases.some((c) => c.given.has(source))) references.add(source);
    else contracts.push(contract);
  }
  const rowsOf = (contract: Contract) =>
    cases.flatMap((c) => (c.given.get(contract.source) ?? []).map((row) => identified(row, contract, c.subject)));
  const inputs = contracts
    .filter((c) => rowsOf(c).length > 0)
    .map((c, index) => ({ index, source: c.source, path: '', name: c.source }));
  const record = await loadSources(engine, pack, {
    contracts,
    inputs,
    read: (input, contract) => rawTable(engine, contract, input.index, rowsOf(contract)),
    limit: pLimit(1),
    aliases,
  });
  for (const source of references) {
    const table = engine.dialect.ident(source);
    await engine.run(`CREATE VIEW src.${table} AS SELECT * FROM ref.${table}`);
  }
  return { record, references };
}

/** A row that says nothing of whose it is belongs to the example's enterprise. */
function identified(row: Row, contract: Contract, subject: Case['subject']): Row {
  const field = contract.subject?.uscc;
  const known = Object.values(contract.subject ?? {}).some((f) => f && f in row);
  return field && !known ? { ...row, [field]: subject.uscc } : row;
}

/** The example's rows as a file would have given them: a column for each field they speak of, blank where a row does not. */
async function rawTable(session: Session, contract: Contract, index: number, rows: Row[]): Promise<RawTable> {
  const d = session.dialect;
  for (const row of rows) {
    const strange = Object.keys(row).find((k) => !(k in contract.fields));
    if (strange) throw new Error(`${contract.source} has no field '${strange}'`);
  }
  // What no row speaks of is blank, as the facts say below, and need not be read.
  const fields = Object.entries(contract.fields)
    .filter(([id, f]) => f.required || contract.key.includes(id) || rows.some((row) => id in row))
    .map(([id]) => id);
  const table = `raw.${d.ident(`file_${index}`)}`;
  const values = rows.map((row, i) => `(${[i + 2, ...fields.map((f) => cell(row[f], d.text))].join(', ')})`);
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
function exampleFacts(facts: RunFacts, { example, given }: Case, references: ReadonlySet<string>): RunFacts {
  const params = new Map(facts.params);
  for (const [name, value] of Object.entries(example.params ?? {})) {
    if (!params.has(name)) throw new Error(`no parameter '${name}'`);
    params.set(name, value as string);
  }
  return {
    ...facts,
    params,
    source: (id) => {
      const delivered = references.has(id) || !given.has(id) || given.get(id) !== undefined;
      return { ...facts.source(id), delivered, absentFields: new Set() };
    },
  };
}

/** Check characters of GB 11714-1997 and GB 32100-2015 for a body of eight. */
function makeUscc(body: string): string {
  const sum = (text: string, alphabet: string, weight: (i: number) => number) =>
    [...text].reduce((n, c, i) => n + alphabet.indexOf(c) * weight(i), 0);
  const inner = 11 - (sum(body, '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', (i) => [3, 7, 9, 10, 5, 8, 4, 2][i]!) % 11);
  const code = `91320594${body}${inner === 10 ? 'X' : inner === 11 ? '0' : inner}`;
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  return code + alphabet[(31 - (sum(code, alphabet, (i) => 3 ** i % 31) % 31)) % 31];
}
