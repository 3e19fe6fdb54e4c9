import type { Contract } from '../config/contract.js';
import type { Pack } from '../config/pack.js';
import type { Dialect } from '../engine/dialect.js';
import type { Engine, Session } from '../engine/engine.js';
import { allDone, allWithin, inSession } from '../engine/side-by-side.js';
import { inputError, type Problem } from '../errors.js';
import { readAliases } from './address-aliases.js';
import { makeBuiltinTables } from './builtin-tables.js';
import { findStates, findStatesTogether, isSmall } from './columns.js';
import { logLinks, makeLinkLog, makeLookups } from './link.js';
import { whileUnchanged } from './live-file.js';
import { judge } from './loading/judge.js';
import { survivors } from './loading/let-in.js';
import { dataRows, dropLarge, type Loading, timed } from './loading/loading.js';
import { makeRecord, reconcile } from './loading/make-record.js';
import type { LoadOptions } from './loading/options.js';
import { isAliasTable, readSource } from './loading/read.js';
import { loadedRows, quarantineRows, storeEnterprises, storeSource } from './loading/store.js';
import { type Doing, withinMemory } from './memory.js';
import { makeMetaTables } from './quarantine.js';
import { rawSchemas } from './raw-table.js';
import type { IngestRecord } from './record.js';
import { ValueTables } from './value-tables.js';

/**
 * In rounds, each of them side by side: every file is read, and looked through; what is not written the plain way is read,
 * once for each different text of all files. Then repeated keys are decided and the enterprise library is stored; as soon as it
 * stands, every other source that is decided is typed, linked and stored by one statement.
 */
export const loadSources = (engine: Engine, pack: Pack, o: LoadOptions): Promise<IngestRecord> =>
  whileUnchanged(o.read, (read) => load(engine, pack, { ...o, read }));

async function load(engine: Engine, pack: Pack, o: LoadOptions): Promise<IngestRecord> {
  const started = performance.now();
  const problems: Problem[] = [...(o.problems ?? [])];
  for (const schema of ['stage', 'src', 'meta']) await engine.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await makeMetaTables(engine, o.inputs);
  await makeLinkLog(engine);

  const readAll = (contracts: readonly Contract[]) =>
    allWithin(o.limit, contracts, (contract) =>
      inSession(engine, (session) => readSource(session, pack, contract, o, problems)),
    );
  // Addresses are read with the place's own names at hand, so the table of these names goes ahead: the engine has little to do
  // while files are read.
  const ofNames: Problem[] = [];
  const goAhead = async () => {
    const names = await readAll(o.contracts.filter(isAliasTable));
    if (problems.length > 0) return { names, own: undefined };
    return { names, own: await inSession(engine, (session) => readNames(session, names, o, ofNames)) };
  };
  const ahead = goAhead();
  const rest = readAll(o.contracts.filter((c) => !isAliasTable(c)));
  await allDone<unknown>([ahead, rest]);
  if (problems.length > 0) throw inputError(sorted(problems));
  problems.push(...ofNames);
  const { names, own } = await ahead;
  const others = await rest;
  const loading = [...names, ...others];
  const small = others.flatMap((l) => (l.kept ? [] : l.files.filter(isSmall)));
  await allWithin(o.limit, findStatesTogether(small), (look) => inSession(engine, look));
  const values = textsOf(others, 'values', engine.dialect);
  const statements = [...values.statements('address', o.aliases ?? own), ...values.statements('others')];
  await allWithin(o.limit, statements, (sql) => inSession(engine, (session) => session.run(sql)));
  await values.look(engine);
  await storeAll(engine, loading, others, values, o, problems);
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
  engine: Engine,
  loading: readonly Loading[],
  unjudged: readonly Loading[],
  values: ValueTables,
  o: LoadOptions,
  problems: Problem[],
): Promise<void> {
  const room = withinMemory(o.limit, o.memory);
  const within = (doing: Doing, l: Loading, work: (session: Session) => Promise<void>) =>
    room(doing, dataRows(l), () => inSession(engine, (session) => timed(l, () => work(session))));
  const judged = (l: Loading) => within('judge', l, (session) => judge(session, l, values, o, problems));
  const enterprise = unjudged.find((l) => l.contract.source === 'enterprise');
  const library =
    enterprise &&
    within(storing(enterprise), enterprise, async (session) => {
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
      await within(storing(l), l, async (session) => {
        if (l !== enterprise) await storeSource(session, l);
        l.loaded = await loadedRows(session, l);
        await quarantineRows(session, l);
        if (l.loaded.some((x) => x.method !== null && x.method !== 'uscc')) {
          await logLinks(session, l.contract, l.typed!);
        }
        await dropLarge(session, l);
      });
      o.progress?.({ stage: 'stored', source: l.contract.source, sources: loading.length });
    }),
  );
}

const storing = (l: Loading): Doing =>
  l.files.some((f) => f.columns.some((c) => c.f.field.type === 'address' && c.state === 'mixed'))
    ? 'storeAddresses'
    : 'store';

/** How many cells there are to look up in a source. */
const lookups = (l: Loading): number =>
  l.files.reduce((sum, f) => sum + f.raw.counts.data * f.columns.filter((c) => c.state === 'mixed').length, 0);

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
  for (const f of names.flatMap((l) => (l.kept ? [] : l.files.filter(isSmall)))) await findStates(session, f);
  const values = textsOf(names, 'names', session.dialect);
  for (const sql of [...values.statements('address'), ...values.statements('others')]) await session.run(sql);
  await values.look(session);
  for (const l of names) await timed(l, () => judge(session, l, values, o, problems));
  return aliasesOf(session, names, problems);
}

/** Faults of one place stand together, whichever source was read first. */
const sorted = (problems: Problem[]): Problem[] =>
  problems
    .map((p, i) => ({ p, i, file: p.where?.file ?? '' }))
    .sort((a, b) =>
      a.file < b.file ? -1 : a.file > b.file ? 1 : a.p.what < b.p.what ? -1 : a.p.what > b.p.what ? 1 : a.i - b.i,
    )
    .map(({ p }) => p);
