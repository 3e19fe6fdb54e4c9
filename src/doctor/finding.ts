import { type Bilingual, say } from '../config/text.js';
import { BiduiError, EXIT, type ExitCode, formatPlace, type Problem } from '../errors.js';

/** What was looked at, in the order in which a run needs it. */
export const AREAS = {
  project: { zh: '项目文件', en: 'Project' },
  checks: { zh: '规则', en: 'Checks' },
  sources: { zh: '数据源', en: 'Sources' },
  calendar: { zh: '节假日历', en: 'Calendar' },
  state: { zh: '台账', en: 'Ledger' },
  places: { zh: '目录与权限', en: 'Directories' },
  room: { zh: '磁盘与内存', en: 'Disk and memory' },
  machine: { zh: '运行环境', en: 'Machine' },
} as const;
export type Area = keyof typeof AREAS;

export interface Finding {
  area: Area;
  level: 'ok' | 'warning' | 'error';
  what: Bilingual;
  /** File with line and column, or what it is about. */
  where?: string;
  /** What to do about it. */
  fix?: Bilingual;
  /** Of an error: the code that a run would end with. */
  exit?: ExitCode;
}

export const ok = (area: Area, what: Bilingual, where?: string): Finding => ({ area, level: 'ok', what, where });

export const warning = (area: Area, what: Bilingual, fix: Bilingual, where?: string): Finding => ({
  ...{ area, level: 'warning', what, fix, where },
});

export const error = (area: Area, exit: ExitCode, what: Bilingual, fix: Bilingual, where?: string): Finding => ({
  ...{ area, level: 'error', exit, what, fix, where },
});

/** Problems as the rest of bidui tells them, in English alone: they name files, columns and words as they are written. */
export function fromProblem(area: Area, p: Problem, exit?: ExitCode): Finding {
  const what = p.why ? `${p.what} (${p.why})` : p.what;
  return {
    area,
    level: exit === undefined ? 'warning' : 'error',
    what: say(what, what),
    ...(p.where ? { where: formatPlace(p.where) } : {}),
    ...(p.fix ? { fix: say(p.fix, p.fix) } : {}),
    ...(exit === undefined ? {} : { exit }),
  };
}

/** Runs a probe; a fault that bidui can explain is a finding like any other. */
export async function probe(area: Area, work: () => Promise<Finding[]> | Finding[]): Promise<Finding[]> {
  try {
    return await work();
  } catch (fault) {
    if (!(fault instanceof BiduiError)) throw fault;
    return fault.problems.map((p) => fromProblem(area, p, fault.exit));
  }
}

/** The code that a run would end with now: that of the fault which it would meet first. */
export function exitOf(findings: readonly Finding[]): ExitCode {
  const codes = findings.flatMap((f) => (f.level === 'error' ? [f.exit ?? EXIT.usage] : []));
  return codes.sort((a, b) => a - b)[0] ?? EXIT.ok;
}
