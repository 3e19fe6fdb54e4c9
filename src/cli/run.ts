import { applyOverrides } from '../config/override.js';
import { EXIT, usageError } from '../errors.js';
import type { Summary } from '../report/summary.js';
import { loadChecks } from '../run/load-checks.js';
import { run, type TableFormat } from '../run/run.js';
import { asOfOf, checksDirOf, langOf, memoryOf, oneOf, positiveOf } from './options.js';
import type { Output } from './output.js';
import { progressOn } from './progress.js';
import { summaryText } from './summary-text.js';
import { version } from './version.js';

interface RunCommandOptions {
  asOf: string;
  out: string;
  checks?: string;
  params?: string;
  lang: string;
  theme?: string[];
  format?: string;
  failOn?: string;
  unmasked?: boolean;
  threads?: string;
  memory?: string;
  tempDir?: string;
}

const SEVERITIES = ['blue', 'yellow', 'red'] as const;

export async function runCommand(input: string, options: RunCommandOptions, output: Output): Promise<number> {
  const asOf = asOfOf(options.asOf);
  const lang = langOf(options.lang);
  const failOn = options.failOn === undefined ? undefined : oneOf('--fail-on', options.failOn, SEVERITIES);
  const formats = (options.format?.split(',') ?? []).map((f) =>
    oneOf<TableFormat>('--format', f.trim(), ['parquet', 'arrow', 'json']),
  );
  const park = options.params;
  const loaded = loadChecks(checksDirOf(options), (pack) => (park ? applyOverrides(pack, park) : pack));
  const themes = chosen(loaded.themes, options.theme);
  const progress = progressOn(output);
  const result = await run(loaded.pack, themes, {
    inputDir: input,
    outDir: options.out,
    asOf,
    lang,
    unmasked: options.unmasked === true,
    formats,
    version: version(),
    threads: positiveOf('--threads', options.threads),
    memory: memoryOf(options.memory),
    tempDir: options.tempDir,
    progress: progress.update,
  }).finally(progress.end);
  output.out(summaryText(result.summary, options.out, result.files, result.seconds));
  return failOn && graveEnough(result.summary, failOn) ? EXIT.failOn : EXIT.ok;
}

function chosen<T extends { def: { theme: string } }>(themes: T[], wanted: string[] | undefined): T[] {
  if (!wanted) return themes;
  const known = themes.map((t) => t.def.theme);
  for (const id of wanted)
    if (!known.includes(id))
      throw usageError({ what: `--theme ${id}: no such theme`, fix: `themes are ${known.join(', ')}` });
  return themes.filter((t) => wanted.includes(t.def.theme));
}

function graveEnough(s: Summary, level: (typeof SEVERITIES)[number]): boolean {
  const least = SEVERITIES.indexOf(level);
  return s.by_severity.some(
    (x) => x.anomalies > 0 && SEVERITIES.indexOf(x.severity as (typeof SEVERITIES)[number]) >= least,
  );
}
