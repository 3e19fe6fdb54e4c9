import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inProcess, runOf } from './bidui.js';
import { refused } from './refused.js';
import { world, write } from './world.js';

const told = async (...argv: string[]) => {
  const t = await inProcess(argv);
  expect(t.out).toBe('');
  return `exit ${t.code}\n${t.err}`.trimEnd();
};

describe('a command line that is wrong ends in exit code 2 and says what to do:', () => {
  test('no command, an unknown one, an unknown option, too many words', async () => {
    expect(await told()).toMatch(/^exit 2\nUsage: bidui/);
    expect(await told('rum', 'x')).toMatchInlineSnapshot(`
      "exit 2
      error: unknown command 'rum'
      (Did you mean run?)
      (add --help for usage)"
    `);
    expect(await told('checks', 'lnt')).toMatchInlineSnapshot(`
      "exit 2
      error: unknown command 'lnt'
      (Did you mean lint?)
      (add --help for usage)"
    `);
    expect(await told('run', 'in', '--as-off', '2026-07-31')).toMatchInlineSnapshot(`
      "exit 2
      error: unknown option '--as-off'
      (Did you mean --as-of?)
      (add --help for usage)"
    `);
    expect(await told('run', 'in', 'in2', '--as-of', '2026-07-31', '--out', 'o')).toContain('too many arguments');
    expect(await told('run')).toContain('no directory with extracts is given');
  });

  test('what is missing is told at once', async () => {
    expect(await told('run', 'in')).toMatchInlineSnapshot(`
      "exit 2
      error: --as-of is missing
        fix: add --as-of <YYYY-MM-DD>
      error: --out is missing
        fix: add --out <dir>
      2 problems"
    `);
  });

  test('a day that is none', async () => {
    const w = world();
    expect(await refused(w, '--as-of', 'tomorrow')).toMatchInlineSnapshot(`
      "exit 2
      error: --as-of tomorrow: not a day of the calendar
        why: a run is about one day, and running it again must give the same
        fix: write it as YYYY-MM-DD, such as 2026-07-31"
    `);
    for (const day of [
      '2026-02-30',
      '2026-13-01',
      '20260731',
      '2026-7-31',
      '2026-07-31T00:00:00',
      '',
      '+12026-07-31',
    ]) {
      expect(await refused(w, '--as-of', day)).toContain('not a day of the calendar');
    }
  });

  test.each([
    ['--format', 'nonsense', 'parquet, arrow, ndjson'],
    ['--format', 'jason', "did you mean 'json'?"],
    ['--format', ',', "--format '': there is no such one"],
    ['--threads', '0', 'not a whole number from 1 to 1024'],
    ['--threads', '-1', 'not a whole number'],
    ['--threads', '1.5', 'not a whole number'],
    ['--threads', '99999', 'not a whole number'],
    ['--memory', 'lots', 'not a size'],
    ['--memory', '80%', 'not a size'],
    ['--lang', 'fr', 'use zh or en'],
    ['--fail-on', 'purple', 'known are red, yellow, blue, new, any'],
    ['--fail-on', 'new', 'nothing tells what is new'],
    ['--baseline', 'nowhere.csv', '--baseline nowhere.csv cannot be used'],
    ['--baseline', 'package.json', '--baseline package.json cannot be used'],
    ['--write-baseline', 'nowhere/known.csv', 'there is no such directory'],
    ['--write-baseline', 'src', 'this is a directory'],
    ['--theme', 'permit', "did you mean 'permits'?"],
    ['--theme', 'nix', 'known are people, permits'],
    ['--params', 'nowhere.yaml', 'nowhere.yaml there is no such file'],
    ['--params', '.', 'this is a directory, not a file'],
    ['--checks', 'nowhere', 'there is no checks directory at nowhere'],
    ['--checks', 'package.json', 'this is a file'],
    ['--temp-dir', 'nowhere', 'there is no such directory'],
    ['--temp-dir', 'package.json', 'this is a file, not a directory'],
  ])('%s %s', async (option, value, message) => {
    const text = await refused(world(), option, value);
    expect(text).toMatch(/^exit 2\n/);
    expect(text).toContain(message);
  });

  test('options of the other commands', async () => {
    const w = world();
    expect(await told('checks', 'list', '--format', 'xls', '--checks', w.checks)).toContain(
      'known are table, csv, md, json',
    );
    expect(await told('checks', 'explain', 'AA-1', '--checks', w.checks)).toContain("did you mean 'AA-01'?");
    expect(await told('checks', 'explain', 'AA-01', '--enterprise', 'X', '--checks', w.checks)).toContain('--input');
    expect(await told('checks', 'test', 'ZZ-01', '--checks', w.checks)).toContain("no check 'ZZ-01'");
    expect(await told('checks', 'schema', 'them')).toContain("did you mean 'theme'?");
    expect(await told('checks', 'list', '--as-of', 'tomorrow', '--checks', w.checks)).toContain(
      'not a day of the calendar',
    );
  });
});

