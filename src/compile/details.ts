import type { CheckedCheck, Evidence } from '../checks/checked.js';
import { type Expr, nodes } from '../checks/ir.js';
import { maskPersonal } from '../config/masking/treat.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import { OUTCOME, type RunFacts } from './facts.js';
import { shownSql, type Wording } from './format.js';
import { identitySql } from './identity.js';
import { Layers } from './layers.js';
import type { Frame } from './plan.js';
import { type Place, render } from './render.js';
import { AT } from './row-columns.js';
import { FrameTables } from './tables.js';

/** What every anomaly is told with, in the words of the first circle of readers; the rest (titles, basis, advice) is the same for all of a check and stands in `run.checks`. */
export const FOUND_COLUMNS = [
  '_eid',
  'check_id',
  'severity',
  'about',
  'about_key',
  'kept_about',
  'kept_message',
  'message',
  '_at',
  'evidence',
] as const;

/** The texts of an anomaly that the other circles of readers (`facts.others`) see, from 1. */
export const OTHER_TEXTS = ['about', 'message'] as const;
/** Texts that mostly are another, word for word; they are NULL where they are, so that an engine words nothing twice. */
const AS_SHOWN: Readonly<Record<string, string>> = { kept_about: 'about', kept_message: 'message', kept: 'value' };

/** A text of what was found, or of an item of evidence, for the circle of readers it is said to be for. */
export const toldText = (found: Sql, name: string, d: Dialect): Sql => {
  const shown = AS_SHOWN[name] ?? /^(about|message|value)_\d+$/.exec(name)?.[1];
  return shown ? `coalesce(${d.field(found, name)}, ${d.field(found, shown)})` : d.field(found, name);
};

/** What the value of an evidence is called in the words of such a circle, as the texts are. */
export const wordedFor = (column: string, circle: number): string => (circle === 0 ? column : `${column}_${circle}`);

/** Columns of `run.found` in their order. */
export const foundColumns = (others: number): string[] => [
  ...FOUND_COLUMNS,
  ...Array.from({ length: others }, (_, i) => OTHER_TEXTS.map((c) => wordedFor(c, i + 1))).flat(),
];

/** The anomalies that are told of, beside the enterprise. */
const FOUND = 'f';

