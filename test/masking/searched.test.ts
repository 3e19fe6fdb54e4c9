import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REPORT_FORMATS } from '../../src/report/formats.js';
import { inProcess, type Told } from '../cli/bidui.js';
import { A, CHECKS, EXTRACTS, PERSONAL, type World, world, write } from '../cli/world.js';
import { csvRows } from '../report/read.js';
import { everyText, holding } from './every-text.js';

/** What ends is told in other files than what is found: in the second night somebody is no longer listed. */
const NEXT = {
  '人员.csv': EXTRACTS['人员.csv']!.replace(/^.*11010119900307889X.*\n/m, ''),
};

const INSPECTORS =
  '人员编号,姓名,所属部门,执法证有效期至\n' +
  ['市场监管局', '生态环境局', '人社局']
    .map((d, i) => `N${i}1,甲,${d},2030-12-31\nN${i}2,乙,${d},2030-12-31\n`)
    .join('');

interface Park extends World {
  /** What was printed, by command. */
  told: string[];
  texts: Map<string, string>;
}

/** Two nights of the world under a policy, by every way in which bidui says anything, and all that is left of it. */
async function nights(policy: string | undefined, checks: Record<string, string> = {}): Promise<Park> {
  const w = world({ checks });
  mkdirSync(join(w.checks, 'libraries'));
  cpSync('checks/libraries/inspector.yaml', join(w.checks, 'libraries/inspector.yaml'));
  const made = join(w.root, 'made');
  mkdirSync(made);
  const hook = join(w.root, 'hook.sh');
  writeFileSync(hook, `#!/bin/sh\n{ env | grep BIDUI; cat; } >> '${join(made, 'hook.txt')}'\n`, { mode: 0o755 });
  if (policy !== undefined) writeFileSync(join(w.root, 'masking.yaml'), policy);
  write(w.root, {
    'inspectors.csv': INSPECTORS,
    'bidui.yaml': `version: 1
checks: checks
state: made/park.duckdb
sources: { input: in }
reports: { out: made/out, formats: [${REPORT_FORMATS.join(', ')}]${policy === undefined ? '' : ', masking: masking.yaml'} }
monitoring: { log: json, metrics: made/bidui.prom }
hooks: [{ command: ['${hook}'], timeout: 60 }]
`,
  });
  const project = ['--project', join(w.root, 'bidui.yaml')];
  const told: string[] = [];
  const ask = async (...argv: string[]): Promise<Told> => {
    const t = await inProcess([...argv, ...project]);
    expect([0, 6], t.err).toContain(t.code);
    told.push(t.out, t.err);
    return t;
  };
  await ask('run', '--as-of', '2026-07-30', '--write-baseline', join(made, 'known.csv'));
  cpSync(join(made, 'out'), join(made, 'first'), { recursive: true });
  write(w.input, NEXT);
  await ask('run', '--as-of', '2026-07-31', '--baseline', join(made, 'known.csv'));
  const runs = await ask('runs');
  await ask('runs', 'show', /\d{8}T\S+/.exec(runs.out)![0]);
  await ask('history');
  await ask('history', '--enterprise', A, '--format', 'json');
  await ask('audit', 'list');
  await ask(
    ...['dispatch', '--inspectors', join(w.root, 'inspectors.csv'), '--seed', '1', '--out', join(made, 'orders')],
  );
  for (const format of ['text', 'json', 'html']) {
    await ask('dossier', A, '--as-of', '2026-07-31', '--format', format, '--out', join(made, `dossier.${format}`));
  }
  await ask('checks', 'explain', 'BB-01', '--enterprise', A, '--as-of', '2026-07-31', '--input', w.input);
  return { ...w, told, texts: await everyText(made) };
}

const ofDepartments = (files: readonly string[]) => files.filter((f) => f.includes('by-department/'));
const department = (title: string) =>
  ['csv', 'html', 'xlsx']
    .flatMap((ending) => ['first', 'out'].map((o) => `${o}/by-department/${title}.${ending}`))
    .sort();

test('personal data is found in no file and in no answer', async () => {
  const p = await nights(undefined);
  for (const file of [
    'out/report.html',
    'out/by-department/人社局.html',
    'park.duckdb',
    'park.duckdb.audit.jsonl',
    'hook.txt',
    'bidui.prom',
  ])
    expect(p.texts.has(file), file).toBe(true);
  // The search finds what is there: the masked name, where it was packed.
  expect(holding(p.texts, '欧**')).toEqual(
    expect.arrayContaining(['out/report.html', 'out/anomalies.xlsx', 'out/anomalies.arrow', 'park.duckdb']),
  );
  for (const value of PERSONAL) {
    expect([value, holding(p.texts, value)]).toEqual([value, []]);
    expect(p.told.join('\n')).not.toContain(value);
  }
});

