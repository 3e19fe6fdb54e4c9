import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { inProcess } from './bidui.js';
import { A, directory, EXTRACTS, world, write } from './world.js';

const start = process.cwd();
afterEach(() => {
  process.chdir(start);
  for (const name of ['DROP_DIR', 'RUN_THREADS', 'UNSET_THING', 'BIDUI_STATE']) delete process.env[name];
});

const AS_OF = ['--as-of', '2026-07-31'];

/** A park with a project file, in a directory of its own, which becomes the working directory. */
function park(yaml: string, extracts: Readonly<Record<string, string | null>> = {}) {
  const w = world({ extracts });
  write(w.root, { 'bidui.yaml': `version: 1\nchecks: checks\n${yaml}` });
  process.chdir(w.root);
  return w;
}

const BASIC =
  'state: state/bidui.duckdb\nsources: { input: in }\nreports: { out: out, lang: en }\nlimits: { temp_dir: temp }\n';
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

describe('a project file', () => {
  test('tells a run everything but the day', async () => {
    const w = park(`${BASIC}park: { name: 试验园区 }\n`);
    const told = await inProcess(['run', ...AS_OF]);
    expect(told.code).toBe(0);
    expect(told.out).toContain('As of 2026-07-31: 3 enterprises');
    expect(existsSync(join(w.root, 'state/bidui.duckdb'))).toBe(true);
    expect(json('out/run.json')).toMatchObject({ park: { name: '试验园区' }, machine: { input: 'in' } });
    expect((await inProcess(['run'])).err).toContain('--as-of is missing');
  });

  test('means the same from elsewhere; flags go before it', async () => {
    const w = park(BASIC);
    process.chdir(start);
    const other = join(w.root, 'other');
    const told = await inProcess([
      'run',
      '--project',
      join(w.root, 'bidui.yaml'),
      ...AS_OF,
      '--out',
      other,
      '--lang',
      'zh',
    ]);
    expect(told.code).toBe(0);
    expect(told.out).toContain('基准日 2026-07-31');
    expect(existsSync(join(other, 'run.json'))).toBe(true);
    expect(existsSync(w.out)).toBe(false);
    expect(existsSync(join(w.root, 'state/bidui.duckdb'))).toBe(true);
  });

  test('is not looked at by a run over extracts that are named: they are no night of the park', async () => {
    const w = park(BASIC);
    const told = await inProcess(['run', 'in', ...AS_OF, '--checks', 'checks', '--out', 'trial']);
    expect(told.code).toBe(0);
    expect(existsSync(join(w.root, 'state/bidui.duckdb'))).toBe(false);
  });

  test('tells the other commands which ledger, checks and extracts are meant', async () => {
    park(BASIC);
    await inProcess(['run', ...AS_OF]);
    process.env.BIDUI_STATE = 'nowhere.duckdb';
    expect((await inProcess(['history'])).out).toContain('2026-07-31');
    expect((await inProcess(['suppress', 'list'])).code).toBe(0);
    expect((await inProcess(['checks', 'list'])).out).toContain('Permit expired');
    expect((await inProcess(['checks', 'lint'])).out).toContain('2 themes, 3 checks');
    expect((await inProcess(['dossier', A, ...AS_OF])).out).toContain('苏州甲有限公司');
    expect((await inProcess(['history', '--state', 'nowhere.duckdb'])).err).toContain(
      'there is no ledger at nowhere.duckdb',
    );
  });

  test('that is wrong says where', async () => {
    park('sources: { input: in }\nreports:\n  outt: x\n  lang: de\nlimits: { memory: lots }\n');
    const { code, err } = await inProcess(['run', ...AS_OF]);
    expect(code).toBe(2);
    expect(err).toContain("bidui.yaml:5:3 unknown key 'outt'\n  fix: did you mean 'out'?");
    expect(err).toContain("bidui.yaml:6:9 'reports.lang': there is no such choice\n  fix: did you mean 'en'?");
    expect(err).toContain("bidui.yaml:7:19 'limits.memory': write a number and a unit, such as 2GB");
  });

  test('that names what is not there says what was meant', async () => {
    park(
      `${BASIC}scope: { themes: [permit] }\nguards: { sources: { permits: { volume: { action: off } } }, checks: { AA-11: { factor: 2 } } }\n`,
    );
    const { err } = await inProcess(['run', ...AS_OF]);
    expect(err).toContain("bidui.yaml:7:19 no theme 'permit'\n  fix: did you mean 'permits'?");
    expect(err).toContain("no source 'permits'\n  fix: did you mean 'permit'?");
    expect(err).toContain("no check 'AA-11'\n  fix: did you mean 'AA-01'?");
  });

  test('has a JSON Schema', async () => {
    const schema = JSON.parse((await inProcess(['checks', 'schema', 'project'])).out);
    expect(Object.keys(schema.properties)).toContain('guards');
    expect(schema.properties.sources.properties.input).toEqual(expect.objectContaining({ type: 'string' }));
  });
});

