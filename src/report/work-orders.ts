import { omittedWord } from '../compile/format.js';
import type { Lang } from '../config/text.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import { relabel } from '../engine/relabel.js';
import type { DispatchPlan } from '../ledger/dispatch/plan.js';
import { DISPOSALS } from '../ledger/words.js';
import { ANOMALY_COLUMNS, type Column, column as own, anomalyColumn as same } from './anomaly-columns.js';
import { named } from './file-names.js';
import { writeCsv } from './write.js';

/** Columns of a work order. The disposal columns are those of every report, so that the feedback command reads it. */
export const WORK_ORDER_COLUMNS: readonly Column[] = [
  own('visit', '核查任务编号', 'Visit', ['同一编号的各行一次上门办完', 'Rows of one number are one visit'], {
    required: true,
  }),
  same('uscc'),
  same('enterprise'),
  own('address', '住所', 'Address', ['企业的登记住所', 'Registered address of the enterprise']),
  own('inspectors', '检查人员', 'Inspectors', [
    '抽中的两名检查人员及其编号',
    'The two inspectors that were drawn, with their numbers',
  ]),
  own('joint', '联合部门', 'Joint with', [
    '同一次上门的各部门；只有本部门时空白',
    'Departments of the same visit; blank where there is one',
  ]),
  ...[
    'anomaly_id',
    'check_id',
    'check_title',
    'severity',
    'message',
    'legal_basis',
    'advice',
    'as_of',
    'first_seen',
  ].map(same),
  ...['due_on', 'overdue'].map(same),
  ...ANOMALY_COLUMNS.filter((c) => c.id.startsWith('disposal_')),
];

export interface OrderOptions {
  lang: Lang;
  asOf: string;
  departments: Readonly<Record<string, Record<Lang, string>>>;
  severities: Readonly<Record<string, Record<Lang, string>>>;
  /** By department, the checks of whose texts its readers see nothing: the ledger knows them as a whole alone. */
  withheld: ReadonlyMap<string, readonly string[]>;
}

/** One file for each department that has something to do; the overdue and the gravest first, a visit's rows together. */
export async function writeWorkOrders(
  session: Session,
  plan: DispatchPlan,
  o: OrderOptions & { dir: string },
): Promise<string[]> {
  const d = session.dialect;
  await session.run('CREATE SCHEMA report');
  await session.run(
    `CREATE TABLE report.assigned (id ${d.typeName('text')}, visit ${d.typeName('text')}, inspectors ${d.typeName('text')})`,
  );
  for (let i = 0; i < plan.assignments.length; i += 500) {
    const rows = plan.assignments.slice(i, i + 500).map((a) => {
      const who = a.inspectors
        .map((x) => (o.lang === 'zh' ? `${x.name}（${x.no}）` : `${x.name} (${x.no})`))
        .join('、');
      return `(${d.text(a.anomaly)}, ${d.text(a.visit)}, ${d.text(who)})`;
    });
    await session.run(`INSERT INTO report.assigned VALUES ${rows.join(', ')}`);
  }
  await session.run(orders(o, d));
  const given = new Set(plan.assignments.map((a) => a.department));
  const departments = Object.entries(o.departments).filter(([id]) => given.has(id));
  const files: string[] = [];
  for (const t of named(departments.map(([id, w]) => ({ id, name: w[o.lang] })))) {
    const name = o.lang === 'zh' ? `工作单-${t.name}.csv` : `work-order-${t.name}.csv`;
    const where = `_department = ${d.text(t.id)}`;
    files.push(await writeCsv({ session, lang: o.lang, dir: o.dir }, name, WORK_ORDER_COLUMNS, 'report.orders', where));
  }
  return files;
}

function messageSql(withheld: OrderOptions['withheld'], lang: Lang, d: Dialect): Sql {
  const leftOut = [...withheld].flatMap(([department, checks]) =>
    checks.length === 0
      ? []
      : [
          `WHEN s.department = ${d.text(department)} AND s.check_id IN (${checks.map((c) => d.text(c)).join(', ')}) THEN ${d.text(omittedWord(lang))}`,
        ],
  );
  return leftOut.length === 0 ? 'v.message' : `CASE ${leftOut.join(' ')} ELSE v.message END`;
}

function orders({ lang, asOf, departments, severities, withheld }: OrderOptions, d: Dialect): Sql {
  const word = (x: Sql, words: Readonly<Record<string, Record<Lang, string>>>) =>
    relabel(
      x,
      Object.entries(words).map(([id, w]) => [id, w[lang]] as const),
      d,
    );
  const rank = `CASE s.severity WHEN ${d.text('red')} THEN 1 WHEN ${d.text('yellow')} THEN 2 ELSE 3 END`;
  const columns: Record<string, Sql> = {
    visit: 'g.visit',
    uscc: 's.uscc',
    enterprise: 's.enterprise',
    address: 'e.address',
    inspectors: 'g.inspectors',
    joint: 'j.departments',
    anomaly_id: 's.id',
    check_id: 's.check_id',
    check_title: 'c.check_title',
    severity: word('s.severity', severities),
    message: messageSql(withheld, lang, d),
    legal_basis: 'c.legal_basis',
    advice: 'c.advice',
    as_of: d.text(asOf),
    first_seen: d.formatDate('s.first_seen'),
    due_on: d.formatDate('s.due_on'),
    overdue: `CASE WHEN s.overdue THEN ${d.concat(d.cast('s.days_over', 'text'), d.text(lang === 'zh' ? '个工作日' : ' working days'))} ELSE '' END`,
    disposal_status: word('s.disposal', DISPOSALS),
    disposal_by: 's.handled_by',
    disposal_on: d.formatDate('s.handled_on'),
    disposal_note: 's.note',
  };
  return `CREATE TABLE report.orders AS
SELECT ${WORK_ORDER_COLUMNS.map((c) => `${columns[c.id]} AS ${c.id}`).join(',\n  ')}, s.department AS _department,
  row_number() OVER (ORDER BY m.urgency, g.visit, s.department, ${rank}, s.id) AS _order
FROM report.assigned g
JOIN life.standing s ON s.id = g.id
LEFT JOIN run.checks c ON c.check_id = s.check_id
LEFT JOIN ledger.enterprise e ON e.uscc = s.uscc
LEFT JOIN (
  SELECT * FROM (SELECT id, message, row_number() OVER (PARTITION BY id ORDER BY as_of DESC) AS nth FROM ledger.version) WHERE nth = 1
) v ON v.id = s.id
LEFT JOIN (
  SELECT g.visit AS visit, min(CASE WHEN s.overdue THEN 0 ELSE ${rank} END) AS urgency
  FROM report.assigned g JOIN life.standing s ON s.id = g.id GROUP BY g.visit
) m ON m.visit = g.visit
LEFT JOIN (
  SELECT visit, ${d.joinOrdered('title', 'department', '、')} AS departments FROM (
    SELECT DISTINCT g.visit AS visit, s.department AS department, ${word('s.department', departments)} AS title
    FROM report.assigned g JOIN life.standing s ON s.id = g.id
  ) GROUP BY visit HAVING count(*) > 1
) j ON j.visit = g.visit`;
}