describe("a park's own file that is wrong ends in exit code 2, with its place:", () => {
  const park = async (text: string) => {
    const w = world();
    write(w.root, { 'park.yaml': text });
    return refused(w, '--params', join(w.root, 'park.yaml'));
  };

  test('a misspelt parameter, a misspelt key, a value of another type', async () => {
    expect(await park('params:\n  grace_day: 30\n')).toMatchInlineSnapshot(`
      "exit 2
      error: <world>/park.yaml:2:3 no parameter 'grace_day'
        fix: did you mean 'grace_days'?"
    `);
    expect(await park('parms:\n  grace_days: 30\n')).toMatchInlineSnapshot(`
      "exit 2
      error: <world>/park.yaml:1:1 unknown key 'parms'
        fix: did you mean 'params'?"
    `);
    expect(await park('params:\n  grace_days: soon\n')).toMatchInlineSnapshot(`
      "exit 2
      error: <world>/park.yaml:2:15 'grace_days' must be a whole number"
    `);
    expect(await park('params:\n  nothing_like_it: 1\n')).toMatchInlineSnapshot(`
      "exit 2
      error: <world>/park.yaml:2:3 no parameter 'nothing_like_it'
        fix: known are grace_days"
    `);
  });

  test('broken YAML, nothing at all, another encoding', async () => {
    expect(await park('params: [\n')).toMatchInlineSnapshot(`
      "exit 2
      error: <world>/park.yaml:2:1 this is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]
        fix: mend the YAML here: usually indentation, an unclosed quote or bracket, or a key given twice"
    `);
    expect(await park('# nothing yet\n')).toMatchInlineSnapshot(`
      "exit 2
      error: <world>/park.yaml the file holds nothing
        fix: write it, or remove the file; \`bidui checks schema\` says what belongs there"
    `);
    expect(await park(Buffer.from([0x70, 0x3a, 0xd6, 0xd0]).toString('latin1'))).toContain('exit 2');
  });
});

test('the engine that gets too little memory ends in exit code 5, not in a stack', async () => {
  const text = await refused(world(), '--memory', '1KB');
  expect(text).toMatch(
    /^exit 5\nerror: the memory given to the engine does not suffice\n {2}why: Out of Memory Error: .*\n {2}fix: /,
  );
});

test('--fail-on tells by exit code 1 that there is an anomaly of that severity or graver, and writes all the same', async () => {
  const code = async (level: string, theme: string) =>
    (await inProcess(runOf(world(), '--fail-on', level, '--theme', theme))).code;
  // Permits: red and yellow; people: blue.
  expect(await code('red', 'permits')).toBe(1);
  expect(await code('red', 'people')).toBe(0);
  expect(await code('yellow', 'people')).toBe(0);
  expect(await code('blue', 'people')).toBe(1);
  const w = world();
  const t = await inProcess(runOf(w, '--fail-on', 'red'));
  expect(t.code).toBe(1);
  expect(t.out).toContain('anomalies.csv');
});
