import { Command, CommanderError } from 'commander';
import { EXIT } from '../errors.js';
import { DEFAULT_FORMATS, REPORT_FORMATS } from '../report/formats.js';
import { ledgerCommands, WAIT } from './ledger-commands.js';
import { operationsCommands } from './operations-commands.js';
import { label, type Output, tellError, terminal, withoutSecrets } from './output.js';
import { takeProject } from './project.js';
import { projectCommands } from './project-commands.js';
import { version } from './version.js';

const EPILOG = `
Exit codes: 0 it ran; 1 --fail-on was met; 2 the command line or the checks are wrong; 3 the extracts cannot be used;
4 the output cannot be written; 5 memory or room for intermediate data ran out; 6 it ran, but a guard on data kept something back;
7 another process has the ledger; 70 a fault of bidui.

\`bidui <command> --help\` tells more.`;

const RUN_EPILOG = `
Examples:
  bidui run --as-of 2026-07-31
  bidui run extracts --as-of 2026-07-31 --out reports
  bidui run extracts --as-of 2026-07-31 --out reports --params park.yaml --format parquet,json
  bidui run extracts --as-of 2026-07-31 --out reports --theme annual_report --fail-on red
  bidui run extracts --as-of 2026-07-31 --out reports --write-baseline known.csv
  bidui run extracts --as-of 2026-08-01 --out reports --baseline known.csv --fail-on new,red --format junit,markdown`;

/** Runs the command line; answers the exit code. Commands load what they need when they are called. */
export async function main(argv: string[], to: Output = terminal): Promise<number> {
  const output = withoutSecrets(to);
  let code: number = EXIT.ok;
  const set = (n: number) => {
    code = n;
  };
  const program = new Command('bidui')
    .description('Compares what departments know about enterprises and reports where it contradicts itself.')
    .version(version())
    .showHelpAfterError('(add --help for usage)')
    .addHelpText('after', EPILOG)
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (t) => output.out(t.trimEnd()),
      writeErr: (t) => output.err(t.trimEnd().replace(/^error:/, label('error', output))),
    });

  program
    .command('run')
    .description('Ingest the extracts of a directory, compare, and write reports.')
    .argument('[input]', "directory with the departments' extracts (default: what the project file says)")
    .option('--as-of <date>', 'day the run is about, YYYY-MM-DD; nothing else tells it the time (required)')
    .option(
      '--out <dir>',
      'directory for the reports; replaced whole or not at all (required, here or in the project file)',
    )
    .option('--checks <dir>', 'checks directory (default: the eight themes that ship with bidui)')
    .option('--params <file>', "a park's own parameters and code labels (YAML)")
    .option('--lang <zh|en>', 'language of the reports', 'zh')
    .option('--state <file>', 'the ledger: remembers anomalies from night to night (made if it is not there)')
    .option('--scope <list>', 'judge only enterprises with one of these tags of the library (comma-separated)')
    .option('--theme <list>', 'only these themes (comma-separated ids); a wrong one names them all')
    .option(
      '--format <list>',
      `reports besides the CSV files: ${REPORT_FORMATS.join(', ')} (comma-separated; default ${DEFAULT_FORMATS.join()}; csv: none)`,
    )
    .option(
      '--fail-on <list>',
      'exit with 1 if there is an anomaly that counts: red, yellow, blue (or graver), any; new',
    )
    .option(
      '--baseline <file>',
      'anomalies that are known: they do not count for --fail-on, and reports tell them apart',
    )
    .option('--write-baseline <file>', 'write the anomalies of this run as the baseline of later ones')
    .option('--accept <list>', 'sources and checks to let in tonight whatever a guard says (comma-separated ids)')
    .option('--no-guards', 'stop and hold back nothing; what guards find is told all the same')
    .option('--unmasked', 'show personal data as it is')
    .option('--threads <n>', 'threads of the engine (default: as many as the machine has)')
    .option(
      '--memory <size>',
      'memory to take, such as 4GB; what does not fit goes to disk (default: 2GB, more for more than a million enterprises)',
    )
    .option('--temp-dir <dir>', "where large intermediate data goes (default: the system's)")
    .option(
      '--cache <dir>',
      'keep what extracts became there, and read none again that comes unchanged (holds personal data)',
    )
    .option('--no-cache', 'read every extract, keep nothing, whatever the project file says')
    .option(...WAIT)
    .option('--log <plain|json>', 'what stderr is told: lines for people, or an object a line', 'plain')
    .option('--metrics <file.prom>', "figures for the node exporter's textfile collector, written when the run is over")
    .option('--group-readable', 'let the group read ledger and reports too (default: their owner alone)')
    .addHelpText('after', RUN_EPILOG)
    .action(async (input, options) => set(await (await import('./run.js')).runCommand(input, options, output)));

  projectCommands(program, set, output);
  ledgerCommands(program, set, output);
  operationsCommands(program, set, output);

  const checks = program
    .command('checks')
    .description('Work with the checklist: the themes, their checks and examples.');
  const checksDir = ['--checks <dir>', 'checks directory (default: the one that ships with bidui)'] as const;
  checks
    .command('list')
    .description('Print the checklist (一单).')
    .option(...checksDir)
    .option('--format <table|csv|md|json>', 'form of the list', 'table')
    .option('--lang <zh|en>', 'language', 'zh')
    .option('--as-of <date>', 'day on which the legal bases must be in force')
    .option('--state <file>', "a ledger: adds what the departments' feedback says of each check")
    .action(async (options) => set(await (await import('./checks-list.js')).listCommand(options, output)));
  checks
    .command('lint')
    .description('Find faults in contracts, parameters and themes, each with file:line:column.')
    .option(...checksDir)
    .option('--format <text|sarif|github|json>', 'form of what is found; github: annotations of a workflow', 'text')
    .action(async (options) => set(await (await import('./checks-lint.js')).lintCommand(options, output)));
  checks
    .command('test')
    .description("Run the checks' own examples in the engine.")
    .argument('[check...]', 'ids of checks (default: all)')
    .option(...checksDir)
    .action(async (ids, options) => set(await (await import('./checks-test.js')).testCommand(ids, options, output)));
  checks
    .command('explain')
    .description('Say what a check does, the SQL it becomes, and how an enterprise fared.')
    .argument('<check>', 'id of a check, such as PW-02')
    .option(...checksDir)
    .option('--params <file>', "a park's own parameters and code labels (YAML)")
    .option('--lang <zh|en>', 'language', 'zh')
    .option('--as-of <date>', 'day the run is about (needed with --enterprise)')
    .option('--enterprise <uscc>', 'credit code of an enterprise: its values and the verdict')
    .option('--input <dir>', "directory with the departments' extracts (needed with --enterprise)")
    .option('--unmasked', 'show personal data as it is')
    .action(async (id, options) =>
      set(await (await import('./checks-explain.js')).explainCommand(id, options, output)),
    );
  checks
    .command('schema')
    .description(
      'Print the JSON Schema of a file kind: of those that people write, and of those that runs write for programs.',
    )
    .argument(
      '[kind]',
      'theme, source, codes, params, legal-bases, vocabulary, park, project or guards; anomaly, summary or run',
      'theme',
    )
    .action(async (kind) => set((await import('./checks-schema.js')).schemaCommand(kind, output)));
  checks
    .command('functions')
    .description('List the functions of the check language.')
    .option('--lang <zh|en>', 'language', 'en')
    .action(async (options) => set((await import('./checks-functions.js')).functionsCommand(options, output)));

  takeProject(program);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return tellError(error, output);
  }
}
