import { existsSync } from 'node:fs';
import { PROJECT_FILE } from '../config/project/file-name.js';
import { loadProject, type Project } from '../config/project/load.js';
import { doctor } from '../doctor/doctor.js';
import { AREAS, type Area, exitOf, type Finding, probe } from '../doctor/finding.js';
import { redacting } from '../secrets.js';
import { asOfOf, checksDirOf, langOf, oneOf } from './options.js';
import { type Output, printable } from './output.js';
import { version } from './version.js';

interface DoctorCommandOptions {
  project?: string;
  checks?: string;
  params?: string;
  state?: string;
  out?: string;
  tempDir?: string;
  asOf?: string;
  format: string;
  lang?: string;
}

const LEVELS = {
  zh: { ok: '正常', warning: '注意', error: '错误' },
  en: { ok: 'ok', warning: 'warning', error: 'error' },
} as const;

export async function doctorCommand(
  input: string | undefined,
  o: DoctorCommandOptions,
  output: Output,
): Promise<number> {
  const format = oneOf('--format', o.format, ['text', 'json'] as const);
  const asOf = o.asOf === undefined ? undefined : asOfOf(o.asOf);
  const path = o.project ?? (existsSync(PROJECT_FILE) ? PROJECT_FILE : undefined);
  let project: Project | undefined;
  const faults = await probe('project', () => {
    if (path !== undefined) project = loadProject(path);
    return [];
  });
  const s = project?.settings;
  const lang = langOf(o.lang ?? s?.reports?.lang ?? 'zh');
  const findings = [
    ...faults,
    ...(await doctor({
      project,
      checksDir: checksDirOf({ checks: o.checks ?? s?.checks }),
      params: o.params ?? s?.params,
      inputDir: input ?? s?.sources?.input,
      places: input === undefined ? new Map(Object.entries(s?.sources?.places ?? {})) : undefined,
      out: o.out ?? s?.reports?.out,
      state: o.state ?? s?.state,
      tempDir: o.tempDir ?? s?.limits?.temp_dir,
      memory: s?.limits?.memory,
      asOf,
      version: version(),
    })),
  ];
  const exit = exitOf(findings);
  if (format === 'json') {
    output.out(
      JSON.stringify(
        { exit, findings: findings.map((f) => ({ ...f, what: f.what[lang], fix: f.fix?.[lang] })) },
        redacting,
        2,
      ),
    );
    return exit;
  }
  for (const area of Object.keys(AREAS) as Area[]) {
    const own = findings.filter((f) => f.area === area);
    if (own.length > 0) output.out(printable([AREAS[area][lang], ...own.map((f) => line(f, lang))].join('\n')));
  }
  const count = (level: Finding['level']) => findings.filter((f) => f.level === level).length;
  output.out(
    lang === 'zh'
      ? `\n${count('ok')} 项正常，${count('warning')} 项注意，${count('error')} 项错误`
      : `\n${count('ok')} ok, ${count('warning')} warnings, ${count('error')} errors`,
  );
  return exit;
}

function line(f: Finding, lang: 'zh' | 'en'): string {
  const arrow = f.fix?.[lang] && f.level !== 'ok' ? `\n         → ${f.fix[lang]}` : '';
  return `  [${LEVELS[lang][f.level]}] ${f.where ? `${f.where} ` : ''}${f.what[lang]}${arrow}`;
}