export interface Details {
  select: Sql;
  /** Columns by the source that they are read from; that of the enterprise (`_eid`) besides. */
  reads: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * SELECT of the anomalies of a frame's checks, which `outcomes` has found already: a table with a column for each check, of
 * enterprises or, where rows are judged, of rows. Only what is told of them is worked out here. `schema` may hold only the
 * enterprises that the outcomes name, which makes this pass cheap; `confined` is whether they are so few that it pays to leave out at
 * once what none of them asks for.
 */
export function detailSelect(
  frame: Frame,
  d: Dialect,
  facts: RunFacts,
  wording: Wording,
  schema: string,
  outcomes: Sql,
  confined = false,
): Details {
  const tables = new FrameTables(frame, d, facts, schema);
  const layers = new Layers(tables.place);
  const told = frame.checks.map((check) => d.struct(detail(check, frame, tables, layers, facts, wording)));
  const [only] = told as [Sql];
  const nth = layers.leaf(`${FOUND}.nth`);
  const found = told.length > 1 ? `CASE ${nth} ${told.map((t, i) => `WHEN ${i} THEN ${t}`).join(' ')} END` : only;
  // First of all: what is looked up is looked up for few.
  const few = {
    join: `JOIN (${anomaliesIn(frame, outcomes, d)}) ${FOUND}\n  ON ${FOUND}._eid = e._eid`,
    ...(frame.each ? { row: `${FOUND}.${AT}` } : {}),
    confined,
  };
  const rows = layers.select(['_eid', `${found} AS found`], { from: () => tables.from(undefined, few) });
  const columns = foundColumns(facts.others.length).map((name) =>
    name === '_eid' ? '_eid' : `${toldText('found', name, d)} AS ${name}`,
  );
  return { select: `SELECT ${columns.join(', ')}\nFROM (\n${rows}\n) AS told`, reads: tables.reads };
}

/** Each anomaly of a frame: its enterprise, the row that is judged, if one is, and which check of the frame says so, from 0. */
function anomaliesIn({ checks, each }: Frame, outcomes: Sql, d: Dialect): Sql {
  const says = checks.map((c) => `${d.ident(c.id)} = ${OUTCOME.anomaly}`);
  const of = each ? `_eid, ${AT}` : '_eid';
  const any = `FROM ${outcomes} WHERE ${says.join(' OR ')}`;
  if (checks.length === 1) return `SELECT ${of}, 0 AS nth ${any}`;
  const nth = d.unnest(d.anyList(...says.map((says, i) => `CASE WHEN ${says} THEN ${i} END`)));
  return `SELECT ${of}, nth FROM (SELECT ${of}, ${nth} AS nth ${any}) AS of_each WHERE nth IS NOT NULL`;
}

function detail(
  check: CheckedCheck,
  frame: Frame,
  tables: FrameTables,
  layers: Layers,
  facts: RunFacts,
  wording: Wording,
): Record<string, Sql> {
  const p = layers.place;
  const { d } = p;
  const at = frame.each ? layers.leaf(tables.eachAt()) : p.at({ alias: 'enterprise', source: 'enterprise' });
  const join = (parts: Sql[]) => (parts.length > 0 ? parts.join(` || ${d.text(' / ')} || `) : d.text(''));
  // What a ledger keeps, so that neither a change of language nor of what is masked looks like a change of the data.
  const kept = { ...p, facts: { ...facts, lang: 'zh' as const, treat: maskPersonal } };
  const others = facts.others.map((treat) => ({ ...p, facts: { ...facts, treat } }));
  const aboutSql = (place: typeof p) => join(check.about.map((e) => shownSql(e, place, wording)));
  const messageSql = (place: typeof p) =>
    check.message[place.facts.lang]
      .map((part) => (typeof part === 'string' ? d.text(part) : shownSql(part, place, wording)))
      .join(' || ');
  const [about, message] = [aboutSql(p), messageSql(p)];
  const unless = (shown: Sql, sql: Sql) => (sql === shown ? d.cast('NULL', 'text') : sql);
  const evidence = check.evidence.map((item) => {
    const value = shownSql(item.value, p, wording);
    return {
      label: d.text(item.label[facts.lang]),
      value,
      ...placeOf(item, p),
      kept_label: d.text(item.label.zh),
      kept: unless(value, shownSql(item.value, kept, wording)),
      steady: d.text(readsTheDay(item.value) ? '' : 'steady'),
      ...Object.fromEntries(
        others.map((o, i) => [wordedFor('value', i + 1), unless(value, shownSql(item.value, o, wording))]),
      ),
    };
  });
  return {
    check_id: d.text(check.id),
    severity: severitySql(check, p, d),
    about,
    about_key: identitySql(check.about, p),
    kept_about: unless(about, aboutSql(kept)),
    kept_message: unless(message, messageSql(kept)),
    message,
    _at: d.cast(at, 'int'),
    evidence: d.structList(evidence),
    ...Object.fromEntries(
      others.flatMap((o, i) => [
        [wordedFor('about', i + 1), unless(about, aboutSql(o))],
        [wordedFor('message', i + 1), unless(message, messageSql(o))],
      ]),
    ),
  };
}

/** Source, file and row of a value: of several rows it may come from, the first that was found. */
function placeOf({ relations }: Evidence, p: Place): Record<'source' | 'at' | 'rows', Sql> {
  const { d } = p;
  const found = relations.map((r) => ({ at: p.at(r), source: d.text(r.source), rows: p.rows(r) ?? '1' }));
  const [first, ...others] = found;
  if (!first) return { source: d.text(''), at: d.cast('NULL', 'int'), rows: d.cast('1', 'int') };
  const choose = (of: (x: (typeof found)[0]) => Sql) =>
    others.length === 0
      ? of(first)
      : `CASE ${found.map((x) => `WHEN ${x.at} IS NOT NULL THEN ${of(x)}`).join(' ')} ELSE ${of(first)} END`;
  return {
    source: choose((x) => x.source),
    at: d.cast(
      choose((x) => x.at),
      'int',
    ),
    rows: d.cast(
      choose((x) => x.rows),
      'int',
    ),
  };
}

/** A value counted up to the day of the run changes every night though nothing happened. */
const readsTheDay = (e: Expr): boolean => [...nodes(e)].some((n) => n.op === 'as_of');

function severitySql(check: CheckedCheck, p: Place, d: Dialect): Sql {
  const { cases, otherwise } = check.severity;
  if (cases.length === 0) return d.text(otherwise);
  const whens = cases.map((c) => `WHEN ${render(c.when, p)} THEN ${d.text(c.severity)}`);
  return `CASE ${whens.join(' ')} ELSE ${d.text(otherwise)} END`;
}
