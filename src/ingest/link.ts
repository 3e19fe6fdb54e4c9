import type { Contract } from '../config/contract.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import { nameKey, usccOrgCode } from '../values/index.js';
import { nullOf, tables } from './sources.js';

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
  const names = [`SELECT ${nameKey(d.ident('name'), d)} AS k, _eid FROM ${table}`];
  if (enterprise.fields.former_names?.type === 'list') {
    const former = `SELECT ${d.unnest(d.ident('former_names'))} AS former, _eid FROM ${table} WHERE ${d.ident('former_names')} IS NOT NULL`;
    names.push(`SELECT ${nameKey('former', d)} AS k, _eid FROM (${former}) AS f`);
  }
  await unique(LOOKUPS.name, names.join(' UNION ALL '));
}

export async function dropLookups(session: Session): Promise<void> {
  for (const table of Object.values(LOOKUPS)) await session.run(`DROP TABLE IF EXISTS ${table}`);
}

/**
 * Typed rows with `_eid`, `_match` and `_via` (the text that led there, where it was not a credit code as written).
 *
 * A row whose credit code can be read belongs to that code's enterprise or to none: it is never led to another one by a
 * number or a name, so a branch is not taken for its parent and a namesake not for the firm of that name. The other
 * ways are for rows whose code is blank, unreadable, or not in the extract at all.
 */
export function linked(d: Dialect, contract: Contract, rows: Sql): Sql {
  const s = subjectOf(contract);
  if (!s) return unlinked(d, rows);
  const uscc = s.uscc && `t.${d.ident(s.uscc)}`;
  const without = (x: Sql): Sql => (uscc ? `CASE WHEN ${uscc} IS NULL THEN ${x} END` : x);
  const ways: { method: LinkMethod; alias: string; join: Sql; when: Sql; via: Sql }[] = [];
  if (uscc) {
    const join = `LEFT JOIN ${tables.source(d, 'enterprise')} AS by_uscc ON by_uscc.${d.ident('uscc')} = ${uscc}`;
    ways.push({
      method: 'repaired',
      alias: 'by_uscc',
      join: '',
      when: 't._repaired IS NOT NULL AND ',
      via: 't._repaired',
    });
    ways.push({ method: 'uscc', alias: 'by_uscc', join, when: '', via: d.cast('NULL', 'text') });
  }
  for (const method of ['reg_no', 'org_code', 'name'] as const) {
    const field = s[method];
    if (!field) continue;
    const value = `t.${d.ident(field)}`;
    const alias = `by_${method}`;
    const key = method === 'name' ? nameKey(value, d) : value;
    ways.push({
      method,
      alias,
      join: `LEFT JOIN ${LOOKUPS[method]} AS ${alias} ON ${alias}.k = ${without(key)}`,
      when: '',
      via: value,
    });
  }
  const choose = (then: (w: (typeof ways)[number]) => Sql) =>
    `CASE ${ways.map((w) => `WHEN ${w.when}${w.alias}._eid IS NOT NULL THEN ${then(w)}`).join(' ')} END`;
  return `SELECT t.*, ${choose((w) => `${w.alias}._eid`)} AS _eid, ${choose((w) => d.text(w.method))} AS _match, ${choose((w) => w.via)} AS _via
    FROM ${rows} AS t ${ways.map((w) => w.join).join(' ')}`;
}

/** The same columns for rows that are about no enterprise. */
export function unlinked(d: Dialect, rows: Sql): Sql {
  const none = nullOf('text', d);
  return `SELECT t.*, CAST(NULL AS INTEGER) AS _eid, ${none} AS _match, ${none} AS _via FROM ${rows} AS t`;
}

/** meta.linked: loaded rows whose credit code did not lead to their enterprise by itself, and what did. */
export const LINKED = 'meta.linked';

export async function makeLinkLog(session: Session): Promise<void> {
  const d = session.dialect;
  const text = d.typeName('text');
  await session.run(
    `CREATE TABLE ${LINKED} (source ${text}, ${d.ident('row')} ${d.typeName('int')}, method ${text}, raw ${text}, _file INTEGER, _eid INTEGER)`,
  );
}

/** Logs those of a source. `survivors` are its typed rows that were let in. */
export async function logLinks(session: Session, contract: Contract, survivors: Sql): Promise<void> {
  if (!contract.subject) return;
  const d = session.dialect;
  const [one] = await session.rows(
    `SELECT 1 AS one FROM ${tables.source(d, contract.source)} WHERE _match <> 'uscc' LIMIT 1`,
  );
  if (!one) return;
  const uscc = contract.subject.uscc;
  // Only rows without a code as it should be can be among them.
  const candidates = uscc
    ? `(SELECT * FROM ${survivors} AS s WHERE ${d.ident(uscc)} IS NULL OR _repaired IS NOT NULL)`
    : survivors;
  await session.run(
    `INSERT INTO ${LINKED} SELECT ${d.text(contract.source)}, _row, _match, _via, _file, _eid
     FROM (${linked(d, contract, candidates)}) AS x WHERE _eid IS NOT NULL AND _match <> 'uscc'`,
  );
}

/** The library's own refused rows are led to an enterprise of the same number or name, if there is one. */
function subjectOf(contract: Contract): Contract['subject'] {
  if (contract.source !== 'enterprise') return contract.subject;
  return { uscc: 'uscc', name: 'name', ...(contract.fields.reg_no?.type === 'reg_no' ? { reg_no: 'reg_no' } : {}) };
}
