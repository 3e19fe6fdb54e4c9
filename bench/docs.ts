import { readFileSync, writeFileSync } from 'node:fs';
import { plotOf } from './plot.js';
import type { Results } from './results.js';
import { tablesOf } from './tables.js';

const PAGE = 'docs/performance.md';
const PLOT = 'docs/performance.svg';
const BEGIN = '<!-- bench: begin (written by npm run bench -- --docs) -->';
const END = '<!-- bench: end -->';

/** Puts the figures between their marks in docs/performance.md, and the plot beside it. The words around them stay. */
export function writeDocs(results: Results): void {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${PAGE}: the marks for the figures are not there`);
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${tablesOf(results)}\n\n${END}${after}`);
  writeFileSync(PLOT, plotOf(results));
}
