import type { Command } from 'commander';
import { WAIT } from './ledger-commands.js';
import type { Output } from './output.js';

const STATE = ['--state <file>', 'the ledger (default: $BIDUI_STATE, or bidui.duckdb here)'] as const;

/** Commands about the nights themselves: which there were, who did what, what may go. */
export function operationsCommands(program: Command, set: (code: number) => void, output: Output): void {
  const runs = program
    .command('runs')
    .description('List the runs that had this ledger, those that failed or were killed too.')
    .option(...STATE)
    .option('--last <n>', 'so many of the newest', '30')
    .option('--format <table|json>', 'form', 'table')
    .action(async (options) => set((await import('./runs.js')).runsCommand(options, output)));
  runs
    .command('show')
    .description('Tell all about one run: what it read, refused and found.')
    .argument('<id>', 'as `bidui runs` tells it, or its beginning')
    .option(...STATE)
    .option('--format <table|json>', 'form', 'table')
    .action(async (id, _, command: Command) =>
      set((await import('./runs.js')).showCommand(id, command.optsWithGlobals(), output)),
    );

  const audit = program
    .command('audit')
    .description('Who ran, fed back, suppressed, unmasked, dispatched, pruned, and when.');
  audit
    .command('verify')
    .description('Find entries that were changed, removed, put in, moved or cut off.')
    .option(...STATE)
    .action(async (options) => set(await (await import('./audit.js')).verifyCommand(options, output)));
  audit
    .command('list')
    .description('Print the log.')
    .option(...STATE)
    .option('--last <n>', 'so many of the newest', '50')
    .option('--format <table|json>', 'form', 'table')
    .action(async (options) => set((await import('./audit.js')).listCommand(options, output)));

  program
    .command('prune')
    .description(
      'Take away what is past its time: ended anomalies nobody spoke of, figures of old nights, old reports.',
    )
    .option(...STATE)
    .option('--keep-days <n>', 'keep what is no older than so many days before the last night')
    .option('--reports-in <dir>', 'also directories of reports in here that are older than that')
    .option('--dry-run', 'tell what would go, change nothing')
    .option(...WAIT)
    .action(async (options) => set(await (await import('./prune.js')).pruneCommand(options, output)));
}
