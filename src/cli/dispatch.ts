import { EXIT, usageError } from '../errors.js';
import type { DispatchResult } from '../run/dispatch.js';
import { dispatch } from '../run/dispatch.js';
import { loadChecks } from '../run/load-checks.js';
import { asOfOf, checksDirOf, langOf, needed } from './options.js';
import { label, type Output, printable } from './output.js';
import type { WithProject } from './project.js';
import { stateOf, writingAs } from './state.js';
import { table } from './table.js';
import { version } from './version.js';

interface DispatchCommandOptions extends WithProject {
  state?: string;
  wait?: string;
  inspectors?: string;
  out?: string;
  seed?: string;
  asOf?: string;
  checks?: string;
  dryRun?: boolean;
  lang: string;
}

export async function dispatchCommand(given: DispatchCommandOptions, output: Output): Promise<number> {
  const o = needed(given, { inspectors: '<file>', out: '<dir>', seed: '<number or word>' });
  if (o.seed.trim() === '')
    throw usageError({ what: '--seed is blank', fix: 'give a number or a word, such as 20260731' });
  const lang = langOf(o.lang);
  const zh = lang === 'zh';
  const { pack, themes } = loadChecks(checksDirOf(o));
  const result = await dispatch(pack, themes, {
    state: stateOf(o),
    inspectors: o.inspectors,
    outDir: o.out,
    seed: o.seed,
    asOf: o.asOf === undefined ? undefined : asOfOf(o.asOf),
    lang,
    dryRun: o.dryRun === true,
    maskingFile: o.loadedProject?.settings.reports?.masking,
    version: version(),
    ...writingAs('bidui dispatch', o, output),
  });
  const rows = byDepartment(result).map(([id, n]) => [
    pack.vocabulary.departments[id]?.[lang] ?? id,
    n.visits,
    n.anomalies,
  ]);
  output.out(
    table(zh ? ['部门', '核查任务', '异常'] : ['Department', 'Visits', 'Anomalies'], rows, { width: output.columns }),
  );
  const fresh = result.assignments.filter((a) => !a.standing).length;
  output.out(
    zh
      ? `\n基准日 ${result.asOf}：${result.visits} 次上门核查，${result.assignments.length} 条异常（新派 ${fresh}，此前已派 ${result.assignments.length - fresh}）${o.dryRun ? '；试派，未入账' : ''}`
      : `\nAs of ${result.asOf}: ${result.visits} visits for ${result.assignments.length} anomalies (${fresh} given out now, ${result.assignments.length - fresh} before)${o.dryRun ? '; a trial, nothing recorded' : ''}`,
  );
  for (const u of result.unassigned)
    output.err(printable(`${label('warning', output)} ${shortText(u, zh, pack.vocabulary.departments)}`));
  output.out(`${zh ? '已写入' : 'Written to'} ${o.out}: ${result.files.join(', ')}`);
  return EXIT.ok;
}

function shortText(
  u: DispatchResult['unassigned'][number],
  zh: boolean,
  departments: Readonly<Record<string, { zh: string; en: string }>>,
): string {
  const s = u.short ?? { department: 0, certificate: 0, region: 0, conflict: 0, speciality: 0 };
  const name = departments[u.task.department]?.[zh ? 'zh' : 'en'] ?? u.task.department;
  return zh
    ? `${u.task.enterprise}（${name}，${u.anomalies.length}条）无法派出两人：本部门 ${s.department} 人，证件有效 ${s.certificate}，区域相符 ${s.region}，无须回避 ${s.conflict}，专业相符 ${s.speciality}`
    : `${u.task.enterprise} (${name}, ${u.anomalies.length} anomalies): no two to send; ${s.department} in the department, ${s.certificate} with a valid certificate, ${s.region} of the region, ${s.conflict} without a conflict, ${s.speciality} who know the matter`;
}

function byDepartment(r: DispatchResult): [string, { visits: number; anomalies: number }][] {
  const all = new Map<string, { visits: Set<string>; anomalies: number }>();
  for (const a of r.assignments) {
    const n = all.get(a.department) ?? { visits: new Set(), anomalies: 0 };
    n.visits.add(a.visit);
    n.anomalies += 1;
    all.set(a.department, n);
  }
  return [...all].sort().map(([id, n]) => [id, { visits: n.visits.size, anomalies: n.anomalies }]);
}
