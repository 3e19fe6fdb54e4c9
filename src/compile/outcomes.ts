import type { CheckedCheck } from '../checks/checked.js';
import { conjuncts } from '../checks/ir.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import { OUTCOME, type RunFacts } from './facts.js';
import { Layers } from './layers.js';
import type { OutcomeWords } from './outcome-words.js';
import type { Frame } from './plan.js';
import { fill, inPortion, type Portion } from './portions.js';
import { render } from './render.js';
import { AT } from './row-columns.js';
import { FrameTables } from './tables.js';

/**
 * Statements that leave `run.<frame>`: one row per enterprise with a column per check, or, given `words`, those of its checks; and, where
 * rows are judged, `run.<frame>_rows` with a column per check.
 * An enterprise of which those say nothing but 不适用 need have no row in the first: most have no such row to judge. `large` is whether
 * there are so many enterprises that it pays to look at less of a source by a longer plan. Of a portion, the rows of its enterprises.
 */
export function outcomeStatements(
  frame: Frame,
  d: Dialect,
  facts: RunFacts,
  schema = 'src',
  large = false,
  portion?: Portion,
  words?: OutcomeWords,
): Sql[] {
  const confined = portion !== undefined;
  const [rows, grouped] = outcomeSelects(frame, d, facts, portion?.schema ?? schema, 'src', large, confined, words);
  if (!grouped) return [fill(`run.${frame.name}`, rows, portion)];
  const table = rowsTable(frame);
  // One column can be asked while the table is read; of several, what is left out would be paid for by asking.
  const [only, ...others] = frame.checks.map((c) => d.ident(c.id));
  const refused = facts.source(frame.each!.lookup.relation.source).refused;
  const conditions = [
    ...(portion ? [inPortion(portion)] : []),
    ...(others.length === 0 && !refused ? [`${only} > ${OUTCOME.not_applicable}`] : []),
  ];
  const said = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  return [fill(table, rows, portion), fill(`run.${frame.name}`, grouped(`${table}${said}`), portion)];
}

/** Columns that an engine lays out for each enterprise, to compare addresses with each other before it judges; none where it need not. */
export function columnsLaidOut(frame: Frame, d: Dialect, facts: RunFacts): number {
  const tables = new FrameTables(frame, d, facts);
  const layers = new Layers(tables.place);
  for (const c of frame.checks) outcomeSql(c, tables, layers);
  return layers.columnsLaidOut;
}

/** Where rows are judged: the outcomes of each row. */
export const rowsTable = (frame: Frame): Sql => `run.${frame.name}_rows`;

/**
 * The outcomes of a frame; where rows are judged, those of the rows, and then those of the enterprises from them. `confined`: see
 * `Few`.
 */
function outcomeSelects(
  frame: Frame,
  d: Dialect,
  facts: RunFacts,
  schema: string,
  everyone = 'src',
  large = false,
  confined = false,
  words?: OutcomeWords,
): [Sql, ((rows: Sql) => Sql)?] {
  const tables = new FrameTables(frame, d, facts, schema, everyone);
  const layers = new Layers(tables.place);
  const joined = { from: (enterprise?: (table: Sql) => Sql) => tables.from(enterprise, { confined }, large) };
  const outcomeOf = (c: CheckedCheck) => outcomeSql(c, tables, layers);
  const columnsOf = (of: (c: CheckedCheck) => Sql) => frame.checks.map((c) => `${of(c)} AS ${d.ident(c.id)}`);
  const ofEnterprises = (of: (c: CheckedCheck) => Sql) => words?.packed(frame.checks, of) ?? columnsOf(of);
  if (!frame.each) return [layers.select(['_eid', ...ofEnterprises(outcomeOf)], joined, undefined, layers.toilsLate)];
  const outcomes = columnsOf(outcomeOf);
  const at = layers.leaf(tables.eachAt());
  const { source } = frame.each.lookup.relation;
  const refusedRow = frame.each.lookup.across ? undefined : tables.refusedRow(source);
  const refused = refusedRow && layers.leaf(refusedRow);
  const columns = ['_eid', `${at} AS ${AT}`, ...(refused ? [`${refused} AS _refused`] : []), ...outcomes];
  const gravest = (c: CheckedCheck) => {
    const column = d.ident(c.id);
    const floor = refused ? `CASE WHEN ${d.anyTrue('_refused')} THEN ${OUTCOME.not_comparable} ELSE 0 END` : undefined;
    return d.cast(floor ? d.greatest(`max(${column})`, floor) : `max(${column})`, 'tiny');
  };
  const said = large && !refused ? saidOfRows(frame.checks, tables, layers) : undefined;
  return [
    layers.select(columns, joined, said, frame.each.lookup.across || layers.toilsLate),
    (table) => `SELECT _eid,\n  ${ofEnterprises(gravest).join(',\n  ')}\nFROM ${table}\nGROUP BY _eid`,
  ];
}

