/**
 * One full job in a process of its own: the compiled product, told what to do and watched step by step. Arguments: the
 * package's directory and the run's options as JSON. Tells its parent of every step over the channel between them.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { forgetPeak, peakRss } from './rss.mjs';

const [root, optionsText] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(join(root, 'dist/program', file)).href);
const options = JSON.parse(optionsText);

const [{ run }, { loadChecks }, { DEFAULT_FORMATS }] = await Promise.all([
  load('run.js'),
  load('load-checks.js'),
  load('formats.js'),
]);
const { pack, themes } = loadChecks(join(root, 'checks'));

let cpu;
const observer = (event) => {
  if (event.type === 'step_start') {
    forgetPeak();
    cpu = process.cpuUsage();
    process.send({ start: event.step });
  }
  if (event.type === 'step_end') {
    const used = process.cpuUsage(cpu);
    process.send({ end: event.step, wall: event.seconds, cpu: (used.user + used.system) / 1e6, peakRss: peakRss() });
  }
};

const result = await run(pack, themes, {
  lang: 'zh',
  unmasked: false,
  formats: DEFAULT_FORMATS,
  version: 'bench',
  ...options,
  observer,
});
const used = process.cpuUsage();
process.send({
  done: true,
  cpu: (used.user + used.system) / 1e6,
  anomalies: result.summary.anomalies,
  held: result.summary.guards?.held ?? [],
});
process.disconnect();
