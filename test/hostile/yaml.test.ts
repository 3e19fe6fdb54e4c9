import { describe, expect, test } from 'vitest';
import { inProcess } from '../cli/bidui.js';
import { CHECKS, world, write } from '../cli/world.js';

/** Nine lols, nine times nine of them, and so on: 4 GB of 600 bytes. */
const laughs = ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh', 'hi'].reduce(
  (text, [from, to]) => `${text}${to}: &${to} [${Array(9).fill(`*${from}`).join(',')}]\n`,
  `a: &a [${Array(9).fill('"lol"').join(',')}]\n`,
);

const FILES: [string, string][] = [
  ['a billion laughs', laughs],
  ['an alias of nothing', 'a: *b\n'],
  ['a value that holds itself', 'a: &a [*a]\n'],
  ['brackets without an end', '['.repeat(200_000)],
  ['brackets in brackets', '['.repeat(20_000) + ']'.repeat(20_000)],
  ['braces in braces', '{a: '.repeat(5_000) + '}'.repeat(5_000)],
  ['lists in lists on a line', `${'- '.repeat(50_000)}x\n`],
  ['keys below keys', Array.from({ length: 3_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ['a document behind another', 'a: 1\n---\nb: 2\n'],
  ['bytes that are no text', 'a: "\0\ufffe"\nb: \u0001\n'],
  ['a tag that calls a program', 'a: !!js/function "function () { return 1 }"\n'],
  ['a key of the prototype', '__proto__: { polluted: 1 }\nconstructor: { prototype: { polluted: 1 } }\n'],
  ['a key that is a map', '? { a: 1 }\n: 2\n'],
];

describe('a YAML file that means no good ends in a sentence with its name', () => {
  test.each(FILES)('%s', async (_, text) => {
    for (const [file, command] of [
      ['sources/staff.yaml', ['checks', 'lint']],
      ['themes/people.yaml', ['checks', 'lint']],
      ['masking.yaml', ['checks', 'lint']],
      ['bidui.yaml', ['run', '--as-of', '2026-07-31']],
    ] as const) {
      const w = world({ checks: file === 'bidui.yaml' ? {} : { [file]: text } });
      if (file === 'bidui.yaml') write(w.root, { 'bidui.yaml': text });
      const start = performance.now();
      const told = await inProcess([
        ...command,
        ...['--checks', w.checks],
        ...(file === 'bidui.yaml' ? ['--project', `${w.root}/bidui.yaml`] : []),
      ]);
      expect(told.code, told.err).toBe(2);
      expect(told.out + told.err).toContain(file);
      expect(told.out + told.err).not.toMatch(/^\s+at .*\d+:\d+/m);
      expect(performance.now() - start).toBeLessThan(20_000);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    }
  });
});

describe('an expression that means no good is told with its place', () => {
  test.each([
    ['brackets', `${'('.repeat(1_000)}1${')'.repeat(1_000)}`],
    ['many brackets', `${'('.repeat(20_000)}1${')'.repeat(20_000)}`],
    ['a sum that is not too long', `${'1 + '.repeat(900)}1 > 0`],
    ['negations', `${'!'.repeat(20_000)}true`],
    ['a long sum', `${'1 + '.repeat(20_000)}1 > 0`],
    ['lists', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['dots', `enterprise${'.a'.repeat(1_900)} == 1`],
    ['many questions', `${'true ? '.repeat(400)}1${' : 1'.repeat(400)} == 1`],
    ['SQL', `enterprise.legal_rep == "'; DROP TABLE src.enterprise; --"`],
  ])('%s', async (name, expression) => {
    const themes = CHECKS['themes/people.yaml']!.replace(
      /expect: ".*"/,
      () => `expect: '${expression.replaceAll("'", "''")}'`,
    );
    const w = world({ checks: { 'themes/people.yaml': themes } });
    const told = await inProcess(['checks', 'lint', '--checks', w.checks]);
    expect(told.out + told.err).not.toMatch(/^\s+at .*\d+:\d+|Maximum call stack/m);
    expect([0, 2]).toContain(told.code);
    if (name !== 'a sum that is not too long') expect(told.code).toBe(2);
  });
});