/**
 * Condition without which all checks of the frame say 不适用 of a row: there is one to judge, and nothing that all of them ask for is
 * false. An engine asks that before it looks anything else up for the row.
 */
function saidOfRows(checks: readonly CheckedCheck[], tables: FrameTables, layers: Layers): Sql {
  const asked = checks.map((c) => (c.def.when ? conjuncts(c.when).map((x) => render(x, layers.place)) : []));
  const [first = [], ...others] = asked;
  const byAll = [...new Set(first)].filter((x) => others.every((o) => o.includes(x)));
  const absent = layers.leaf(tables.eachAbsent());
  return [`NOT ${absent}`, ...byAll.map((x) => `coalesce(${x}, TRUE)`)].join(' AND ');
}

/** The outcome of one check, of an enterprise or of a row of `each`, as a number in the order of gravity. */
export function outcomeSql(check: CheckedCheck, tables: FrameTables, layers: Layers): Sql {
  const p = layers.place;
  const expect = layers.name(render(check.expect, p));
  const judged = `CASE WHEN ${expect} THEN ${OUTCOME.consistent} WHEN NOT ${expect} THEN ${OUTCOME.anomaly} ELSE ${OUTCOME.not_comparable} END`;
  const when = check.def.when ? layers.name(render(check.when, p)) : undefined;
  const applies = when
    ? `CASE WHEN ${when} THEN ${judged} WHEN NOT ${when} THEN ${OUTCOME.not_applicable} ELSE ${OUTCOME.not_comparable} END`
    : judged;
  if (!check.each) return p.d.cast(applies, 'tiny');
  // Nobody knows whether there is this row to judge: nothing can be said, unless `when` rules it out whatever the row.
  const unknown = when
    ? `CASE WHEN NOT ${when} THEN ${OUTCOME.not_applicable} ELSE ${OUTCOME.not_comparable} END`
    : `${OUTCOME.not_comparable}`;
  const inDoubt = tables.eachInDoubt();
  const cases = [
    `WHEN ${layers.leaf(tables.eachAbsent())} THEN ${OUTCOME.not_applicable}`,
    `WHEN ${layers.leaf(`${tables.eachAt()} IS NULL`)} THEN ${unknown}`,
    ...(inDoubt ? [`WHEN ${layers.leaf(inDoubt)} THEN ${unknown}`] : []),
  ];
  return p.d.cast(`CASE ${cases.join(' ')} ELSE ${applies} END`, 'tiny');
}

/** Outcomes of all enterprises of a schema by the only check of a frame, with their credit codes. */
export function verdictSelect(frame: Frame, d: Dialect, facts: RunFacts, schema: string): Sql {
  const [rows, grouped] = outcomeSelects(frame, d, facts, schema, schema);
  const column = d.ident(frame.checks[0]!.id);
  const of = grouped ? grouped(`(${rows})`) : rows;
  return `SELECT e.uscc AS uscc, o.${column} AS outcome FROM (${of}) o JOIN ${schema}.enterprise e ON e._eid = o._eid`;
}
