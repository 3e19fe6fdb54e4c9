import type { LimitFunction } from 'p-limit';
import type { Contract } from '../config/contract.js';
import type { Pack } from '../config/pack.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { Engine, Session } from '../engine/engine.js';
import { BiduiError, EXIT, inputError, type Problem } from '../errors.js';
import type { ValueOptions } from '../values/index.js';
import { ALIAS_SOURCE, readAliases } from './address-aliases.js';
import { makeBuiltinTables } from './builtin-tables.js';
import type { Entry } from './cache/entry.js';
import type { IngestCache, Key } from './cache/ingest-cache.js';
import { columnsOf, type FileColumn, findStates } from './columns.js';
import { findRepeats } from './dedupe.js';
import { title } from './find-files.js';
import {
  dropLookups,
  LINK_METHODS,
  type LinkMethod,
  linked,
  logLinks,
  makeLinkLog,
  makeLookups,
  unlinked,
} from './link.js';
import { whileUnchanged } from './live-file.js';
import { type HeaderMap, mapHeaders } from './map-headers.js';
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
import { dropRaw, type RawTable } from './raw-table.js';
import type { FileRecord, IngestRecord, Progress, SourceRecord } from './record.js';
import { derivedColumns, type TypedField, tables, typedFields } from './sources.js';
import { typeRows } from './type-rows.js';
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
  read: (input: InputFile, contract: Contract) => Promise<RawTable>;
  limit: LimitFunction;
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
  conflictingKeys: number;
  repeats: boolean;
  /** Whether any cell could not be read or any key is blank. */
  faults: boolean;
  notes: string[];
  seconds: number;
  /** What it is known by in the cache, and what lies there. */
  key?: Key;
  kept?: Entry;
}

/**
 * Types, dedupes and links, in rounds, each of them side by side: every file is read and looked through; what is not
 * written the plain way is read, once for each different text of all files; rows are typed; then, as the enterprise library
 * stands, rows are linked.
 */
export const loadSources = (engine: Engine, pack: Pack, o: LoadOptions): Promise<IngestRecord> =>
  whileUnchanged(o.read, (read) => load(engine, pack, { ...o, read }));

