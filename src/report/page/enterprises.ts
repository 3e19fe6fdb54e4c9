import { OutcomeWords } from '../../compile/outcome-words.js';
import type { Sql } from '../../engine/dialect.js';
import type { ReportModel } from '../model.js';
import type { PageScope } from './scope.js';

/** The enterprises of a page, in the order of the run. */
export interface Listed {
  /** A table that has their number in the run, `_eid`, and their place in the page, `n`, from 1. */
  table: Sql;
  held: number;
  /** An EnterprisePart in JSON, of the places behind `from` as far as `to`. */
  part(from: number, to: number): Promise<string>;
  /** When the page is written. */
  done(): Promise<void>;
}

/** Lists for pages that may be written side by side: what is alike in all of them is made once. */
export class EnterpriseLists {
  private whole?: Promise<void>;
  private readonly names = new Map<number, Promise<string>>();

  /** All enterprises of the run; where there are more than `most`, those that the page has an anomaly of. */
  async of(m: ReportModel, scope: PageScope, most: number): Promise<Listed> {
    const d = m.session.dialect;
    const outcomes = outcomesSql(m, scope);
    const total = m.summary.enterprises;
    if (total <= most) {
      const table = 'report.listed';
      this.whole ??= listTable(m, table, 'TRUE');
      await this.whole;
      const part = async (from: number, to: number) => {
        const names = this.names.get(from) ?? namesOf(m, table, from, to);
        this.names.set(from, names);
        return partOf(await names, await outcomesOf(m, table, outcomes, from, to));
      };
      return { table, held: total, part, done: async () => {} };
    }
    const table = `report.${d.ident(`listed in ${scope.file}`)}`;
    const first = `SELECT _eid FROM report.anomalies WHERE ${scope.where} GROUP BY _eid ORDER BY min(_order) LIMIT ${most}`;
    await listTable(m, table, `o._eid IN (${first})`);
    const [row] = await m.session.rows<{ held: number }>(`SELECT count(*) AS held FROM ${table}`);
    return {
      ...{ table, held: Number(row?.held ?? 0) },
      part: async (from, to) =>
        partOf(await namesOf(m, table, from, to), await outcomesOf(m, table, outcomes, from, to)),
      done: async () => void (await m.session.run(`DROP TABLE ${table}`)),
    };
  }
}

/** `outcomes` has a digit for every check of the run, in their order. */
async function listTable(m: ReportModel, table: Sql, chosen: Sql): Promise<void> {
  const d = m.session.dialect;
  const words = new OutcomeWords(m.checks, d);
  await m.session.run(`CREATE TABLE IF NOT EXISTS ${table} AS
SELECT row_number() OVER (ORDER BY o._eid) AS n, o._eid AS _eid, e.uscc AS uscc, e.name AS name, ${words.digits()} AS outcomes
FROM ${words.table} o JOIN src.enterprise e ON e._eid = o._eid WHERE ${chosen}`);
}

/** The digits of the page's checks: pieces of those of all checks, as long as they may be. */
function outcomesSql(m: ReportModel, { confined }: PageScope): Sql {
  const d = m.session.dialect;
  if (!confined) return 'outcomes';
  const pieces: { from: number; length: number }[] = [];
  for (const [i, c] of m.checks.entries()) {
    if (!confined.checks.has(c.id)) continue;
    const last = pieces.at(-1);
    if (last && last.from + last.length === i + 1) last.length += 1;
    else pieces.push({ from: i + 1, length: 1 });
  }
  return d.concat(d.text(''), ...pieces.map((p) => d.substr('outcomes', p.from, p.length)));
}

const partOf = (names: string, outcomes: string) => `{${names},"outcomes":[${outcomes}]}`;

/** Lists come as one text: handing them over cell by cell takes several times as long. */
async function namesOf(m: ReportModel, table: Sql, from: number, to: number): Promise<string> {
  const d = m.session.dialect;
  const list = (column: Sql) => d.joinOrdered(d.json(`coalesce(${column}, ${d.text('')})`), 'n', ',');
  const [row] = await m.session.rows<{ uscc: string; name: string }>(
    `SELECT ${list('uscc')} AS uscc, ${list('name')} AS name FROM ${table} WHERE n > ${from} AND n <= ${to}`,
  );
  return `"uscc":[${row?.uscc ?? ''}],"name":[${row?.name ?? ''}]`;
}

async function outcomesOf(m: ReportModel, table: Sql, outcomes: Sql, from: number, to: number): Promise<string> {
  const d = m.session.dialect;
  const list = d.joinOrdered(d.concat(d.text('"'), outcomes, d.text('"')), 'n', ',');
  const [row] = await m.session.rows<{ outcomes: string }>(
    `SELECT ${list} AS outcomes FROM ${table} WHERE n > ${from} AND n <= ${to}`,
  );
  return row?.outcomes ?? '';
}
