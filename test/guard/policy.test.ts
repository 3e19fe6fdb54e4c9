import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { guardCheck } from '../../src/guard/check-guard.js';
import { guardPolicy } from '../../src/guard/policy.js';
import { guardSource, type SourceFigures } from '../../src/guard/source-guards.js';
import { inProcess } from '../cli/bidui.js';
import { directory, world } from '../cli/world.js';

const shipped = guardPolicy('checks');

test('what is said of one source goes before what is said of all, the park before what is shipped', () => {
  const dir = world({
    checks: {
      'guards.yaml':
        'every_source: { volume: { action: stop, at_least: 0.6 } }\nsources: { permit: { volume: { at_least: 0.3 } } }\n',
    },
  }).checks;
  const park = guardPolicy(dir, {
    every_source: { volume: { at_least: 0.9 } },
    sources: { staff: { volume: { action: 'off' } } },
  });
  expect(park.ofSource('enterprise').volume).toMatchObject({ at_least: 0.9, action: 'stop', at_most: 2.5 });
  expect(park.ofSource('permit').volume).toMatchObject({ at_least: 0.3, action: 'stop' });
  expect(park.ofSource('staff').volume).toMatchObject({ at_least: 0.9, action: 'off' });
});

test('a directory without guards.yaml guards nothing', () => {
  const { ofSource, ofCheck } = guardPolicy(directory());
  expect(ofSource('any').volume.action).toBe('off');
  expect(ofCheck('AA-01').action).toBe('off');
});

test('guards.yaml is linted like the rest of the checks', async () => {
  const w = world({ checks: { 'guards.yaml': 'sources:\n  permits: { volume: { acton: stop } }\n' } });
  expect((await inProcess(['checks', 'lint', '--checks', w.checks])).out).toContain(
    "guards.yaml:2:24 unknown key 'acton'\n  fix: did you mean 'action'?",
  );
  const w2 = world({ checks: { 'guards.yaml': 'sources:\n  permits: {}\nchecks:\n  AA-91: {}\n' } });
  const { code, out } = await inProcess(['checks', 'lint', '--checks', w2.checks]);
  expect(code).toBe(2);
  expect(out).toContain("no source 'permits'\n  fix: did you mean 'permit'?");
  expect(out).toContain("no check 'AA-91'");
  expect((await inProcess(['checks', 'lint', '--checks', 'checks'])).code).toBe(0);
});

const figures = (more: Partial<SourceFigures>): SourceFigures => ({
  ...{ source: 's', rows: 100, quarantined: 0, loaded: 100, unmatched: 0, unreadable: [], headers: ['a', 'b'] },
  ...more,
});
const found = (more: Partial<SourceFigures>, history?: number[], asOf = '2026-07-31') =>
  guardSource(
    figures(more),
    history?.map((rows) => ({ rows, headers: ['a', 'b'] })),
    shipped.ofSource('s'),
    asOf,
  ).map((f) => `${f.guard} ${f.action}`);

test.each([
  ['rows at the edge are let in', { rows: 60 }, [100], []],
  ['below it they are not', { rows: 59 }, [100], ['volume stop']],
  ['one odd night does not move the median', { rows: 100 }, [100, 5, 100], []],
  ['a source that was always small may vary', { rows: 2 }, [19, 19], []],
  ['a month stands for its last day', { extractDate: '2026-06' }, undefined, []],
  ['older', { extractDate: '2026-05' }, undefined, ['freshness warn']],
  ['few rows prove nothing', { rows: 8, quarantined: 6 }, undefined, []],
  ['no enterprise for most', { unmatched: 51 }, undefined, ['unmatched stop']],
  ['rows about no enterprise', { unmatched: undefined }, undefined, []],
  [
    'one column unreadable',
    { unreadable: [{ title: { zh: '甲', en: 'A' }, rows: 51 }] },
    undefined,
    ['unreadable warn'],
  ],
  ['a new column', { headers: ['a', 'b', 'c'] }, [100], ['columns warn']],
  ['all of it new: the first night', { headers: ['x'] }, [], []],
] as const)('%s', (_, more, history, guards) => {
  expect(found(more as Partial<SourceFigures>, history as number[] | undefined)).toEqual(guards);
});

const g = shipped.ofCheck('PW-02');
const jump = (judged: number, anomalous: number, history: number[] = []) =>
  guardCheck({ check: 'PW-02', judged, anomalous }, history, g).map((f) => f.guard);

test.each([
  [10, 9, [], []],
  [20, 19, [], ['share']],
  [39, 20, [], ['share']],
  [40, 20, [], []],
  [1000, 99, [0.001], []],
  [1000, 101, [0.001], ['jump']],
  [1000, 101, [0.03], []],
  [100_000, 10_001, [0, 0, 0], ['jump']],
  [100_000, 10_001, [], []],
] as const)('%s judged, %s anomalous, %j before: %j', (judged, anomalous, history, guards) => {
  expect(jump(judged, anomalous, [...history])).toEqual(guards);
});

test('every figure of the shipped file is one that the schema knows', () => {
  expect(readFileSync('checks/guards.yaml', 'utf8')).toContain('every_source:');
  expect(shipped.ofCheck('NB-01').factor).toBe(1000);
});