describe('the environment', () => {
  test('stands in for values, and is shown nowhere', async () => {
    const w = park(
      'sources: { input: "${DROP_DIR}" }\nreports: { out: "${OUT_DIR:-out}", lang: en }\nlimits:\n  temp_dir: temp\n  threads: ${RUN_THREADS:-2}\nstate: state/park.duckdb\n',
    );
    process.env.DROP_DIR = w.input;
    const told = await inProcess(['run', ...AS_OF]);
    expect(told.code).toBe(0);
    const record = readFileSync('out/run.json', 'utf8');
    expect(record).not.toContain(w.input);
    expect(JSON.parse(record).machine).toMatchObject({ input: '${DROP_DIR}', threads: 2 });
    expect(readFileSync('state/park.duckdb.audit.jsonl', 'utf8')).toContain('"inputs":["${DROP_DIR}"]');
    process.env.DROP_DIR = join(w.root, 'gone-away');
    const failed = await inProcess(['run', ...AS_OF]);
    expect(failed.code).toBe(3);
    expect(failed.err).toContain('there is no directory ${DROP_DIR}');
    expect(failed.err + failed.out).not.toContain('gone-away');
    const doctor = await inProcess(['doctor', '--format', 'json']);
    expect(doctor.out).toContain('there is no directory ${DROP_DIR}');
    expect(doctor.out).not.toContain('gone-away');
  });

  test('that is not set is a fault with its place', async () => {
    park('sources:\n  input: "x/${UNSET_THING}/y"\nstate: ${DROP_DIR}\n');
    process.env.DROP_DIR = '';
    const { code, err } = await inProcess(['run', ...AS_OF]);
    expect(code).toBe(2);
    expect(err).toContain('bidui.yaml:4:13 the environment variable UNSET_THING is not set');
    expect(err).toContain('bidui.yaml:5:8 the environment variable DROP_DIR is blank');
  });

  test('can only be text: it adds no keys', async () => {
    park('sources: { input: in }\nreports:\n  out: "${DROP_DIR}"\n');
    process.env.DROP_DIR = 'x"\nstate: evil';
    const { err } = await inProcess(['run', ...AS_OF, '--out', 'out']);
    expect(existsSync('evil')).toBe(false);
    expect(err).not.toContain('evil');
  });
});

describe('places of sources', () => {
  const split = (places: string, more = '') =>
    park(`sources:\n  input: in\n  places:\n    permit: ${places}\nreports: { out: out, lang: en }\n${more}`, {
      '许可证.csv': null,
    });
  const permits = EXTRACTS['许可证.csv']!;
  const read = () => json('out/run.json').files.map((f: { name: string }) => f.name);

  test.each([
    ['a directory, by the names of the contract', 'drop', 'a/许可证.csv'],
    ['a glob', 'drop/*/permits-*.csv', 'a/permits-20260731.csv'],
    ['a file', 'drop/a/x.csv', 'a/x.csv'],
    ['several', '[drop/nothing-here/*.csv, drop/a]', 'a/许可证.csv'],
  ])('%s', async (_, place, file) => {
    const w = split(place);
    mkdirSync(join(w.root, 'drop/nothing-here'), { recursive: true });
    write(join(w.root, 'drop'), { [file]: permits, 'b/other.csv': 'x' });
    const told = await inProcess(['run', ...AS_OF]);
    expect(told.err).not.toContain('error');
    expect(told.code).toBe(0);
    expect(read()).toHaveLength(3);
    expect(read().some((name: string) => file.endsWith(name))).toBe(true);
  });

  test('a file of such a source in the input directory is told, and not read', async () => {
    const w = split('drop');
    write(join(w.root, 'drop'), { '许可证.csv': permits });
    write(w.input, { '许可证_旧.csv': permits });
    const told = await inProcess(['run', ...AS_OF]);
    expect(told.err).toContain('许可证_旧.csv: not read, permit is taken from its own place');
    expect(read()).toHaveLength(3);
  });

  test('a link that leads out of the place is refused with a reason', async () => {
    const w = split('drop');
    write(join(w.root, 'elsewhere'), { 'p.csv': permits });
    mkdirSync(join(w.root, 'drop'));
    symlinkSync(join(w.root, 'elsewhere/p.csv'), join(w.root, 'drop/许可证.csv'));
    const told = await inProcess(['run', ...AS_OF]);
    expect(told.err).toContain('许可证.csv: a link that leads out of the directory, not read');
    expect(read()).toHaveLength(2);
  });

  test("'..' is the user's to write, not a glob's or a variable's", async () => {
    const w = split('in/../drop');
    write(join(w.root, 'drop'), { '许可证.csv': permits });
    expect((await inProcess(['run', ...AS_OF])).code).toBe(0);
    split('drop/*/../../elsewhere/*.csv');
    expect((await inProcess(['run', ...AS_OF])).err).toContain(
      "bidui.yaml:6:13 this place leads out by '..' behind a glob",
    );
    split('"drop/${DROP_DIR}/x.csv"');
    process.env.DROP_DIR = '../../somewhere';
    expect((await inProcess(['run', ...AS_OF])).err).toContain("a variable leads out of this place by '..'");
  });

  test('a place that is not there stops the run, and is none for reports', async () => {
    const w = split('drop');
    expect((await inProcess(['run', ...AS_OF])).err).toContain(
      'there is no directory drop, where 许可证表 (permit) should lie',
    );
    write(join(w.root, 'drop'), { '许可证.csv': permits });
    expect((await inProcess(['run', ...AS_OF, '--out', 'drop/reports'])).err).toContain('lies in the input directory');
  });
});

