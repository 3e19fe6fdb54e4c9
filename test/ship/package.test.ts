import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { billText, lockedForProduction } from '../../ship/sbom.js';

/**
 * The package as somebody gets it: packed, unpacked elsewhere, and given the production packages of the lock file, copied,
 * so that nothing of the checkout can be reached by accident. Installing from a registry is what CI does with `npm ci`.
 */

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const root = mkdtempSync(join(tmpdir(), 'bidui-ship-'));
const app = join(root, 'app');
let packed: string[] = [];

beforeAll(() => {
  // Without `prepack`: `npm test` has just built, and to build again would take dist/ away from other tests.
  const options = ['pack', '--json', '--ignore-scripts', '--pack-destination', root];
  const told = JSON.parse(execFileSync('npm', options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  // npm 12 answers an object by name, older ones a list.
  const [{ filename, files }] = Array.isArray(told) ? told : (Object.values(told) as typeof told);
  packed = files.map((f: { path: string }) => f.path);
  mkdirSync(app);
  execFileSync('tar', ['-xzf', join(root, filename), '--strip-components=1', '-C', app]);
  for (const [path, entry] of Object.entries<{ dev?: boolean }>(lock.packages)) {
    // What is for other platforms is in the lock file and not on this machine. What lies inside another comes along with it.
    if (!path || entry.dev || path.lastIndexOf('node_modules/') > 0 || !existsSync(path)) continue;
    cpSync(path, join(app, path), { recursive: true });
  }
  // Anybody may run it: below, a user who owns none of it does.
  chmodSync(root, 0o755);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('carries what it needs, and neither tests nor sources', () => {
  for (const file of packed)
    expect(file).toMatch(
      /^(bin|dist|checks|templates|docs|examples|schemas)\/|^(package\.json|README(\.zh-CN)?\.md|sbom\.cdx\.json)$/,
    );
  expect(packed.filter((f) => /\.(ts|map|tsbuildinfo|tgz)$|(^|\/)(test|fixtures)\//.test(f))).toEqual([]);
  const themes = readdirSync('checks/themes').map((f) => `checks/themes/${f}`);
  expect(themes).toHaveLength(8);
  const needed = [
    'dist/program/bin.js',
    'dist/prepared.json',
    'dist/report/page/client/main.js',
    'dist/report/page/client/main.css',
  ];
  expect(packed).toEqual(expect.arrayContaining([...themes, ...needed, 'templates/park/bidui.yaml']));
  expect(manifest.scripts.prepack).toContain('build');
  expect(manifest.files).toContain('sbom.cdx.json');
  expect(readFileSync(join(app, 'bin/bidui.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test('imports what it declares, and declares what it imports', () => {
  const imported = new Set<string>();
  for (const file of packed.filter(
    (f) => /^(bin|dist)\/.+\.js$/.test(f) && !f.startsWith('dist/report/page/client/'),
  )) {
    const text = readFileSync(join(app, file), 'utf8');
    const imports = [
      /^(?:import|export) (?:[\w\s{},*$]+ from )?['"]([^'"]+)['"];/gm,
      /\bimport\(['"]([^'"]+)['"]\)/g,
      // What is loaded when it is needed only.
      /\b(?:require|createRequire\(import\.meta\.url\))\(['"]([^'"]+)['"]\)/g,
    ];
    for (const [, found] of imports.flatMap((pattern) => [...text.matchAll(pattern)])) {
      const name = found!;
      if (name.startsWith('.') || isBuiltin(name)) continue;
      imported.add(name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
    }
  }
  const declared = Object.keys(manifest.dependencies);
  expect([...imported].filter((name) => !declared.includes(name))).toEqual([]);
  // Chosen by the user, and used by tests alone since the engine reads CSV: see docs/dependencies.md.
  expect(declared.filter((name) => !imported.has(name))).toEqual(['csv-parse']);
});

describe('elsewhere, with no home, by a user who owns nothing of it', () => {
  const work = join(root, 'work');
  // Only root can become somebody else; others are not root to begin with.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const bidui = (...argv: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(app, 'bin/bidui.js'), ...argv], {
      ...{ cwd: work, encoding: 'utf8', maxBuffer: 1 << 26, ...nobody },
      env: { PATH: dirname(process.execPath), TMPDIR: work, LANG: 'C.UTF-8' },
    });
    return { status, text: stdout + stderr, stdout };
  };

  test('all of a first evening works', () => {
    mkdirSync(work);
    chmodSync(work, 0o777);
    expect(bidui('--version').stdout.trim()).toBe(manifest.version);
    expect(bidui('checks', 'list').text).toContain('8 themes');
    const begun = bidui('init', 'park');
    expect(begun.status, begun.text).toBe(0);
    cpSync('fixtures/pilot', join(work, 'park/extracts'), { recursive: true });
    for (const answers of ['truth.csv', 'decoys.csv']) rmSync(join(work, 'park/extracts', answers), { force: true });
    const looked = bidui('doctor', '--project', 'park/bidui.yaml', '--as-of', '2026-07-31');
    expect(looked.status, looked.text).toBe(0);
    const ran = bidui('run', '--project', 'park/bidui.yaml', '--as-of', '2026-07-31', '--out', 'reports');
    expect(ran.status, ran.text).toBe(0);
    expect(ran.text).toContain('发现疑似异常 125 条');
    expect(readdirSync(join(work, 'reports'))).toEqual(
      expect.arrayContaining(['anomalies.csv', 'anomalies.xlsx', 'report.html']),
    );
  });
});

test('the bill of materials is the production part of the lock file, byte for byte the same each time', () => {
  const text = billText('.');
  expect(billText('.')).toBe(text);
  const bom = JSON.parse(text);
  expect([bom.serialNumber, bom.metadata.timestamp, bom.metadata.tools]).toEqual([undefined, undefined, undefined]);
  const hex = (integrity?: string) =>
    integrity && Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex');
  const told = bom.components.map((c: { name: string; version: string; hashes?: { content: string }[] }) => [
    `${c.name}@${c.version}`,
    c.hashes?.[0]?.content,
  ]);
  const locked = [...lockedForProduction(lock)].map(([name, entry]) => [name, hex(entry.integrity)]);
  expect(told.sort()).toEqual(locked.sort());
  for (const name of Object.keys(manifest.dependencies))
    expect(told.map(([n]: [string]) => n)).toContain(`${name}@${manifest.dependencies[name]}`);
});

test('the container is built of what it is let to see, and runs as nobody special', () => {
  const text = readFileSync('Containerfile', 'utf8').replaceAll('\\\n', ' ');
  const steps = text.split('\n').filter((l) => /^[A-Z]+ /.test(l));
  const last = (word: string) => steps.filter((s) => s.startsWith(`${word} `)).at(-1);
  expect(last('USER')).toBe('USER 1000:1000');
  expect(last('ENTRYPOINT')).toBe('ENTRYPOINT ["bidui"]');
  expect(last('FROM')).toBe(`FROM \${NODE}`);
  const seen = readFileSync('.dockerignore', 'utf8')
    .split('\n')
    .filter((l) => l.startsWith('!'))
    .map((l) => l.slice(1));
  for (const path of seen) expect(existsSync(path), path).toBe(true);
  // What is packed, and what it is made of.
  const made = ['dist', 'sbom.cdx.json'];
  const needed = [
    ...manifest.files.filter((f: string) => !made.includes(f)),
    'src',
    'ship',
    'tsconfig.json',
    '.npmrc',
    'package.json',
    'package-lock.json',
  ];
  expect(seen.sort()).toEqual(needed.sort());
});
