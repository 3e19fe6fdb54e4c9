import { describe, expect, test } from 'vitest';
import { inProcess } from './bidui.js';
import { refusedChecks, shown } from './refused.js';
import { CHECKS, PERMITS_THEME, world } from './world.js';

describe('checks that are wrong end in exit code 2, with file, line and column:', () => {
  test('a contract with a misspelt key', async () => {
    const contract = CHECKS['sources/permit.yaml']?.replace('duplicates:', 'duplicate:') as string;
    expect(await refusedChecks({ 'sources/permit.yaml': contract })).toMatchInlineSnapshot(`
      "exit 2
      error: <world>/checks/sources/permit.yaml:8:1 unknown key 'duplicate'
        fix: did you mean 'duplicates'?"
    `);
  });

  test('a contract whose key names no field, and of a type that is none', async () => {
    const contract = CHECKS['sources/permit.yaml']
      ?.replace('key: [permit_no]', 'key: [permit_nr]')
      .replace('type: money', 'type: mony') as string;
    expect(await refusedChecks({ 'sources/permit.yaml': contract })).toMatchInlineSnapshot(`
      "exit 2
      error: <world>/checks/sources/permit.yaml:17:44 'fields.fee.type': there is no such choice
        fix: did you mean 'money'?"
    `);
  });

  test('a theme whose YAML is broken', async () => {
    expect(
      await refusedChecks({
        'themes/permits.yaml': PERMITS_THEME.replace('{ zh: 许可证, en: Permits }', '{ zh: 许可证, en: Permits'),
      }),
    ).toMatchInlineSnapshot(`
      "exit 2
      error: <world>/checks/themes/permits.yaml:4:1 this is not valid YAML: Flow map in block collection must be sufficiently indented and end with a }
        fix: mend the YAML here: usually indentation, an unclosed quote or bracket, or a key given twice"
    `);
  });

  test('an unknown field, a wrong type, in one message each', async () => {
    expect(
      await refusedChecks({
        'themes/permits.yaml': PERMITS_THEME.replace(
          'expect: permit.valid_to >=',
          'expect: permit.valid_too >=',
        ).replace(
          "when: enterprise.status == 'active' && exists(permit)",
          "when: enterprise.status == 'activ' && enterprise.founded_on",
        ),
      }),
    ).toMatchInlineSnapshot(`
      "exit 2
      error: <world>/checks/themes/permits.yaml:19:20 no field 'valid_too' in permit
        fix: did you mean 'valid_to'?
      error: <world>/checks/themes/permits.yaml:37:32 no code 'activ' in status
        fix: did you mean 'active'?
      2 problems"
    `);
  });

  test('two themes with a check of the same id', async () => {
    expect(
      await refusedChecks({ 'themes/more.yaml': PERMITS_THEME.replace('theme: permits', 'theme: more') }),
    ).toMatchInlineSnapshot(`
      "exit 2
      error: <world>/checks/themes/permits.yaml:7:9 the id AA-01 is taken: <world>/checks/themes/more.yaml:7 has it
        fix: give this check an id of its own
      error: <world>/checks/themes/permits.yaml:28:9 the id AA-02 is taken: <world>/checks/themes/more.yaml:28 has it
        fix: give this check an id of its own
      2 problems"
    `);
    expect(await refusedChecks({ 'themes/more.yaml': PERMITS_THEME.replaceAll(/AA-0/g, 'AA-9') })).toContain(
      "the name 'permits' is taken: <world>/checks/themes/more.yaml:2 has it",
    );
  });

  test('no vocabulary, no sources, no themes', async () => {
    expect(await refusedChecks({ 'vocabulary.yaml': null })).toContain('vocabulary.yaml is missing');
    expect(await refusedChecks({ 'themes/permits.yaml': null, 'themes/people.yaml': null })).toMatchInlineSnapshot(`
      "exit 2
      error: no theme lies below <world>/checks/themes
        fix: put one there, or give another directory with --checks"
    `);
  });

  test('a theme saved as GBK', async () => {
    const w = world();
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${w.checks}/themes/permits.yaml`, Buffer.from([0x74, 0x3a, 0x20, 0xd6, 0xd0, 0xce, 0xc4]));
    const told = await inProcess(['checks', 'lint', '--checks', w.checks]);
    expect(told.code).toBe(2);
    expect(shown(told.out, w)).toContain('<world>/checks/themes/permits.yaml the file is not UTF-8 text');
  });
});

describe('bidui checks', () => {
  test('lint tells faults and ends in 2; where there are none it ends in 0', async () => {
    expect((await inProcess(['checks', 'lint', '--checks', world().checks])).code).toBe(0);
    const w = world({ checks: { 'themes/permits.yaml': PERMITS_THEME.replace('permit.fee', 'permit.free') } });
    const told = await inProcess(['checks', 'lint', '--checks', w.checks]);
    expect(told.code).toBe(2);
    expect(told.out).toContain("did you mean 'fee'?");
  });

  test('test runs the examples, and names by line the one that fails', async () => {
    const good = world();
    const passed = await inProcess(['checks', 'test', '--checks', good.checks]);
    expect([passed.code, passed.out]).toEqual([0, '3 checks, 6 examples passed, 0 failed\n']);
    const w = world({
      checks: { 'themes/permits.yaml': PERMITS_THEME.replace('outcome: anomaly', 'outcome: consistent') },
    });
    const told = await inProcess(['checks', 'test', '--checks', w.checks]);
    expect(told.code).toBe(2);
    expect(shown(told.out, w)).toMatchInlineSnapshot(`
      "<world>/checks/themes/permits.yaml:26:9 AA-01 example 1: expected consistent, got anomaly
      3 checks, 5 examples passed, 1 failed"
    `);
  });

  test('list in every form', async () => {
    const w = world();
    const list = async (...more: string[]) => (await inProcess(['checks', 'list', '--checks', w.checks, ...more])).out;
    const markdown = (await list('--format', 'md', '--lang', 'en')).trimEnd().split('\n');
    expect(markdown.map((line) => line.split(' | ').slice(0, 5).join(' | '))).toEqual([
      '| Check | Theme | Check item | Key check point | Name',
      '| --- | --- | --- | --- | ---',
      '| BB-01 | People | Check item | Key point | Left but listed',
      '| AA-01 | Permits | Check item | Key point | Permit expired',
      '| AA-02 | Permits | Check item | Key point | Legal representatives differ',
    ]);
    expect(markdown[3]).toMatch(/ \| Ecology \| Market regulation \| Permit rules 第十四条 \| Please verify \|$/);
    expect(JSON.parse(await list('--format', 'json'))).toHaveLength(3);
    expect((await list('--format', 'csv')).split('\r\n')).toHaveLength(5);
    expect(await list()).toContain('2 themes, 3 checks');
  });
});
