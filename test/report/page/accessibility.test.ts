import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { beforeAll, expect, test } from 'vitest';
import { inProcess, runOf } from '../../cli/bidui.js';
import { type World, world } from '../../cli/world.js';
import { browserForTests } from './browser.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let w: World;
let file: string;
beforeAll(async () => {
  w = world();
  for (const day of ['2026-07-01', '2026-07-30', '2026-07-31']) {
    const argv = runOf(w, '--as-of', day, '--format', 'html', '--state', join(w.out, '..', 'state.duckdb'));
    const told = await inProcess(argv);
    expect(told.code, told.err).toBe(0);
  }
  file = join(w.out, 'report.html');
});

const open = browserForTests();
const VIEWS = ['', '#/anomalies', '#/anomalies?list=gone', '#/enterprises', '#/data', 'enterprise', 'panel'];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test(`WCAG AA: ${colorScheme}, ${width} wide`, async () => {
      for (const view of VIEWS) {
        const { page } = await open(file, view.startsWith('#') ? view : '', {
          colorScheme,
          viewport: { width, height: 900 },
          bypassCSP: true,
        });
        if (view === 'panel' || view === 'enterprise') {
          await page.goto(`${page.url().split('#')[0]}#/${view === 'panel' ? 'anomalies' : 'enterprises'}`);
          await page.locator('.list-table a.open').first().click();
          await page.waitForSelector(view === 'panel' ? 'dialog[open]' : '.verdicts');
        }
        await page.evaluate(AXE);
        const found = (await page.evaluate(
          `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
        )) as AxeResults;
        const told = found.violations.map(
          (v) =>
            `${view} ${v.id}: ${v.nodes
              .map((n) => `${n.html} ${n.failureSummary}`)
              .join(' | ')
              .slice(0, 600)}`,
        );
        expect(told).toEqual([]);
        expect(found.passes.length).toBeGreaterThan(20);
        await page.context().close();
      }
    });
  }
}
