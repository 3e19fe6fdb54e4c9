import type { LimitFunction } from 'p-limit';
import type { Contract } from '../config/contract.js';
import type { Pack } from '../config/pack.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { Engine, Session } from '../engine/engine.js';
import { Sessions } from '../engine/sessions.js';
import { allDone, allWithin } from '../engine/side-by-side.js';
import { BiduiError, EXIT, inputError, type Problem } from '../errors.js';
import type { ValueOptions } from '../values/index.js';
import { ALIAS_SOURCE, readAliases } from './address-aliases.js';
import { makeBuiltinTables } from './builtin-tables.js';
import type { Entry } from './cache/entry.js';
import type { IngestCache, Key } from './cache/ingest-cache.js';
import { columnsOf, type FileColumn, findStates, findStatesTogether, isSmall } from './columns.js';
import { findRepeats } from './dedupe.js';
import { title } from './find-files.js';
import { LINK_METHODS, type LinkMethod, linkOf, logLinks, makeLinkLog, makeLookups } from './link.js';
import { whileUnchanged } from './live-file.js';
import { type HeaderMap, mapHeaders } from './map-headers.js';
import { heavyWithin, rowsAtOnce } from './memory.js';
import {
  DROPPED,
  FILES,
  makeMetaTables,
  QUARANTINE,
  quarantineAmbiguous,
  quarantineFields,
  quarantineMalformed,
  quarantineRefused,
} from './quarantine.js';
import { dropRaw, type RawTable, rawSchemas } from './raw-table.js';
import type { FileRecord, IngestRecord, Progress, SourceRecord } from './record.js';
import { derivedColumns, type TypedField, tables, typedFields } from './sources.js';
import { type Portion, storedRows, type TypedRows, typedRows } from './type-rows.js';
import { ValueTables } from './value-tables.js';

/** A file to be loaded. `index` is its place among all files of the run: `_file` of its rows. */
export interface InputFile {
  index: number;
  source: string;
  path: string;
  name: string;
  date?: string;
}

export interface LoadOptions {
  contracts: readonly Contract[];
  /** By source, oldest first, with `index` counting from 0. */
  inputs: readonly InputFile[];
  passedOver?: (source: string) => { name: string; reason: string }[];
  /** Brings the text of a file into the engine. */
  read: (session: Session, input: InputFile, contract: Contract) => Promise<RawTable>;
  limit: LimitFunction;
  /** Bytes that the engine may use; where not given, more than it wants. */
  memory?: number;
  /** What earlier runs made of the same files. */
  cache?: IngestCache;
  /** Names for reading addresses; where not given, the reference table `address_alias` has them, if it is loaded. */
  aliases?: ValueOptions['aliases'];
  progress?: (p: Progress) => void;
  /** Already found out while the files were looked for. */
  notes?: string[];
  problems?: Problem[];
}

/** A source on its way from text to `src.<source>`. */
interface Loading {
  contract: Contract;
  fields: TypedField[];
  files: { input: InputFile; raw: RawTable; headers: HeaderMap; columns: FileColumn[] }[];
  /** There as soon as the texts of all sources are read. */
  typed?: TypedRows;
  conflictingKeys: number;
  /** Rows of keys that stand there more than once, and do not stay. */
  repeats: number;
  /** Whether any cell may not be readable or any key blank. */
  faults: boolean;
  /** What is stored. */
  loaded: LoadedRows[];
  notes: string[];
  seconds: number;
  /** What it is known by in the cache, and what lay there. */
  key?: Key;
  kept?: Entry;
}

/**
 * In rounds, each of them side by side: every file is read, and looked through; what is not written the plain way is read,
 * once for each different text of all files. Then repeated keys are decided and the enterprise library is stored; as soon as it
 * stands, every other source that is decided is typed, linked and stored by one statement.
 */
export const loadSources = (engine: Engine, pack: Pack, o: LoadOptions): Promise<IngestRecord> =>
  whileUnchanged(o.read, (read) => Sessions.during(engine, (sessions) => load(engine, sessions, pack, { ...o, read })));

