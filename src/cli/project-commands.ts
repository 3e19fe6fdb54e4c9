import type { Command } from 'commander';
import type { Output } from './output.js';

/** Commands that begin a park, and look after it. */
export function projectCommands(program: Command, set: (code: number) => void, output: Output): void {
  program
    .command('init')
    .description('Write a project file for a new park, with directories and parameters to fill in. Overwrites nothing.')
    .argument('[dir]', 'where', '.')
    .action(async (dir) => set(await (await import('./init.js')).initCommand(dir, output)));
  program
    .command('doctor')
    .description('Look at everything that a run needs before the night: what is wrong, where, and what to do about it.')
    .argument('[input]', "directory with the departments' extracts (default: what the project file says)")
    .option(
      '--as-of <date>',
      'day of the run to come: also looks at how old extracts are, and how far the calendar reaches',
    )
    .option('--checks <dir>', 'checks directory (default: the eight themes that ship with bidui)')
    .option('--params <file>', "a park's own parameters and code labels (YAML)")
    .option('--state <file>', 'the ledger')
    .option('--out <dir>', 'directory for the reports')
    .option('--temp-dir <dir>', "where large intermediate data goes (default: the system's)")
    .option('--format <text|json>', 'form', 'text')
    .option('--lang <zh|en>', 'language')
    .action(async (input, options) => set(await (await import('./doctor.js')).doctorCommand(input, options, output)));
}
