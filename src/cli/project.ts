import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { PROJECT_FILE } from '../config/project/file-name.js';
import type { Project } from '../config/project/load.js';
import type { ProjectFile } from '../config/project/schema.js';
import { usageError } from '../errors.js';
import type { Places } from '../ingest/find-files.js';

/** What the hook below leaves for commands that need more of the project than the options it stands for. */
export interface WithProject {
  project?: string;
  loadedProject?: Project;
}

type Setting = (s: ProjectFile) => string | undefined;
const list = (words: readonly string[] | undefined): string | undefined => words?.join(',');

/** The settings that are options of commands: a flag of the command line overrides them. */
const ANY: Readonly<Record<string, Setting>> = {
  state: (s) => s.state,
  checks: (s) => s.checks,
  params: (s) => s.params,
  lang: (s) => s.reports?.lang,
  tempDir: (s) => s.limits?.temp_dir,
};

/** Others write elsewhere, and judge what they are told. */
const RUN: Readonly<Record<string, Setting>> = {
  out: (s) => s.reports?.out,
  format: (s) => list(s.reports?.formats),
  failOn: (s) => s.reports?.fail_on,
  theme: (s) => list(s.scope?.themes),
  scope: (s) => list(s.scope?.tags),
  memory: (s) => s.limits?.memory,
  threads: (s) => s.limits?.threads?.toString(),
  log: (s) => s.monitoring?.log,
  metrics: (s) => s.monitoring?.metrics,
};

/** Commands that tell more where there is a ledger, and do without. */
const LOOKS_AT = ['list', 'dossier'];

const takesProject = (c: Command) => c.options.some((o) => ['state', 'checks', 'params'].includes(o.attributeName()));

/** Gives every command that works with a park `--project`, and its options their values from that file. */
export function takeProject(program: Command): void {
  const all = (c: Command): Command[] => [c, ...c.commands.flatMap(all)];
  for (const c of all(program).filter(takesProject)) {
    c.option('--project <file>', `the park's project file (default: ${PROJECT_FILE} here, if there is one)`);
  }
  program.hook('preAction', async (_, command) => {
    // The doctor looks at a project file that may be broken: that is a finding, not the end of it.
    if (takesProject(command) && command.name() !== 'doctor') await fill(command);
  });
}

async function fill(command: Command): Promise<void> {
  const run = command.name() === 'run' && command.parent?.parent === null;
  // Behind a command of a command (`runs show`) it is taken by the outer one.
  const given = command.optsWithGlobals().project as string | undefined;
  // Extracts that are named on the command line are tried by themselves: they must not be taken for a night of the park.
  if (given === undefined && ((run && command.args.length > 0) || !existsSync(PROJECT_FILE))) return;
  const { loadProject } = await import('../config/project/load.js');
  const project = loadProject(given ?? PROJECT_FILE);
  command.setOptionValue('loadedProject', project);
  for (const [name, setting] of Object.entries({ ...ANY, ...(run ? RUN : {}) })) {
    if (!command.options.some((o) => o.attributeName() === name)) continue;
    const source = command.getOptionValueSource(name);
    const value = setting(project.settings);
    // Without a ledger of its own yet, a park can still be looked at.
    if (name === 'state' && LOOKS_AT.includes(command.name()) && !existsSync(value ?? '')) continue;
    if (value !== undefined && (source === undefined || source === 'default')) {
      command.setOptionValueWithSource(name, value, 'config');
    }
  }
}

/** Where the extracts lie: as the command line says, or the project. */
export function inputOf(
  input: string | undefined,
  { loadedProject }: WithProject,
): { inputDir?: string; places?: Places } {
  // Named on the command line, a directory holds everything: a try-out must not mix with the drop folders.
  if (input !== undefined) return { inputDir: input };
  const sources = loadedProject?.settings.sources;
  if (sources?.input === undefined && sources?.places === undefined) throw noInput(loadedProject);
  return { inputDir: sources.input, places: new Map(Object.entries(sources.places ?? {})) };
}

const noInput = (project: Project | undefined) =>
  project
    ? usageError({
        what: 'the project does not say where the extracts lie',
        where: project.yaml.place(['sources']),
        fix: "add 'sources: { input: <directory> }', or give the directory on the command line",
      })
    : usageError({
        what: 'no directory with extracts is given',
        fix: `give it: bidui run <input>; or write a project file with \`bidui init\` (${PROJECT_FILE} is looked for in the working directory)`,
      });