async function load(engine: Engine, sessions: Sessions, pack: Pack, o: LoadOptions): Promise<IngestRecord> {
  const started = performance.now();
  const problems: Problem[] = [...(o.problems ?? [])];
  for (const schema of ['stage', 'src', 'meta']) await engine.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await makeMetaTables(engine, o.inputs);
  await makeLinkLog(engine);

  const names = o.contracts.filter(isAliasTable);
  const loading = await allWithin(o.limit, [...names, ...o.contracts.filter((c) => !isAliasTable(c))], (contract) =>
    sessions.use((session) => read(session, pack, contract, o, problems)),
  );
  if (problems.length > 0) throw inputError(sorted(problems));
  const small = loading.flatMap((l) => (l.kept ? [] : l.files.filter(isSmall)));
  await allWithin(o.limit, findStatesTogether(small), (look) => sessions.use(look));
  const ahead = loading.slice(0, names.length);
  const others = loading.slice(names.length);
  const values = textsOf(others, 'values', engine.dialect);
  await allWithin(
    o.limit,
    [
      // Addresses are read with the place's own names at hand, so the table of these names goes ahead.
      async (session: Session) => {
        const own = await readNames(session, ahead, o, problems);
        for (const sql of values.statements('address', o.aliases ?? own)) await session.run(sql);
      },
      ...values.statements('others').map((sql) => (session: Session) => session.run(sql)),
    ],
    (task) => sessions.use<unknown>(task),
  );
  await values.look(engine);
  await storeAll(loading, others, sessions, values, o, problems);
  if (problems.length > 0) throw inputError(sorted(problems));
  await makeBuiltinTables(engine, pack);
  for (const schema of ['stage', ...rawSchemas(engine)]) await engine.run(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  const record = await makeRecord(engine, loading, o);
  record.seconds.total = (performance.now() - started) / 1000;
  for (const l of loading) {
    record.seconds.sources[l.contract.source] = l.seconds / 1000;
    o.progress?.({
      stage: 'linked',
      source: l.contract.source,
      rows: record.sources[l.contract.source]?.counts.loaded ?? 0,
    });
  }
  reconcile(record);
  if (o.cache) {
    o.cache.close();
    record.fromCache = loading.flatMap((l) => (l.kept ? l.files.map((f) => f.input.name) : [])).sort();
  }
  return record;
}

/**
 * Every source as soon as what it asks for is there: the others are judged while the enterprise library is stored, and stored
 * when it is. `unjudged` are those about whose rows nothing was decided yet. Where there are problems, nothing will come of what is
 * still to be stored.
 */
async function storeAll(
  loading: readonly Loading[],
  unjudged: readonly Loading[],
  sessions: Sessions,
  values: ValueTables,
  o: LoadOptions,
  problems: Problem[],
): Promise<void> {
  const withinMemory = heavyWithin(o.limit, o.memory);
  const within = (l: Loading, work: (session: Session) => Promise<void>) =>
    withinMemory(dataRows(l), () => sessions.use((session) => timed(l, () => work(session))));
  const judged = (l: Loading) => within(l, (session) => judge(session, l, values, o, problems));
  const enterprise = unjudged.find((l) => l.contract.source === 'enterprise');
  const library =
    enterprise &&
    within(enterprise, async (session) => {
      await judge(session, enterprise, values, o, problems);
      if (problems.length > 0) return;
      await storeEnterprises(session, enterprise);
      await makeLookups(session, enterprise.contract);
    });
  // The longest first: what is begun last should not be what all wait for.
  const rest = unjudged.filter((l) => l !== enterprise).sort((a, b) => lookups(b) - lookups(a));
  const ready = new Map(rest.map((l) => [l, judged(l)]));
  await allDone(
    loading.map(async (l) => {
      await allDone([library, ready.get(l)]);
      if (problems.length > 0) return;
      await within(l, async (session) => {
        if (l !== enterprise) await store(session, l);
        l.loaded = await loadedRows(session, l);
        await quarantine(session, l);
        if (l.loaded.some((x) => x.method !== null && x.method !== 'uscc')) {
          await logLinks(session, l.contract, l.typed!);
        }
        await dropLarge(session, l);
      });
      o.progress?.({ stage: 'stored', source: l.contract.source, sources: loading.length });
    }),
  );
}

/** How many cells there are to look up in a source. */
const lookups = (l: Loading): number =>
  l.files.reduce((sum, f) => sum + f.raw.counts.data * f.columns.filter((c) => c.state === 'mixed').length, 0);

/** Tables of so few rows stay until all go at once: each DROP is a statement. */
const FEW_ROWS = 2048;

async function dropLarge(session: Session, l: Loading): Promise<void> {
  for (const { raw } of l.files) if (raw.table && raw.counts.data > FEW_ROWS) await dropRaw(session, raw);
}

const isAliasTable = (c: Contract): boolean => c.source === ALIAS_SOURCE && c.kind === 'reference';

/** The names, from the rows that are let in. */
async function aliasesOf(
  session: Session,
  names: readonly Loading[],
  problems: readonly Problem[],
): Promise<LoadOptions['aliases']> {
  const [l] = names;
  if (!l || problems.length > 0) return undefined;
  return readAliases(session, survivors(l, ['alias', 'canonical', 'kind'], session.dialect));
}

/** Reads a source's files, finds their columns, and which of them can be read the short way. */
async function read(
  session: Session,
  pack: Pack,
  contract: Contract,
  o: LoadOptions,
  problems: Problem[],
): Promise<Loading> {
  const l: Loading = {
    contract,
    fields: typedFields(contract, pack),
    files: [],
    conflictingKeys: 0,
    repeats: 0,
    faults: false,
    loaded: [],
    notes: [],
    seconds: 0,
  };
  await timed(l, async () => {
    const faults = problems.length;
    const own: Problem[] = [];
    const contractFile = pack.files.contracts.get(contract.source)?.name ?? `sources/${contract.source}.yaml`;
    const inputs = o.inputs.filter((i) => i.source === contract.source);
    await lookInCache(l, pack, inputs, o);
    for (const [i, input] of inputs.entries()) {
      try {
        const kept = l.kept?.files[i];
        const raw = kept ? { ...kept, table: '' } : await o.read(session, input, contract);
        const headers = mapHeaders(contract, raw.headers, input.name, contractFile);
        own.push(...headers.problems);
        l.files.push({ input, raw, headers, columns: kept ? [] : columnsOf(l.fields, headers.mapped) });
        if (kept) o.progress?.({ stage: 'read', source: contract.source, file: input.name, rows: raw.counts.data });
      } catch (error) {
        if (!(error instanceof BiduiError) || error.exit !== EXIT.input) throw error;
        own.push(...error.problems);
      }
    }
    if (own.length === 0) own.push(...emptyFaults(l));
    problems.push(...own);
    // Nothing will come of this run: the rest is read for its faults alone.
    if (own.length > 0 || faults > 0 || l.kept) return;
    for (const f of l.files) if (!isSmall(f)) await findStates(session, f);
  });
  return l;
}

async function lookInCache(l: Loading, pack: Pack, inputs: readonly InputFile[], o: LoadOptions): Promise<void> {
  const names = o.contracts.find(isAliasTable);
  l.key = await o.cache?.key(l.contract, l.fields, inputs, {
    given: o.aliases,
    files: names && !o.aliases ? o.inputs.filter((i) => i.source === names.source) : [],
    fields: names ? typedFields(names, pack) : [],
  });
  l.kept = l.key && (await o.cache?.take(l.key));
}

/** Tables of the texts of sources; `prefix` keeps their names apart from others. */
function textsOf(loading: readonly Loading[], prefix: string, d: Dialect): ValueTables {
  const values = new ValueTables(prefix, d);
  for (const l of loading) for (const f of l.files) for (const c of f.columns) values.add(f.raw.table, c);
  return values;
}

/** Reads the table of the place's own names to its end. */
async function readNames(
  session: Session,
  names: readonly Loading[],
  o: LoadOptions,
  problems: Problem[],
): Promise<LoadOptions['aliases']> {
  const values = textsOf(names, 'names', session.dialect);
  for (const sql of [...values.statements('address'), ...values.statements('others')]) await session.run(sql);
  await values.look(session);
  for (const l of names) await timed(l, () => judge(session, l, values, o, problems));
  return aliasesOf(session, names, problems);
}

/** What there is to do about the rows of a source: mostly, there is nothing. */
async function judge(
  session: Session,
  l: Loading,
  values: ValueTables,
  o: LoadOptions,
  problems: Problem[],
): Promise<void> {
  const { contract, fields } = l;
  const d = session.dialect;
  if (l.kept) {
    await o.cache?.show(session, l.kept, contract, fields, baseOf(l));
    l.typed = storedRows(tables.typed(d, contract.source), d);
    l.conflictingKeys = l.kept.conflictingKeys;
    l.repeats = l.kept.tables.repeated ? await countOf(session, tables.repeated(d, contract.source)) : 0;
    l.faults = l.kept.faults;
    o.progress?.({ stage: 'typed', source: contract.source, rows: dataRows(l) });
    return;
  }
  const files = l.files.map((f) => ({
    index: f.input.index,
    raw: f.raw.table,
    rows: f.raw.counts.data,
    columns: f.columns,
  }));
  const typed = typedRows(d, contract, fields, files, values, rowsAtOnce(o.memory));
  l.typed = typed;
  if (dataRows(l) > 0) {
    l.faults = typed.faulty || !contract.key.every((k) => typed.full.has(k));
    if (contract.required && !(await isReadable(session, contract, typed))) problems.push(allRefused(l));
    if (await hasRepeats(session, contract, typed)) {
      if (dataRows(l) <= FEW_ROWS) await layDown(session, l);
      const repeats = await findRepeats(session, contract, fields, l.typed);
      l.conflictingKeys = repeats.conflictingKeys;
      l.repeats = repeats.rows;
    }
  }
  o.progress?.({ stage: 'typed', source: contract.source, rows: dataRows(l) });
  if (!l.key || problems.length > 0) return;
  await keep(session, l, l.key, o);
}

/** Stores the typed rows: to look things up takes longer to prepare than to do for few rows, and they are asked for again. */
async function layDown(session: Session, l: Loading): Promise<void> {
  const d = session.dialect;
  const table = tables.few(d, l.contract.source);
  await session.run(`CREATE TABLE ${table} AS ${l.typed!.select([...storedColumns(l), '_why', '_repaired'])}`);
  l.typed = { ...l.typed!, select: storedRows(table, d).select };
}

/** Keeps a source for later runs. It is written once for that, and read again from there, as later runs will. */
async function keep(session: Session, l: Loading, key: Key, o: LoadOptions): Promise<void> {
  const { contract, fields, conflictingKeys, faults } = l;
  const made = { contract, fields, base: baseOf(l), files: l.files.map((f) => f.raw), conflictingKeys, faults };
  const d = session.dialect;
  const entry = await o.cache?.keep(session, key, { ...made, typed: l.typed!, repeats: l.repeats > 0 });
  if (!entry) return;
  await o.cache?.show(session, entry, contract, fields, baseOf(l));
  l.typed = { ...l.typed!, select: storedRows(tables.typed(d, contract.source), d).select };
  await dropLarge(session, l);
}

/** Files of a source stand together in the order of the run's files. */
const baseOf = (l: Loading): number => l.files[0]?.input.index ?? 0;

const dataRows = (l: Loading): number => l.files.reduce((sum, f) => sum + f.raw.counts.data, 0);

/** An extract without rows is more likely a failed export than news that all is well. */
function emptyFaults(l: Loading): Problem[] {
  if (l.files.length === 0 || dataRows(l) > 0) return [];
  if (!l.contract.required) {
    l.notes.push('the extract holds no row of data; taken as not delivered, so that nobody is accused by its silence');
    return [];
  }
  return [
    {
      what: `the required source ${title(l.contract)} holds no row of data`,
      where: { file: l.files.map((f) => f.input.name).join(', ') },
      why: 'an export that failed halfway looks like this',
      fix: 'ask the department for the extract again',
    },
  ];
}

/** Whether any row has a key. */
async function isReadable(session: Session, contract: Contract, typed: TypedRows): Promise<boolean> {
  if (contract.key.every((k) => typed.full.has(k))) return true;
  const d = session.dialect;
  const rows = `(${typed.select(contract.key)}) AS t WHERE ${keyReadable(contract, d)}`;
  return (await session.rows(`SELECT 1 AS one FROM ${rows} LIMIT 1`)).length > 0;
}

async function hasRepeats(session: Session, contract: Contract, typed: TypedRows): Promise<boolean> {
  const d = session.dialect;
  const keys = contract.key.map((k) => d.ident(k)).join(', ');
  const rows = `(${typed.select(contract.key)}) AS t WHERE ${keyReadable(contract, d)}`;
  const repeated = await session.rows(`SELECT 1 AS one FROM ${rows} GROUP BY ${keys} HAVING count(*) > 1 LIMIT 1`);
  return repeated.length > 0;
}

async function countOf(session: Session, table: Sql): Promise<number> {
  const [found] = await session.rows<{ n: number }>(`SELECT count(*) AS n FROM ${table}`);
  return Number(found?.n ?? 0);
}

/** A required source of which nothing could be loaded is as good as missing. */
function allRefused(l: Loading): Problem {
  const keys = l.contract.key.map((k) => `${l.contract.fields[k]?.title.zh} (${k})`).join(', ');
  return {
    what: `no row of the required source ${title(l.contract)} has a key that can be read: ${keys}`,
    where: { file: l.files.map((f) => f.input.name).join(', ') },
    why: `all ${dataRows(l)} rows were refused`,
    fix: 'look at that column in the file; a spreadsheet may have turned its codes into numbers (9.13E+17)',
  };
}

const keyReadable = (contract: Contract, d: Dialect): Sql =>
  contract.key.map((k) => `t.${d.ident(k)} IS NOT NULL`).join(' AND ');

/** Of typed rows `t`, those that are let in; undefined where all are. */
function letIn(l: Loading, d: Dialect): Sql {
  const readable = l.contract.key.every((k) => l.typed!.full.has(k)) ? [] : [keyReadable(l.contract, d)];
  const unique =
    l.repeats > 0
      ? [
          `NOT EXISTS (SELECT 1 FROM ${tables.repeated(d, l.contract.source)} AS r WHERE r._file = t._file AND r._row = t._row)`,
        ]
      : [];
  const all = [...readable, ...unique];
  return all.length > 0 ? ` WHERE ${all.join(' AND ')}` : '';
}

/** Columns of the typed rows that are let in, for those who need none of the others. */
const survivors = (l: Loading, columns: readonly string[], d: Dialect): Sql =>
  `(SELECT ${columns.map((c) => d.ident(c)).join(', ')} FROM (${asking(l, columns)}) AS t${letIn(l, d)}) AS survivors`;

/** SELECT of typed rows with these columns, and those by which rows are let in. */
const asking = (l: Loading, columns: readonly string[], portion?: Portion): Sql =>
  l.typed!.select([...new Set([...columns, ...l.contract.key, '_file', '_row'])], portion);

/** Makes `src.<source>` of what `select` says, a portion after the other where there are any. */
async function storeIn(session: Session, l: Loading, select: (portion?: Portion) => Sql): Promise<void> {
  const table = tables.source(session.dialect, l.contract.source);
  const [first, ...others] = l.typed!.portions ?? [undefined];
  await session.run(`CREATE TABLE ${table} AS ${select(first)}`);
  for (const portion of others) await session.run(`INSERT INTO ${table} ${select(portion)}`);
}

/** The columns of `src.<source>` but for those of the link. */
const storedColumns = (l: Loading): string[] => [
  ...l.fields.flatMap((f) => [f.id, ...derivedColumns(f).map((x) => x.name)]),
  '_file',
  '_row',
  '_bad',
];

/** The library gives enterprises their numbers: 1, 2, 3 … in the order of their credit codes. */
async function storeEnterprises(session: Session, l: Loading): Promise<void> {
  const d = session.dialect;
  const uscc = d.ident('uscc');
  const own = storedColumns(l);
  const repaired = l.typed!.repaired ? ['_repaired'] : [];
  // Numbered apart from their data, so that only codes are sorted.
  await session.run(
    `CREATE TABLE stage.numbers AS
     SELECT ${uscc}, CAST(row_number() OVER (ORDER BY ${uscc}) AS INTEGER) AS _eid FROM ${survivors(l, ['uscc'], d)}`,
  );
  await storeIn(
    session,
    l,
    (portion) =>
      `SELECT ${own.map((c) => `t.${d.ident(c)}`).join(', ')}, n._eid, ${l.typed!.repaired ? `CASE WHEN t._repaired IS NULL THEN 'uscc' ELSE 'repaired' END` : `'uscc'`} AS _match
       FROM (${asking(l, [...own, ...repaired], portion)}) AS t JOIN stage.numbers AS n ON n.${uscc} = t.${uscc}${letIn(l, d)}`,
  );
}

async function store(session: Session, l: Loading): Promise<void> {
  const d = session.dialect;
  const own = storedColumns(l);
  const link = linkOf(d, l.contract, l.typed!);
  await storeIn(
    session,
    l,
    (portion) =>
      `SELECT ${own.map((c) => `t.${d.ident(c)}`).join(', ')}, ${link.eid} AS _eid, ${link.match} AS _match
       FROM (${asking(l, [...own, ...link.asks], portion)}) AS t ${link.joins}${letIn(l, d)}`,
  );
}

async function quarantine(session: Session, l: Loading): Promise<void> {
  const d = session.dialect;
  const { contract, fields } = l;
  for (const f of l.files) await quarantineMalformed(session, contract, f.input, f.raw.malformed);
  const read = l.files.reduce((sum, f) => sum + f.raw.counts.data - f.raw.malformed.length, 0);
  const sumOf = (of: (x: LoadedRows) => number) => l.loaded.reduce((sum, x) => sum + of(x), 0);
  if (read > sumOf((x) => x.n) + l.repeats) await quarantineRefused(session, contract, fields, l.typed!);
  if (l.faults && sumOf((x) => x.faulty) > 0) await quarantineFields(session, contract, fields, l.typed!);
  if (l.repeats === 0) return;
  if (contract.duplicates.keep === 'none') await quarantineAmbiguous(session, contract, fields, l.typed!);
  await session.run(
    `INSERT INTO ${DROPPED} SELECT ${d.text(contract.source)}, f.name, r._row, r._fate, k.name, r._kept_row, r._file
     FROM ${tables.repeated(d, contract.source)} AS r JOIN ${FILES} AS f ON f._file = r._file LEFT JOIN ${FILES} AS k ON k._file = r._kept_file
     WHERE r._fate <> 'ambiguous'`,
  );
}

async function makeRecord(session: Session, loading: readonly Loading[], o: LoadOptions): Promise<IngestRecord> {
  const byFile = async (from: Sql, where: string) => {
    const rows = await session.rows<{ _file: number; n: number }>(
      `SELECT _file, count(*) AS n FROM ${from} WHERE ${where} GROUP BY _file`,
    );
    return new Map(rows.map((r) => [Number(r._file), Number(r.n)]));
  };
  const refused = await byFile(QUARANTINE, `scope = 'row'`);
  const unread = await byFile(QUARANTINE, `scope = 'field'`);
  const dropped = await byFile(DROPPED, 'TRUE');
  const record: IngestRecord = { files: [], sources: {}, notes: o.notes ?? [], seconds: { total: 0, sources: {} } };
  for (const l of loading) {
    const { source } = l.contract;
    for (const { input, raw, headers } of l.files) {
      record.files[input.index] = fileRecord(input, raw, headers, {
        loaded: l.loaded.reduce((sum, x) => (x.file === input.index ? sum + x.n : sum), 0),
        quarantinedRows: refused.get(input.index) ?? 0,
        quarantinedFields: unread.get(input.index) ?? 0,
        duplicates: dropped.get(input.index) ?? 0,
      });
    }
    const files = l.files.map((f) => record.files[f.input.index] as FileRecord);
    record.sources[source] = sourceRecord(l, files, o.passedOver?.(source) ?? []);
  }
  return record;
}

/** How many rows of a file found their enterprise in which way, how many of them have a credit code, and a field in `_bad`. */
interface LoadedRows {
  file: number;
  method: LinkMethod | null;
  n: number;
  coded: number;
  faulty: number;
}

async function loadedRows(session: Session, { contract }: Loading): Promise<LoadedRows[]> {
  const d = session.dialect;
  const uscc = contract.subject?.uscc;
  const rows = await session.rows<LoadedRows>(
    `SELECT _file AS file, _match AS method, count(*) AS n, ${uscc ? `count(${d.ident(uscc)})` : '0'} AS coded, count(_bad) AS faulty
     FROM ${tables.source(d, contract.source)} GROUP BY _file, _match`,
  );
  return rows.map((r) => ({
    method: r.method,
    file: Number(r.file),
    n: Number(r.n),
    coded: Number(r.coded),
    faulty: Number(r.faulty),
  }));
}

function fileRecord(
  input: InputFile,
  raw: RawTable,
  headers: HeaderMap,
  counts: Pick<FileRecord['counts'], 'loaded' | 'quarantinedRows' | 'quarantinedFields' | 'duplicates'>,
): FileRecord {
  const { data, title: titles, header, blank, footer } = raw.counts;
  return {
    source: input.source,
    name: input.name,
    bytes: raw.bytes,
    sha256: raw.sha256,
    format: raw.format,
    ...(raw.sheet === undefined ? {} : { sheet: raw.sheet }),
    ...(raw.encoding === undefined ? {} : { encoding: raw.encoding }),
    ...(raw.delimiter === undefined ? {} : { delimiter: raw.delimiter }),
    ...(input.date === undefined ? {} : { extractDate: input.date }),
    headers: [...headers.mapped]
      .sort((a, b) => a.column - b.column)
      .map((m) => ({ column: m.column + 1, header: m.header, field: m.field, ...(m.unit ? { unit: m.unit } : {}) })),
    unknownHeaders: headers.unknown,
    absentFields: headers.absent,
    counts: { data, ...counts, title: titles, header, blank, footer },
    notes: [...raw.notes, ...headers.doubtful],
  };
}

function sourceRecord(l: Loading, files: FileRecord[], passedOver: { name: string; reason: string }[]): SourceRecord {
  const { contract } = l;
  const sum = (of: (f: FileRecord) => number) => files.reduce((total, f) => total + of(f), 0);
  const links = contract.subject ? linkCounts(l.loaded) : undefined;
  return {
    kind: contract.kind,
    delivered: dataRows(l) > 0,
    files: l.files.map((f) => f.input.index),
    passedOver,
    absentFields: Object.keys(contract.fields).filter((id) => l.files.every((f) => f.headers.absent.includes(id))),
    counts: {
      data: sum((f) => f.counts.data),
      loaded: sum((f) => f.counts.loaded),
      quarantinedRows: sum((f) => f.counts.quarantinedRows),
      quarantinedFields: sum((f) => f.counts.quarantinedFields),
      duplicates: sum((f) => f.counts.duplicates),
    },
    conflictingKeys: l.conflictingKeys,
    ...(links ? { links } : {}),
    notes: l.notes,
  };
}

function linkCounts(loaded: readonly LoadedRows[]): NonNullable<SourceRecord['links']> {
  const counts = Object.fromEntries(LINK_METHODS.map((m) => [m, 0])) as Record<LinkMethod, number>;
  const links = { ...counts, unmatched: 0, unknownCode: 0 };
  for (const { method, n, coded } of loaded) {
    if (method) links[method] += n;
    else {
      links.unmatched += n;
      links.unknownCode += coded;
    }
  }
  return links;
}

/** The promise of the run record. If it does not hold, nothing of this run may be believed. */
function reconcile(record: IngestRecord): void {
  const faults = record.files
    .filter(({ counts: c }) => c.data !== c.loaded + c.quarantinedRows + c.duplicates)
    .map(({ name, counts: c }) => ({
      what: `rows do not add up: ${c.data} read, but ${c.loaded} loaded + ${c.quarantinedRows} quarantined + ${c.duplicates} dropped duplicates`,
      where: { file: name },
      fix: 'this is a fault of bidui; please report it with the run record',
    }));
  if (faults.length > 0) throw new BiduiError(EXIT.internal, faults);
}

/** Faults of one place stand together, whichever source was read first. */
const sorted = (problems: Problem[]): Problem[] =>
  problems
    .map((p, i) => ({ p, i, file: p.where?.file ?? '' }))
    .sort((a, b) =>
      a.file < b.file ? -1 : a.file > b.file ? 1 : a.p.what < b.p.what ? -1 : a.p.what > b.p.what ? 1 : a.i - b.i,
    )
    .map(({ p }) => p);

async function timed<R>(l: Loading, work: () => Promise<R>): Promise<R> {
  const start = performance.now();
  try {
    return await work();
  } finally {
    l.seconds += performance.now() - start;
  }
}
