import pLimit from 'p-limit';
import { usesCalendar } from '../checks/expressions.js';
import { workdaysTable } from '../compile/language-functions.js';
import { sourcesOf } from '../compile/plan.js';
import type { Contract, Field } from '../config/contract.js';
import type { Pack } from '../config/pack.js';
import type { Engine, Session } from '../engine/engine.js';
import { loadSources } from '../ingest/load.js';
import type { RawTable } from '../ingest/raw-table.js';
import type { IngestRecord } from '../ingest/record.js';
import type { ValueOptions } from '../values/value-type.js';
import { type Case, identified, type Row } from './example-cases.js';

/** Extracts made of the rows of many examples, loaded as any extracts are. */
export interface World {
  record: IngestRecord;
  /** Sources that are not simply a table of reference. */
  extracts: ReadonlySet<string>;
  /** Where a case's rows lie in the files: rows of one case stand together. */
  rowsOf(c: Case): { file: number; first: number; last: number }[];
}

interface Extract {
  contract: Contract;
  rows: { c: Case; row: Row }[];
  /** Its terms stand in one column, from and to. */
  ranged: boolean;
}

/** A column of its own tells the rows of the cases apart: part of every key, so that no case's row repeats another's. */
const CASE = 'example_case';

function withCase(pack: Pack): Pack {
  const title = { zh: CASE, en: CASE };
  const column: Field = { title, names: [], type: 'int', required: true };
  const contracts = [...pack.contracts].map(([id, c]): [string, Contract] => {
    if (pack.builtin.has(id)) return [id, c];
    return [id, { ...c, key: [...c.key, CASE], fields: { ...c.fields, [CASE]: column } }];
  });
  return { ...pack, contracts: new Map(contracts) };
}

/** The first row of data, as in a file with one line of headers. */
const FIRST_ROW = 2;

