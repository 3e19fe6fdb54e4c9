import type { Contract } from '../config/contract.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import { nameKey, usccOrgCode } from '../values/index.js';
import { nullOf, tables } from './sources.js';
import type { TypedRows } from './type-rows.js';

/** How a row found its enterprise; the surest first. */
export const LINK_METHODS = ['uscc', 'repaired', 'reg_no', 'org_code', 'name'] as const;
export type LinkMethod = (typeof LINK_METHODS)[number];

/** Lookups from what a row may know of its enterprise to the enterprise's number, made once from the library. */
const LOOKUPS = { reg_no: 'stage.by_reg_no', org_code: 'stage.by_org_code', name: 'stage.by_name' } as const;

/**
 * Builds the lookups. A registration number, organisation code or name that two enterprises share points to neither.
 * Former names count: a department may not have heard of the new one.
 */
export async function makeLookups(session: Session, enterprise: Contract): Promise<void> {
  const d = session.dialect;
  const table = tables.source(d, 'enterprise');
  const unique = (target: string, candidates: Sql) =>
    session.run(
      `CREATE TABLE ${target} AS SELECT k, min(_eid) AS _eid FROM (${candidates}) AS candidates
       WHERE k IS NOT NULL GROUP BY k HAVING count(DISTINCT _eid) = 1`,
    );
  const noKey = `SELECT ${d.cast('NULL', 'text')} AS k, CAST(NULL AS INTEGER) AS _eid`;
  await unique(
    LOOKUPS.reg_no,
    enterprise.fields.reg_no?.type === 'reg_no' ? `SELECT ${d.ident('reg_no')} AS k, _eid FROM ${table}` : noKey,
  );
  await unique(LOOKUPS.org_code, `SELECT ${usccOrgCode(d.ident('uscc'), d)} AS k, _eid FROM ${table}`);
  const names = [`SELECT ${d.ident(nameKeyOf('name'))} AS k, _eid FROM ${table}`];
  if (enterprise.fields.former_names?.type === 'list') {
    const former = `SELECT ${d.unnest(d.ident('former_names'))} AS former, _eid FROM ${table} WHERE ${d.ident('former_names')} IS NOT NULL`;
    names.push(`SELECT ${nameKey('former', d)} AS k, _eid FROM (${former}) AS f`);
  }
  await unique(LOOKUPS.name, names.join(' UNION ALL '));
}

/** How rows, under the name `t`, find their enterprise. */
interface Link {
  /** The columns of the row that it asks for. */
  asks: string[];
  joins: Sql;
  eid: Sql;
  /** In which way; NULL where in none. */
  match: Sql;
}

/**
 * A row whose credit code can be read belongs to that code's enterprise or to none: it is never led to another one by a
 * number or a name, so a branch is not taken for its parent and a namesake not for the firm of that name. The other
 * ways are for rows whose code is blank, unreadable, or not in the extract at all; where every row is known to have one
 * (`rows.full`), nobody pays for them.
 */
export function linkOf(d: Dialect, contract: Contract, rows: Pick<TypedRows, 'full' | 'repaired'>): Link {
  const s = subjectOf(contract);
  const none = { asks: [], joins: '', eid: 'CAST(NULL AS INTEGER)', match: nullOf('text', d) };
  if (!s) return none;
  const uscc = s.uscc && `t.${d.ident(s.uscc)}`;
  const asks: string[] = [];
  const joins: Sql[] = [];
  const ways: { method: LinkMethod; when: Sql; eid: Sql }[] = [];
  if (s.uscc) {
    asks.push(s.uscc);
    joins.push(`LEFT JOIN ${tables.source(d, 'enterprise')} AS by_uscc ON by_uscc.${d.ident('uscc')} = ${uscc}`);
    if (rows.repaired) {
      asks.push('_repaired');
      ways.push({ method: 'repaired', when: 't._repaired IS NOT NULL AND ', eid: 'by_uscc._eid' });
    }
    ways.push({ method: 'uscc', when: '', eid: 'by_uscc._eid' });
  }
  for (const method of ['reg_no', 'org_code', 'name'] as const) {
    const field = s[method];
    if (!field || (s.uscc && rows.full.has(s.uscc))) continue;
    const key = method === 'name' ? nameKeyOf(field) : field;
    const value = `t.${d.ident(key)}`;
    asks.push(key);
    const alias = `by_${method}`;
    joins.push(
      `LEFT JOIN ${LOOKUPS[method]} AS ${alias} ON ${alias}.k = ${uscc ? `CASE WHEN ${uscc} IS NULL THEN ${value} END` : value}`,
    );
    ways.push({ method, when: '', eid: `${alias}._eid` });
  }
  if (ways.length === 0) return none;
  const choose = (then: (w: (typeof ways)[number]) => Sql) =>
    `CASE ${ways.map((w) => `WHEN ${w.when}${w.eid} IS NOT NULL THEN ${then(w)}`).join(' ')} END`;
  return { asks, joins: joins.join(' '), eid: choose((w) => w.eid), match: choose((w) => d.text(w.method)) };
}

/** What is compared of a name stands beside it in every typed row. */
const nameKeyOf = (field: string): string => `${field}__key`;

/** meta.linked: loaded rows whose credit code did not lead to their enterprise by itself, and what did. */
export const LINKED = 'meta.linked';

export async function makeLinkLog(session: Session): Promise<void> {
  const d = session.dialect;
  const text = d.typeName('text');
  await session.run(
    `CREATE TABLE ${LINKED} (source ${text}, ${d.ident('row')} ${d.typeName('int')}, method ${text}, raw ${text}, _file INTEGER, _eid INTEGER)`,
  );
}

/** Logs those of a source that is stored. `raw` is the text that led there. */
export async function logLinks(session: Session, contract: Contract, rows: TypedRows): Promise<void> {
  const s = contract.subject;
  if (!s) return;
  const d = session.dialect;
  const stored = tables.source(d, contract.source);
  const ways: (readonly [method: LinkMethod, column: string])[] = (['reg_no', 'org_code', 'name'] as const).flatMap(
    (method) => (s[method] ? [[method, s[method]] as const] : []),
  );
  if (s.uscc && rows.repaired) ways.push(['repaired', '_repaired']);
  if (ways.length === 0) return;
  const asked = ['_file', '_row', ...new Set(ways.map(([, column]) => column))];
  const via = ways.map(([method, column]) => `WHEN ${d.text(method)} THEN r.${d.ident(column)}`);
  // Not all of it need be stored.
  const asRead = rows.select(asked, `(SELECT _file, _row FROM ${stored} WHERE _match <> 'uscc')`);
  await session.run(
    `INSERT INTO ${LINKED} SELECT ${d.text(contract.source)}, t._row, t._match, CASE t._match ${via.join(' ')} END, t._file, t._eid
     FROM ${stored} AS t JOIN (${asRead}) AS r ON r._file = t._file AND r._row = t._row WHERE t._match <> 'uscc'`,
  );
}

/** The library's own refused rows are led to an enterprise of the same number or name, if there is one. */
function subjectOf(contract: Contract): Contract['subject'] {
  if (contract.source !== 'enterprise') return contract.subject;
  return { uscc: 'uscc', name: 'name', ...(contract.fields.reg_no?.type === 'reg_no' ? { reg_no: 'reg_no' } : {}) };
}
