import { tmpdir } from 'node:os';
import { MaskingPolicy } from '../config/masking/policy.js';
import { applyOverrides } from '../config/override.js';
import { loadPack, type Pack } from '../config/pack.js';
import type { Project } from '../config/project/load.js';
import { say } from '../config/text.js';
import { EXIT, formatPlace, type Problem } from '../errors.js';
import { guardPolicy } from '../guard/policy.js';
import type { Places } from '../ingest/find-files.js';
import { bytesOfExtracts } from '../ingest/ingest.js';
import { lintChecks } from '../run/lint.js';
import { loadChecks } from '../run/load-checks.js';
import { projectFaults } from '../run/project.js';
import { withScratchEngine } from '../run/scratch-engine.js';
import { calendarFindings } from './calendar.js';
import { type Finding, fromProblem, ok, probe, warning } from './finding.js';
import { machineFindings } from './machine.js';
import { diskFinding, memoryFinding, outFinding, writable } from './places.js';
import { sourceFindings } from './sources.js';
import { stateFindings } from './state.js';

export interface DoctorOptions {
  /** As a run would take it. */
  project?: Project;
  checksDir: string;
  params?: string;
  inputDir?: string;
  places?: Places;
  out?: string;
  state?: string;
  tempDir?: string;
  memory?: string;
  asOf?: string;
  version: string;
}

/** Everything that a run needs, looked at without running it. One thing that is wrong does not keep the rest from being looked at. */
export async function doctor(o: DoctorOptions): Promise<Finding[]> {
  const pack = loadedPack(o);
  const checks = await probe('checks', () => checksFindings(o));
  const findings = [...(await machineFindings(o.version)), ...checks];
  // What it names can be looked up only in checks that can be read.
  if (o.project && !checks.some((f) => f.level === 'error'))
    findings.push(...(await probe('project', () => namesFindings(o, o.project!))));
  findings.push(...(await probe('state', () => stateFindings(o.state, o.asOf))));
  findings.push(...places(o));
  const text = pack && (await bytesOfExtracts(pack, o).catch(() => undefined));
  findings.push(memoryFinding(o.memory, text));
  if (o.inputDir === undefined && !o.places?.size) {
    findings.push(
      warning(
        'sources',
        say('没有指定数据目录，未检查数据源', 'no directory with extracts is named: sources were not looked at'),
        say(
          '在项目文件写 sources.input，或在命令行给出',
          'write sources.input in the project file, or give it on the command line',
        ),
      ),
    );
  }
  if (!pack) return findings;
  const dirs = writable(o.tempDir ?? tmpdir(), '临时目录', 'directory for intermediate data', EXIT.machine);
  if (dirs.level === 'error') return findings;
  await withScratchEngine({ tempDir: o.tempDir }, async (engine, tempDir) => {
    findings.push(...(await probe('calendar', () => calendarFindings(engine, pack, tempDir, o.asOf))));
    if (o.inputDir === undefined && !o.places?.size) return;
    await probe('sources', async () => {
      const policy = guardPolicy(pack.dir, o.project?.settings.guards);
      const looked = await sourceFindings(engine, pack, { ...o, policy, tempDir });
      findings.push(...looked.findings, diskFinding(o.tempDir ?? tmpdir(), looked.bytes));
      return [];
    }).then((faults) => findings.push(...faults));
  });
  return findings;
}

function loadedPack(o: DoctorOptions): Pack | undefined {
  try {
    return loadPack(o.checksDir);
  } catch {
    // What is wrong with it is told by lint.
    return undefined;
  }
}

function checksFindings(o: DoctorOptions): Finding[] {
  const { errors, warnings, checks, themes } = lintChecks(o.checksDir);
  const tell = (exit?: 2) => (p: Problem) => fromProblem('checks', p, exit);
  if (errors.length > 0) return errors.map(tell(EXIT.usage));
  // The park's parameters hold only if they fit the checks.
  loadChecks(o.checksDir, (pack) => (o.params ? applyOverrides(pack, o.params) : pack));
  return [
    ok(
      'checks',
      say(`${themes} 个主题、${checks} 条规则，无错误`, `${themes} themes, ${checks} checks, no fault`),
      o.checksDir,
    ),
    ...warnings.map(tell()),
  ];
}

function namesFindings(o: DoctorOptions, project: Project): Finding[] {
  const { pack, themes } = loadChecks(o.checksDir);
  const faults = projectFaults(project, pack, themes);
  if (faults.length > 0) return faults.map((p) => fromProblem('project', p, EXIT.usage));
  // The park's rules of who sees what: a fault in them is thrown, as a run would end with it.
  new MaskingPolicy(pack, { parkFile: project.settings.reports?.masking, unmasked: false });
  if (/^请填写/.test(project.settings.park?.name ?? '')) {
    return [
      warning(
        'project',
        say('园区名称尚未填写', "the park's name is not filled in yet"),
        say('改写 park.name', 'write park.name'),
        formatPlace(project.yaml.place(['park', 'name'])),
      ),
    ];
  }
  return [ok('project', say('项目文件无误', 'the project file is in order'), project.yaml.name)];
}

function places(o: DoctorOptions): Finding[] {
  const temp = writable(o.tempDir ?? tmpdir(), '临时目录', 'directory for intermediate data', EXIT.usage);
  if (o.out !== undefined) return [outFinding(o.out), temp];
  return [
    warning(
      'places',
      say('没有指定报告目录', 'no directory for the reports is named'),
      say(
        '在项目文件写 reports.out，或运行时用 --out',
        'write reports.out in the project file, or give --out to the run',
      ),
    ),
    temp,
  ];
}
