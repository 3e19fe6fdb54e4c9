import { describe, expect, test } from 'vitest';
import { inProcess } from '../cli/bidui.js';
import { shown } from '../cli/refused.js';
import { world, write } from '../cli/world.js';

const lint = async (masking: string) => {
  const w = world({ checks: { 'masking.yaml': masking } });
  const told = await inProcess(['checks', 'lint', '--checks', w.checks]);
  return { code: told.code, text: shown(told.out + told.err, w) };
};

describe('a rule about nothing is told with its place and what was meant', () => {
  test.each([
    [
      'a field',
      '{ of: [staff.id_nr], do: omit }',
      "no kind of personal data or field 'staff.id_nr'",
      "did you mean 'staff.id_no'?",
      '3:12',
    ],
    [
      'a kind',
      '{ of: [id_on], do: mask }',
      "no kind of personal data or field 'id_on'",
      "did you mean 'id_no'?",
      '3:12',
    ],
    [
      'a department',
      '{ of: [id_no], for: [socail], do: show }',
      "no department 'socail'",
      "did you mean 'social'?",
      '3:26',
    ],
    ['a report', '{ of: [id_no], in: [tabels], do: show }', 'tables', '', '3:25'],
    ['a treatment', '{ of: [id_no], do: hide }', 'show', '', '3:24'],
    ['a key', '{ of: [id_no], do: show, form: [social] }', "unknown key 'form'", "did you mean 'for'?", '3:30'],
    ['both', '{ of: [id_no], for: [social], except_for: [market], do: show }', 'cannot both be said', '', ''],
  ])('%s', async (_, rule, what, fix, at) => {
    const { code, text } = await lint(`# policy\nrules:\n  - ${rule}\n`);
    expect(code).toBe(2);
    expect(text).toContain(what);
    expect(text).toContain(fix);
    expect(text).toContain(`masking.yaml${at ? `:${at}` : ''}`);
  });
});

test("a park's own file is held to the same before anything is read", async () => {
  const w = world();
  write(w.root, {
    'own.yaml': 'rules:\n  - { of: [staff.nmae], do: show }\n',
    'bidui.yaml': 'version: 1\nchecks: checks\nsources: { input: in }\nreports: { out: out, masking: own.yaml }\n',
  });
  const told = await inProcess([
    'run',
    '--project',
    `${w.root}/bidui.yaml`,
    '--as-of',
    '2026-07-31',
    '--format',
    'csv',
  ]);
  expect(told.code).toBe(2);
  expect(told.err).toContain('own.yaml:2:12');
  expect(told.err).toContain("did you mean 'staff.name'?");
});

test('its schema is printed', async () => {
  const told = await inProcess(['checks', 'schema', 'masking']);
  expect(JSON.parse(told.out).properties.rules.type).toBe('array');
});
