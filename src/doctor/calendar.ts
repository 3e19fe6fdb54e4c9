import type { Pack } from '../config/pack.js';
import { say } from '../config/text.js';
import type { Engine } from '../engine/engine.js';
import { loadReferences } from '../run/references.js';
import { type Finding, ok, warning } from './finding.js';

/** The longest deadline of the shipped policy is 30 working days: about this many days. */
const DEADLINE_DAYS = 60;

/** Deadlines are counted by it; beyond its end weekdays are. */
export async function calendarFindings(engine: Engine, pack: Pack, tempDir: string, asOf?: string): Promise<Finding[]> {
  if (!pack.contracts.has('holidays')) {
    return [
      warning(
        'calendar',
        say('没有节假日历，核查时限按周一至周五推算', 'there is no holiday calendar: deadlines count Monday to Friday'),
        say(
          '在规则目录加入 sources/holidays.yaml 与 reference/holidays.csv',
          'add sources/holidays.yaml and reference/holidays.csv to the checks',
        ),
      ),
    ];
  }
  await loadReferences(engine, pack, tempDir, 'holidays');
  const d = engine.dialect;
  const [row] = await engine.rows<{ first: string; last: string }>(
    `SELECT ${d.formatDate(`min(${d.ident('date')})`)} AS first, ${d.formatDate(`max(${d.ident('date')})`)} AS last FROM ref.holidays`,
  );
  await engine.run('DROP SCHEMA ref CASCADE');
  const [first, last] = [row?.first ?? '', row?.last ?? ''];
  const reach = say(`节假日历覆盖 ${first} 至 ${last}`, `the holiday calendar reaches from ${first} to ${last}`);
  if (asOf === undefined) return [ok('calendar', reach)];
  const needed = new Date(Date.parse(asOf) + DEADLINE_DAYS * 86_400_000).toISOString().slice(0, 10);
  if (first <= asOf && last >= needed) return [ok('calendar', reach)];
  return [
    warning(
      'calendar',
      say(
        `${reach.zh}，不足以推算 ${asOf} 起的核查时限（至少到 ${needed}）`,
        `${reach.en}, not far enough for deadlines from ${asOf} on (to ${needed} at least)`,
      ),
      say(
        '按国务院办公厅放假通知补充 reference/holidays.csv，含调休上班日',
        "add the State Council's yearly notice to reference/holidays.csv, make-up days included",
      ),
    ),
  ];
}