describe('what a policy shows to one department', () => {
  const policy = 'rules:\n  - { of: [id_no, staff.name], for: [social], do: show }\n';

  test('stands in its files alone, and the audit log tells of it', async () => {
    const p = await nights(policy);
    const elsewhere = PERSONAL.filter((v) => !v.startsWith('110101199') && !['欧阳建国', '上官婉儿'].includes(v));
    for (const value of elsewhere) expect([value, holding(p.texts, value)]).toEqual([value, []]);
    for (const value of ['110101199003078814', '欧阳建国'])
      expect([value, holding(p.texts, value)]).toEqual([value, department('人社局')]);
    // Shown in the first night, gone in the second: the ledger, which tells of it then, never knew it.
    expect(holding(p.texts, '11010119900307889X')).toEqual(department('人社局').filter((f) => f.startsWith('first')));
    for (const value of PERSONAL) expect(p.told.join('\n')).not.toContain(value);
    const told = p.texts
      .get('park.duckdb.audit.jsonl')!
      .split('\n')
      .filter((l) => l.includes('"act":"unmasked"'));
    expect(told).toHaveLength(2);
    expect(told[0]).toContain('"by_policy":["department:social: staff.id_no","department:social: staff.name"]');
  });
});

describe('a confidential source', () => {
  const confidential = {
    'masking.yaml':
      'rules:\n  - { of: [personal], do: mask }\n  - { of: [confidential], except_for: [owner], do: omit }\n',
    'sources/staff.yaml': CHECKS['sources/staff.yaml']!.replace('files:', 'confidential: true\nfiles:'),
    // Another department is to look into it.
    'themes/people.yaml': CHECKS['themes/people.yaml']!.replace(
      'department: social\n    with:',
      'department: market\n    with:',
    ),
  };

  test('is left out of the files of departments that do not own it, and told as before in all else', async () => {
    const p = await nights(undefined, confidential);
    for (const value of PERSONAL) expect([value, holding(p.texts, value)]).toEqual([value, []]);
    // The masked values, too.
    const masked = ['110***********8814', 'o***@example.com'];
    for (const value of masked) {
      const files = holding(p.texts, value);
      expect([value, files.includes('out/anomalies.csv')]).toEqual([value, true]);
      expect([value, ofDepartments(files)]).toEqual([value, []]);
    }
    const rows = csvRows(join(p.root, 'made/out'), 'by-department/市场监管局.csv').filter(
      (r) => r.规则编号 === 'BB-01',
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ 值A: '（不予显示）', 涉及对象: '（不予显示）', 文件A: '人员.csv', 行号A: '2' });
    const all = csvRows(join(p.root, 'made/out'), 'anomalies.csv').filter((r) => r.规则编号 === 'BB-01');
    expect(all[0]!.异常编号).toBe(rows[0]!.异常编号);
  });

  test('is not shown by a rule about a kind of data, only by one that names it', async () => {
    const kind = await nights('rules:\n  - { of: [id_no], for: [market], do: show }\n', confidential);
    expect(holding(kind.texts, '110101199003078814')).toEqual([]);
    const named = await nights('rules:\n  - { of: [staff.id_no], for: [market], do: show }\n', confidential);
    expect(holding(named.texts, '110101199003078814')).toEqual(department('市场监管局'));
  });
});

test('what is left out of every report is told in none of them, not even masked', async () => {
  const p = await nights(
    'rules:\n  - { of: [staff.email, quarantined.raw], do: omit }\n  - { of: [permit.fee, permit.permit_no], do: mask }\n',
  );
  // The ledger keeps its own words: masked, for whoever looks into it. Work orders and `history` are told from it.
  for (const value of ['o***@example.com', '1,234.5', '913205940000000012']) {
    expect([value, holding(p.texts, value).filter((f) => f !== 'park.duckdb')]).toEqual([value, []]);
    expect(p.told.join('\n')).not.toContain(value);
  }
  const market = csvRows(join(p.root, 'made/out'), 'anomalies.csv').find((r) => r.规则编号 === 'AA-01')!;
  expect(market.其他佐证).toContain('***');
});