describe('a new park', () => {
  test('is begun by init, looked at by doctor, and run', async () => {
    const root = directory();
    process.chdir(root);
    const begun = await inProcess(['init']);
    expect(begun.code).toBe(0);
    expect(begun.out).toContain('bidui doctor --as-of <YYYY-MM-DD>\n  bidui run --as-of <YYYY-MM-DD>\n  bidui history');
    const empty = await inProcess(['doctor', ...AS_OF, '--format', 'json']);
    expect(empty.code).toBe(3);
    const errors = JSON.parse(empty.out).findings.filter((f: { level: string }) => f.level === 'error');
    expect(errors).toEqual([
      expect.objectContaining({ area: 'sources', what: expect.stringMatching(/^no extract was found/) }),
    ]);

    cpSync(resolve(start, 'fixtures/pilot'), 'extracts', { recursive: true });
    const well = await inProcess(['doctor', ...AS_OF]);
    expect(well.out).toContain('0 项错误');
    expect(well.code).toBe(0);
    expect(well.out).toContain('排污许可证.csv 排污许可证表：gb18030 (not UTF-8 at byte 0 (line 1); valid GB18030');
    const told = await inProcess(['run', ...AS_OF]);
    expect(told.code).toBe(0);
    expect(told.out).toContain('发现疑似异常 125 条');
    expect(told.out).toContain('数据护栏：未触发');
    expect((await inProcess(['history'])).out).toContain('2026-07-31');
  });

  test('finds in its project file settings that only want their mark taken away', async () => {
    process.chdir(directory());
    await inProcess(['init']);
    const lines = readFileSync('bidui.yaml', 'utf8').split('\n');
    const settings = lines.map((line) => line.replace(/^( *)# ( *(?:- )?[\w-]+:.*)/, '$1$2'));
    expect(settings.filter((line, i) => line !== lines[i]).length).toBeGreaterThan(20);
    // Checks and masking rules of its own are what is not there.
    write('.', { 'bidui.yaml': settings.filter((line) => !/^(checks| {2}masking):/.test(line)).join('\n') });
    const { findings } = JSON.parse((await inProcess(['doctor', '--format', 'json'])).out);
    const own = findings.filter((f: { area: string }) => f.area === 'project');
    expect(own).toEqual([expect.objectContaining({ level: 'warning', where: 'bidui.yaml:8:9' })]);
  });

  test('without a ledger can be looked at', async () => {
    park(BASIC);
    expect((await inProcess(['checks', 'list'])).out).toContain('2 themes, 3 checks');
    expect((await inProcess(['dossier', A, ...AS_OF])).code).toBe(0);
    const told = await inProcess(['checks', 'explain', 'AA-02', '--enterprise', A, ...AS_OF]);
    expect(told.out).toContain('苏州甲有限公司');
    expect((await inProcess(['history'])).err).toContain('there is no ledger at state/bidui.duckdb');
  });

  test('is not begun twice', async () => {
    const root = directory({ 'params.yaml': 'mine' });
    const told = await inProcess(['init', root]);
    expect(told.code).toBe(4);
    expect(told.err).toContain('params.yaml is there already');
    expect(readFileSync(join(root, 'params.yaml'), 'utf8')).toBe('mine');
    expect(existsSync(join(root, 'bidui.yaml'))).toBe(false);
  });
});