async function load(engine: Engine, pack: Pack, o: LoadOptions): Promise<IngestRecord> {
  const started = performance.now();
  const problems: Problem[] = [...(o.problems ?? [])];
  for (const schema of ['stage', 'src', 'meta']) await engine.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await makeMetaTables(engine, o.inputs);
  await makeLinkLog(engine);

  const names = o.contracts.filter(isAliasTable);
  const loading = await sideBySide(o, [...names, ...o.contracts.filter((c) => !isAliasTable(c))], (contract) =>
    withSession(engine, (session) => read(session, pack, contract, o, problems)),
  );
  if (problems.length > 0) throw inputError(sorted(problems));
  // Addresses are read with the place's own names at hand, so the table of these names goes ahead.
  const ahead = loading.slice(0, names.length);
  await typeAll(engine, ahead, 'names', undefined, o, problems);
  const aliases = o.aliases ?? (await aliasesOf(engine, ahead, problems));
  await typeAll(engine, loading.slice(names.length), 'values', aliases, o, problems);
  if (problems.length > 0) throw inputError(sorted(problems));

  const enterprise = loading.find((l) => l.contract.source === 'enterprise');
  if (enterprise) {
    await timed(enterprise, () => storeEnterprises(engine, enterprise));
    await makeLookups(engine, enterprise.contract);
  }
  await sideBySide(o, loading, (l) =>
    withSession(engine, (session) =>
      timed(l, async () => {
        if (l !== enterprise) await store(session, l);
        await quarantine(session, l);
        await logLinks(session, l.contract, survivors(l, session.dialect));
        if (l.kept) await o.cache?.hide(session, l.kept, l.contract);
        else await dropStages(session, l);
        o.progress?.({ stage: 'stored', source: l.contract.source, sources: loading.length });
      }),
    ),
  );
  await makeBuiltinTables(engine, pack);
  await dropLookups(engine);
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

const isAliasTable = (c: Contract): boolean => c.source === ALIAS_SOURCE && c.kind === 'reference';

/** The names, from the rows that are let in. */
async function aliasesOf(
  session: Session,
  names: readonly Loading[],
  problems: readonly Problem[],
): Promise<LoadOptions['aliases']> {
  const [l] = names;
  return l && problems.length === 0 ? readAliases(session, `${survivors(l, session.dialect)} AS names`) : undefined;
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
    repeats: false,
    faults: false,
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
        const raw = kept ? { ...kept, table: '' } : await o.read(input, contract);
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
    for (const f of l.files) await findStates(session, f.raw, f.columns);
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

/** Types the rows of sources and decides about repeated keys. `prefix` names the tables of texts that all of them share. */
async function typeAll(
  engine: Engine,
  loading: readonly Loading[],
  prefix: string,
  aliases: LoadOptions['aliases'],
  o: LoadOptions,
  problems: Problem[],
): Promise<void> {
  const values = new ValueTables(prefix, engine.dialect);
  for (const l of loading) for (const f of l.files) for (const c of f.columns) values.add(f.raw.table, c);
  await sideBySide(o, values.statements(aliases), (sql) => withSession(engine, (session) => session.run(sql)));
  await sideBySide(o, loading, (l) =>
    withSession(engine, (session) => timed(l, () => type(session, l, values, o, problems))),
  );
  await values.drop(engine);
}

async function type(
  session: Session,
  l: Loading,
  values: ValueTables,
  o: LoadOptions,
  problems: Problem[],
): Promise<void> {
  const { contract } = l;
  if (l.kept) {
    await o.cache?.show(session, l.kept, contract, l.fields, baseOf(l));
    l.conflictingKeys = l.kept.conflictingKeys;
    l.repeats = l.kept.tables.repeated !== undefined;
    l.faults = l.kept.faults;
    o.progress?.({ stage: 'typed', source: contract.source, rows: dataRows(l) });
    return;
  }
  await typeRows(
    session,
    contract.source,
    l.fields,
    contract.key,
    contract.subject?.uscc,
    l.files.map((f) => ({ index: f.input.index, raw: f.raw.table, columns: f.columns })),
    values,
  );
  for (const f of l.files) await dropRaw(session, f.raw);
  o.progress?.({ stage: 'typed', source: contract.source, rows: dataRows(l) });
  if (l.files.length === 0) return;
  const look = await lookAt(session, contract);
  if (contract.required && dataRows(l) > 0 && look.readable === 0) problems.push(allRefused(l));
  if (look.repeats) {
    const repeats = await findRepeats(session, contract, l.fields);
    l.conflictingKeys = repeats.conflictingKeys;
    l.repeats = repeats.any;
  }
  l.faults = look.faults;
  if (!l.key || problems.length > 0) return;
  const { fields, conflictingKeys, repeats, faults } = l;
  const files = l.files.map((f) => f.raw);
  await o.cache?.keep(session, l.key, { contract, fields, base: baseOf(l), files, conflictingKeys, repeats, faults });
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

/** What there is to do about a source's typed rows, found in one statement: mostly, there is nothing. */
async function lookAt(
  session: Session,
  contract: Contract,
): Promise<{ readable: number; faults: boolean; repeats: boolean }> {
  const d = session.dialect;
  const typed = tables.typed(d, contract.source);
  const readable = keyReadable(contract, d);
  const keys = contract.key.map((k) => d.ident(k)).join(', ');
  const [found] = await session.rows<{ readable: number; faults: number; repeats: number }>(
    `SELECT ${d.countIf(readable)} AS readable, count(_why) AS faults,
       (SELECT count(*) FROM (SELECT 1 AS one FROM ${typed} WHERE ${readable} GROUP BY ${keys} HAVING count(*) > 1 LIMIT 1) AS repeated) AS repeats
     FROM ${typed}`,
  );
  return {
    readable: Number(found?.readable ?? 0),
    faults: Number(found?.faults ?? 0) > 0,
    repeats: Number(found?.repeats ?? 0) > 0,
  };
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

const keyReadable = (contract: Contract, d: Dialect, alias = ''): Sql =>
  contract.key.map((k) => `${alias}${d.ident(k)} IS NOT NULL`).join(' AND ');

/** Typed rows that are let in. */
function survivors(l: Loading, d: Dialect): Sql {
  const typed = tables.typed(d, l.contract.source);
  const repeated = tables.repeated(d, l.contract.source);
  const unique = l.repeats
    ? ` AND NOT EXISTS (SELECT 1 FROM ${repeated} AS r WHERE r._file = s._file AND r._row = s._row)`
    : '';
  return `(SELECT * FROM ${typed} AS s WHERE ${keyReadable(l.contract, d, 's.')}${unique})`;
}

/** The columns of `src.<source>` but for those of the link. */
function columns(l: Loading, d: Dialect): Sql {
  const own = l.fields
    .flatMap((f) => [f.id, ...derivedColumns(f).map((x) => x.name)])
    .map((name) => `t.${d.ident(name)}`);
  return [...own, 't._file', 't._row', 't._bad'].join(', ');
}

/** The library gives enterprises their numbers: 1, 2, 3 … in the order of their credit codes. */
async function storeEnterprises(session: Session, l: Loading): Promise<void> {
  const d = session.dialect;
  const uscc = d.ident('uscc');
  // Numbered apart from their data, so that only codes are sorted.
  await session.run(
    `CREATE TABLE ${tables.source(d, 'enterprise')} AS
     SELECT ${columns(l, d)}, n._eid, CASE WHEN t._repaired IS NULL THEN 'uscc' ELSE 'repaired' END AS _match
     FROM ${survivors(l, d)} AS t
     JOIN (SELECT ${uscc}, CAST(row_number() OVER (ORDER BY ${uscc}) AS INTEGER) AS _eid FROM ${survivors(l, d)} AS codes) AS n
       ON n.${uscc} = t.${uscc}`,
  );
}

async function store(session: Session, l: Loading): Promise<void> {
  const d = session.dialect;
  const rows = dataRows(l) > 0 ? linked(d, l.contract, survivors(l, d)) : unlinked(d, survivors(l, d));
  await session.run(
    `CREATE TABLE ${tables.source(d, l.contract.source)} AS SELECT ${columns(l, d)}, t._eid, t._match FROM (${rows}) AS t`,
  );
}

async function quarantine(session: Session, l: Loading): Promise<void> {
  const d = session.dialect;
  const { contract } = l;
  for (const f of l.files) await quarantineMalformed(session, contract, f.input, f.raw.malformed);
  if (l.faults) {
    await quarantineRefused(session, contract, l.fields);
    const faulty = `stage.${d.ident(`faulty_${contract.source}`)}`;
    const rows = `(SELECT * FROM ${survivors(l, d)} AS survivors WHERE _why IS NOT NULL)`;
    await session.run(`CREATE TABLE ${faulty} AS ${linked(d, contract, rows)}`);
    await quarantineFields(session, contract, l.fields, faulty);
    await session.run(`DROP TABLE ${faulty}`);
  }
  if (l.repeats && contract.duplicates.keep === 'none') await quarantineAmbiguous(session, contract, l.fields);
  if (!l.repeats) return;
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
  const loaded = await loadedRows(session, loading);
  const record: IngestRecord = { files: [], sources: {}, notes: o.notes ?? [], seconds: { total: 0, sources: {} } };
  for (const l of loading) {
    const { source } = l.contract;
    const own = loaded.filter((x) => x.source === source);
    for (const { input, raw, headers } of l.files) {
      record.files[input.index] = fileRecord(input, raw, headers, {
        loaded: own.reduce((sum, x) => (x.file === input.index ? sum + x.n : sum), 0),
        quarantinedRows: refused.get(input.index) ?? 0,
        quarantinedFields: unread.get(input.index) ?? 0,
        duplicates: dropped.get(input.index) ?? 0,
      });
    }
    const files = l.files.map((f) => record.files[f.input.index] as FileRecord);
    record.sources[source] = sourceRecord(l, files, own, o.passedOver?.(source) ?? []);
  }
  return record;
}

/** How many rows of a source and file found their enterprise in which way, and how many of them have a credit code. */
interface LoadedRows {
  source: string;
  file: number;
  method: LinkMethod | null;
  n: number;
  coded: number;
}

async function loadedRows(session: Session, loading: readonly Loading[]): Promise<LoadedRows[]> {
  const d = session.dialect;
  const selects = loading.map(({ contract }) => {
    const uscc = contract.subject?.uscc;
    return `SELECT ${d.text(contract.source)} AS source, _file AS file, _match AS method, count(*) AS n, ${uscc ? `count(${d.ident(uscc)})` : '0'} AS coded
      FROM ${tables.source(d, contract.source)} GROUP BY _file, _match`;
  });
  if (selects.length === 0) return [];
  const rows = await session.rows<LoadedRows>(selects.join(' UNION ALL '));
  return rows.map((r) => ({ ...r, file: Number(r.file), n: Number(r.n), coded: Number(r.coded) }));
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

function sourceRecord(
  l: Loading,
  files: FileRecord[],
  loaded: readonly LoadedRows[],
  passedOver: { name: string; reason: string }[],
): SourceRecord {
  const { contract } = l;
  const sum = (of: (f: FileRecord) => number) => files.reduce((total, f) => total + of(f), 0);
  const links = contract.subject ? linkCounts(loaded) : undefined;
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

async function dropStages(session: Session, l: Loading): Promise<void> {
  const d = session.dialect;
  await session.run(`DROP TABLE ${tables.typed(d, l.contract.source)}`);
  if (l.repeats) await session.run(`DROP TABLE ${tables.repeated(d, l.contract.source)}`);
}

/** Faults of one place stand together, whichever source was read first. */
const sorted = (problems: Problem[]): Problem[] =>
  problems
    .map((p, i) => ({ p, i, file: p.where?.file ?? '' }))
    .sort((a, b) =>
      a.file < b.file ? -1 : a.file > b.file ? 1 : a.p.what < b.p.what ? -1 : a.p.what > b.p.what ? 1 : a.i - b.i,
    )
    .map(({ p }) => p);

/** Runs one task per item within the limit; lets all of them end before the first fault is thrown. */
async function sideBySide<T, R>(o: LoadOptions, items: readonly T[], task: (item: T) => Promise<R>): Promise<R[]> {
  const done = await Promise.allSettled(items.map((item) => o.limit(() => task(item))));
  return done.map((r) => {
    if (r.status === 'rejected') throw r.reason;
    return r.value;
  });
}

async function withSession<R>(engine: Engine, work: (session: Session) => Promise<R>): Promise<R> {
  const session = await engine.session();
  try {
    return await work(session);
  } finally {
    session.close();
  }
}

async function timed<R>(l: Loading, work: () => Promise<R>): Promise<R> {
  const start = performance.now();
  try {
    return await work();
  } finally {
    l.seconds += performance.now() - start;
  }
}