/** Loads the rows of the cases into `src`, `meta` and so on, whatever was there before. `ref` holds the reference tables. */
export async function loadWorld(
  engine: Engine,
  pack: Pack,
  cases: readonly Case[],
  aliases: ValueOptions['aliases'],
): Promise<World> {
  for (const schema of ['src', 'meta', 'stage', 'raw', 'run'])
    await engine.run(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  for (const schema of ['src', 'raw', 'run']) await engine.run(`CREATE SCHEMA ${schema}`);
  const sources = sourcesOfAll(cases);
  const { contracts } = withCase(pack);
  const loaded: Contract[] = [];
  const files: Extract[] = [];
  const references: string[] = [];
  for (const source of sources) {
    const contract = contracts.get(source);
    if (!contract) throw new Error(`no source '${source}'`);
    if (pack.builtin.has(source)) continue;
    const rows = cases.flatMap((c) =>
      (c.given.get(source) ?? []).map((row) => ({
        c,
        row: { ...identified(row, contract, c.subject), [CASE]: c.number },
      })),
    );
    if (contract.kind === 'reference' && rows.length === 0) references.push(source);
    else {
      loaded.push(contract);
      // A file has its terms in one column or in two: rows written either way come in two files.
      for (const ranged of [false, true]) {
        const alike = rows.filter(({ row }) => isRanged(row, contract) === ranged);
        if (alike.length > 0) files.push({ contract, rows: alike, ranged });
      }
    }
  }
  const record = await loadSources(
    engine,
    { ...pack, contracts },
    {
      contracts: loaded,
      inputs: files.map(({ contract: { source } }, index) => ({ index, source, path: '', name: source })),
      read: (_, input) => rawTable(engine, files[input.index]!, input.index),
      limit: pLimit(1),
      aliases,
    },
  );
  for (const source of references) {
    const table = engine.dialect.ident(source);
    await engine.run(`CREATE VIEW src.${table} AS SELECT * FROM ref.${table}`);
  }
  if (sources.has('holidays')) await engine.run(workdaysTable(engine.dialect));
  return {
    record,
    extracts: new Set([...loaded.map((c) => c.source), ...pack.builtin]),
    rowsOf: (c) =>
      files.flatMap((x, file) => {
        const first = x.rows.findIndex((r) => r.c === c);
        const count = x.rows.filter((r) => r.c === c).length;
        return count > 0 ? [{ file, first: first + FIRST_ROW, last: first + FIRST_ROW + count - 1 }] : [];
      }),
  };
}

/** Sources that the cases' checks read, or that their examples speak of. */
function sourcesOfAll(cases: readonly Case[]): Set<string> {
  const sources = new Set<string>();
  for (const check of new Set(cases.map((c) => c.check))) {
    for (const source of sourcesOf(check)) sources.add(source);
    if (usesCalendar(check)) sources.add('holidays');
  }
  for (const c of cases) for (const source of c.given.keys()) sources.add(source);
  return sources;
}

/** The rows as a file would have given them: a column for each field they speak of, blank where a row does not. */
async function rawTable(session: Session, { contract, rows, ranged }: Extract, index: number): Promise<RawTable> {
  const d = session.dialect;
  for (const { row } of rows) {
    const strange = Object.keys(row).find((k) => !(k in contract.fields));
    if (strange) throw new Error(`${contract.source} has no field '${strange}'`);
  }
  // What no row speaks of is blank in all of them and need not be read.
  const fields = Object.entries(contract.fields)
    .filter(([id, f]) => f.required || contract.key.includes(id) || rows.some(({ row }) => id in row))
    .map(([id]) => id);
  const terms = ranged ? termsOf(contract) : [];
  const columns = [
    ...fields
      .filter((f) => !terms.some((t) => t.from === f || t.to === f))
      .map((f) => ({ header: f, of: (r: Row) => r[f] })),
    ...terms.map((t) => ({ header: t.header, of: (r: Row) => r[t.to] ?? r[t.from] })),
  ];
  const table = `raw.${d.ident(`file_${index}`)}`;
  const values = rows.map(
    ({ row }, i) => `(${[i + FIRST_ROW, ...columns.map((c) => cell(c.of(row), d.text))].join(', ')})`,
  );
  const names = ['_row', ...columns.map((_, i) => `c${i}`)];
  const select = [`${d.cast('_row', 'int')} AS _row`, ...columns.map((_, i) => `${d.cast(`c${i}`, 'text')} AS c${i}`)];
  await session.run(
    `CREATE TABLE ${table} AS SELECT ${select.join(', ')} FROM (VALUES ${values.join(', ')}) v(${names.join(', ')})`,
  );
  return {
    table,
    headers: columns.map((c) => c.header),
    format: 'json',
    bytes: 0,
    sha256: '',
    counts: { data: rows.length, title: 0, header: 1, blank: 0, footer: 0 },
    malformed: [],
    notes: [],
  };
}

/** Fields that are the two ends of a term written in one cell, and the header of its column. */
function termsOf(contract: Contract): { header: string; from: string; to: string }[] {
  const ends = (part: 'from' | 'to') => Object.entries(contract.fields).filter(([, f]) => f.part === part);
  return ends('from').flatMap(([from, f]) =>
    ends('to').flatMap(([to, t]) => {
      const header = f.names.find((n) => t.names.includes(n));
      return header ? [{ header, from, to }] : [];
    }),
  );
}

/** One text for both ends, or a text with two years in it, stood in one cell. */
const isRanged = (row: Row, contract: Contract): boolean =>
  termsOf(contract).some(({ from, to }) => {
    const ends = [row[from], row[to]].filter((x) => x !== undefined).map(String);
    return (ends.length === 2 && ends[0] === ends[1]) || ends.some((x) => /[12]\d{3}.*[12]\d{3}/.test(x));
  });

function cell(value: unknown, text: (x: string) => string): string {
  if (value === undefined || value === null || value === '') return 'NULL';
  return text(Array.isArray(value) ? value.join(';') : String(value));
}

/** A schema in which a case sees its own rows and nobody else's. Answers its name. */
export async function ownSchema(session: Session, pack: Pack, world: World, c: Case): Promise<string> {
  const d = session.dialect;
  const schema = `case_${c.number}`;
  const wanted = sourcesOf(c.check);
  await session.run(`CREATE SCHEMA ${schema}`);
  for (const source of wanted) {
    const table = d.ident(source);
    const contract = pack.contracts.get(source)!;
    const view = (rows: string) => session.run(`CREATE VIEW ${schema}.${table} AS SELECT * FROM ${rows}`);
    if (pack.builtin.has(source)) {
      const within = world.rowsOf(c).map((r) => `(_file = ${r.file} AND _row BETWEEN ${r.first} AND ${r.last})`);
      await view(`src.${table} WHERE ${within.join(' OR ')}`);
    } else if (contract.kind === 'reference' && !c.given.has(source)) await view(`ref.${table}`);
    else await view(`src.${table} WHERE ${CASE} = ${c.number}`);
  }
  return schema;
}
