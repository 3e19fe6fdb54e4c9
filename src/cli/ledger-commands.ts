import type { Command } from 'commander';
import type { Output } from './output.js';

const STATE = ['--state <file>', 'the ledger (default: $BIDUI_STATE, or bidui.duckdb here)'] as const;
/** For commands that write. */
export const WAIT = [
  '--wait <time>',
  'wait so long for whoever has the ledger, such as 10m (default: exit with 7)',
] as const;
const LANG = ['--lang <zh|en>', 'language', 'zh'] as const;

/** Commands about what the ledger knows. */
export function ledgerCommands(program: Command, set: (code: number) => void, output: Output): void {
  program
    .command('history')
    .description('Tell what happened to anomalies from night to night; without a filter, tell of the nights.')
    .option(...STATE)
    .option('--enterprise <uscc>', 'of this enterprise')
    .option('--check <id>', 'of this check')
    .option('--anomaly <id>', 'this anomaly')
    .option('--since <date>', 'to which something happened on this day or later')
    .option('--format <table|json>', 'form', 'table')
    .option('--checks <dir>', 'checks directory, for its masking rules (default: the one that ships with bidui)')
    .option(...LANG)
    .action(async (options) => set(await (await import('./history.js')).historyCommand(options, output)));
  program
    .command('feedback')
    .description('Take in reports whose disposal columns the departments have filled in: all of it or nothing.')
    .argument('<file...>', 'CSV, Excel or any other format that bidui reads')
    .option(...STATE)
    .option('--dry-run', 'check the files, write nothing')
    .option(...WAIT)
    .option('--temp-dir <dir>', "where intermediate data goes (default: the system's)")
    .option(...LANG)
    .action(async (files, options) =>
      set(await (await import('./feedback.js')).feedbackCommand(files, options, output)),
    );

  program
    .command('dispatch')
    .description('Give what needs eyes to two inspectors each, by lot; write one work order file per department.')
    .option(...STATE)
    .option('--inspectors <file>', 'the inspector library (required)')
    .option('--out <dir>', 'directory for the work orders; replaced whole or not at all (required)')
    .option('--seed <text>', 'what the lot is drawn from: the same seed draws the same (required)')
    .option('--as-of <date>', 'day of the dispatch (default: the last night in the ledger)')
    .option('--checks <dir>', 'checks directory (default: the one that ships with bidui)')
    .option('--dry-run', 'write the files, record nothing in the ledger')
    .option(...WAIT)
    .option(...LANG)
    .action(async (options) => set(await (await import('./dispatch.js')).dispatchCommand(options, output)));

  program
    .command('dossier')
    .description('All about one enterprise (一企一档): its values from every source, verdicts, history and feedback.')
    .argument('<uscc>', 'credit code')
    .option('--input <dir>', "directory with the departments' extracts (required)")
    .option('--as-of <date>', 'day it is about, YYYY-MM-DD (required)')
    .option('--state <file>', 'the ledger, for history and feedback (default: $BIDUI_STATE)')
    .option('--checks <dir>', 'checks directory (default: the one that ships with bidui)')
    .option('--params <file>', "a park's own parameters and code labels (YAML)")
    .option('--format <text|json|html>', 'form', 'text')
    .option('--out <file>', 'write it there, readable by its owner only')
    .option(...LANG)
    .option('--unmasked', 'show personal data as it is')
    .action(async (uscc, options) => set(await (await import('./dossier.js')).dossierCommand(uscc, options, output)));

  const suppress = program
    .command('suppress')
    .description('Leave anomalies out of the work lists until a day. They stay in the ledger and in every summary.');
  suppress
    .command('add')
    .description('Suppress an anomaly, an enterprise, a check, or a check at an enterprise.')
    .option(...STATE)
    .option('--anomaly <id>', 'this anomaly')
    .option('--enterprise <uscc>', 'all of this enterprise')
    .option('--check <id>', 'all of this check')
    .option('--owner <who>', 'who answers for it (required)')
    .option('--reason <why>', 'why (required)')
    .option('--until <date>', 'last day; afterwards it comes back by itself (required)')
    .option('--from <date>', 'first day (default: the last night in the ledger)')
    .option(...WAIT)
    .action(async (options) => set(await (await import('./suppress.js')).suppressCommand(options, output)));
  suppress
    .command('list')
    .description('List all suppressions, those that are over too.')
    .option(...STATE)
    .option('--as-of <date>', 'day on which they are active or not (default: the last night in the ledger)')
    .option('--format <table|json>', 'form', 'table')
    .option(...LANG)
    .action(async (options) => set(await (await import('./suppress.js')).listCommand(options, output)));
  suppress
    .command('end')
    .description('End a suppression before its day.')
    .argument('<number>', 'as `bidui suppress list` tells it')
    .option(...STATE)
    .option('--on <date>', 'first day on which it no longer holds (required)')
    .option('--by <who>', 'who ends it (required)')
    .option(...WAIT)
    .action(async (number, options) => set(await (await import('./suppress.js')).endCommand(number, options, output)));
}
