import { allChecks } from '../checks/load-themes.js';
import { applyOverrides } from '../config/override.js';
import { EXIT, usageError } from '../errors.js';
import { FORMAT_NAMES, formatsOf } from '../report/formats.js';
import type { Summary } from '../report/summary.js';
import { type Observer, tellAll } from '../run/events.js';
import { onInterrupt } from '../run/interrupt.js';
import { loadChecks } from '../run/load-checks.js';
import { projectFaults } from '../run/project.js';
import { run } from '../run/run.js';
import { cacheOf, type WithCache } from './cache.js';
import { failOnOf, isMet } from './fail-on.js';
import { guardWarnings, keptBack } from './guard-text.js';
import { memoryText } from './memory-text.js';
import { type ObservedOptions, observed } from './observed.js';
import { asOfOf, checksDirOf, langOf, listOf, memoryOf, needed, threadsOf } from './options.js';
import { label, type Output, printable } from './output.js';
import { progressOn } from './progress.js';
import { inputOf } from './project.js';
import { waitOf } from './state.js';
import { version } from './version.js';
import { warnings } from './warnings.js';

interface RunCommandOptions extends ObservedOptions, WithCache {
  asOf?: string;
  out?: string;
  checks?: string;
  params?: string;
  lang: string;
  theme?: string;
  format?: string;
  failOn?: string;
  baseline?: string;
  writeBaseline?: string;
  unmasked?: boolean;
  accept?: string;
  /** False with --no-guards. */
  guards?: boolean;
  state?: string;
  scope?: string;
  threads?: string;
  memory?: string;
  tempDir?: string;
  wait?: string;
}

export const runCommand = (input: string | undefined, given: RunCommandOptions, output: Output): Promise<number> =>
  observed(given, output, (observer, said) => runObserved(input, given, said, observer));

async function runObserved(
  input: string | undefined,
  given: RunCommandOptions,
  output: Output,
  observer: Observer,
): Promise<number> {
  const extracts = inputOf(input, given);
  const options = needed(given, { asOf: '<YYYY-MM-DD>', out: '<dir>' });
  const asOf = asOfOf(options.asOf);
  const lang = langOf(options.lang);
  const failOn = failOnOf(options.failOn, options);
  const formats = formatsOf(
    options.format === undefined ? undefined : listOf('--format', options.format, FORMAT_NAMES),
  );
  const threads = threadsOf(options.threads);
  const memory = memoryOf(options.memory);
  const park = options.params;
  const loaded = loadChecks(checksDirOf(options), (pack) => (park ? applyOverrides(pack, park) : pack));
  const faults = given.loadedProject ? projectFaults(given.loadedProject, loaded.pack, loaded.themes) : [];
  if (faults.length > 0) throw usageError(faults);
  const themes = chosen(loaded.themes, options.theme);
  const progress = progressOn(output);
  let writing = false;
  const done = onInterrupt(() => {
    progress.end();
    output.err(
      writing
        ? 'interrupted while the night was written down: the next run puts the ledger and the reports right'
        : 'interrupted: nothing was written, earlier reports are as they were',
    );
  });
  const observe: Observer = (event) => {
    // What draws its tables takes a while to load; while the engine compares there is nothing else to do.
    if (event.type === 'progress' && event.step === 'compare' && event.done > 0) void summaryModule();
    if (event.type === 'step_start' && event.step === 'ledger_commit') writing = true;
    if (event.type === 'warning' && given.log !== 'json')
      progress.note(`${label('warning', output)} ${printable(event.text)}`);
  };
  const exitOf = (s: Summary) => {
    if (failOn && isMet(failOn, s.fail_on)) return EXIT.failOn;
    return keptBack(s) ? EXIT.guarded : EXIT.ok;
  };
  const result = await run(loaded.pack, themes, {
    ...extracts,
    outDir: options.out,
    paramsFile: park,
    asOf,
    lang,
    unmasked: options.unmasked === true,
    maskingFile: given.loadedProject?.settings.reports?.masking,
    formats,
    version: version(),
    state: options.state,
    onlyThemes: options.theme === undefined ? undefined : themes.map((t) => t.def.theme),
    scope: options.scope === undefined ? undefined : tagsOf(options.scope),
    guards: given.loadedProject?.settings.guards,
    park: given.loadedProject?.settings.park,
    accept: listOf('--accept', options.accept, [
      ...loaded.pack.contracts.keys(),
      ...allChecks(themes).map((c) => c.id),
    ]),
    noGuards: options.guards === false,
    baseline: options.baseline,
    writeBaseline: options.writeBaseline,
    threads,
    memory,
    tempDir: options.tempDir,
    cache: cacheOf(given, options.state),
    observer: tellAll([...(given.log === 'json' ? [] : [progress.observe]), observe, observer]),
    wait: waitOf(options.wait),
    exitOf,
  }).finally(() => {
    done();
    progress.end();
  });
  for (const text of warnings(result.record)) output.err(`${label('warning', output)} ${printable(text)}`);
  for (const text of guardWarnings(result.summary)) output.err(`${label('warning', output)} ${printable(text)}`);
  const memoryWanted = memoryText(result.memory);
  if (memoryWanted) output.err(`note: ${memoryWanted}`);
  const { summaryText } = await summaryModule();
  output.out(summaryText(result.summary, options.out, result.files, result.seconds, output));
  // Who asked for --fail-on waits for that answer; that something was kept back stands in the summary either way.
  return exitOf(result.summary);
}

const summaryModule = () => import('./summary-text.js');

const tagsOf = (list: string): string[] =>
  list
    .split(/[,，、]/)
    .map((t) => t.trim())
    .filter(Boolean);

function chosen<T extends { def: { theme: string } }>(themes: T[], list: string | undefined): T[] {
  if (list === undefined) return themes;
  const wanted = listOf(
    '--theme',
    list,
    themes.map((t) => t.def.theme),
  );
  return themes.filter((t) => wanted.includes(t.def.theme));
}
