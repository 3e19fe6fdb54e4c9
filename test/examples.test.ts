import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { BIN } from './cli/bidui.js';
import { type World, world } from './cli/world.js';

/** The files under examples/ are run as they stand: what people copy works. */

const read = (name: string) => readFileSync(join('examples', name), 'utf8');

interface Place extends World {
  env: NodeJS.ProcessEnv;
}

/** A park's repository, with `bidui` on the path and an `npm` that has installed it already. */
function place(): Place {
  const w = world();
  const bin = join(w.root, 'bin');
  mkdirSync(bin);
  const script = (name: string, text: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  script('bidui', `exec '${process.execPath}' '${BIN}' "$@"`);
  script('npm', 'test "$1" = ci || test "$1" = audit');
  // The extracts lie where the examples look for them.
  spawnSync('mv', [w.input, join(w.root, 'extracts')]);
  const { FORCE_COLOR: _, ...env } = process.env;
  return { ...w, env: { ...env, PATH: `${bin}${delimiter}${process.env.PATH}`, AS_OF: '2026-07-31', TMPDIR: w.temp } };
}

function shell(p: Place, command: string, more: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync('bash', ['-eo', 'pipefail', '-c', command], {
    ...{ cwd: p.root, env: { ...p.env, ...more }, encoding: 'utf8' },
  });
  return { status, text: stdout + stderr };
}

const baseline = (p: Place) =>
  shell(p, 'bidui run extracts --checks checks --as-of "$AS_OF" --out reports --write-baseline known.csv');

describe('GitHub Actions', () => {
  interface Step {
    name?: string;
    uses?: string;
    run?: string;
    if?: string;
  }
  const workflow = parse(read('github/bidui.yml'));
  const steps: Step[] = workflow.jobs.rules.steps;

  /** Runs every step as the runner would; answers those that failed. */
  function job(p: Place): { failed: string[]; summary: string; text: string } {
    const summary = join(p.root, 'step-summary.md');
    const failed: string[] = [];
    let text = '';
    for (const s of steps.filter((x) => x.run)) {
      if (failed.length > 0 && !s.if) continue;
      const env = { GITHUB_STEP_SUMMARY: summary, GITHUB_PATH: join(p.root, 'github-path'), ...workflow.env };
      const done = shell(p, s.run!, { ...env, AS_OF: String(workflow.env.AS_OF) });
      text += done.text;
      if (done.status !== 0) failed.push(s.name ?? s.run!);
    }
    return { failed, text, summary: existsSync(summary) ? readFileSync(summary, 'utf8') : '' };
  }

  test('is a workflow whose steps are pinned to a version', () => {
    expect(Object.keys(workflow)).toEqual(['name', 'on', 'permissions', 'env', 'jobs']);
    for (const s of steps) if (s.uses) expect(s.uses).toMatch(/@v\d+$/);
    expect(workflow.permissions.contents).toBe('read');
  });

  test('passes what is known, and puts the summary on the page', () => {
    const p = place();
    expect(baseline(p).status).toBe(0);
    const done = job(p);
    expect(done.failed, done.text).toEqual([]);
    expect(done.summary).toContain('# 数据比对结果（基准日 2026-07-31）');
    expect(JSON.parse(readFileSync(join(p.root, 'lint.sarif'), 'utf8')).version).toBe('2.1.0');
    expect(existsSync(join(p.root, 'reports/junit.xml'))).toBe(true);
  });

  test('fails on what is new and red, and still shows it', () => {
    const p = place();
    writeFileSync(join(p.root, 'known.csv'), 'anomaly_id,check_id,uscc,severity\n');
    const done = job(p);
    expect(done.failed).toEqual(['Compare']);
    expect(done.summary).toContain('AA-01');
  });
});

describe('GitLab CI', () => {
  const ci = parse(read('gitlab/.gitlab-ci.yml'));
  const script = (p: Place, job: string) =>
    shell(p, [...ci.default.before_script, ...ci[job].script].join('\n'), { AS_OF: ci.variables.AS_OF });

  test('has jobs of its stages, and names the reports that they write', () => {
    for (const job of ['lint', 'compare']) expect(ci.stages).toContain(ci[job].stage);
    const p = place();
    expect(baseline(p).status).toBe(0);
    for (const job of ['lint', 'compare']) {
      const done = script(p, job);
      expect(done.status, done.text).toBe(0);
    }
    expect(existsSync(join(p.root, ci.compare.artifacts.reports.junit))).toBe(true);
  });

  test('fails on what is new and red', () => {
    const p = place();
    writeFileSync(join(p.root, 'known.csv'), 'anomaly_id\n');
    expect(script(p, 'compare').status).toBe(1);
  });
});

describe('by night', () => {
  /** The park's own rules are not those that ship: the variable stands in for an installation that has them. */
  const nightly = (p: Place, command: string) => {
    const own = join(p.root, 'bin', 'bidui');
    const argv = `exec '${process.execPath}' '${BIN}' "$@" --checks '${p.checks}'`;
    writeFileSync(own, `#!/bin/sh\n${argv}\n`);
    return shell(p, command);
  };

  test('nightly.sh writes the reports of a day, remembers, and points at the last', () => {
    const p = place();
    for (const day of ['2026-07-30', '2026-07-31', '2026-07-31']) {
      const done = nightly(p, `${resolve('examples/nightly.sh')} ${p.root} ${day}`);
      expect(done.status, done.text).toBe(0);
      expect(readlinkSync(join(p.root, 'reports/latest'))).toBe(day);
    }
    for (const file of ['bidui.duckdb', 'reports/latest/report.html', 'reports/2026-07-30/anomalies.xlsx'])
      expect(existsSync(join(p.root, file))).toBe(true);
    expect(spawnSync('sh', ['-n', 'examples/nightly.sh']).status).toBe(0);
  });

  test('nightly.sh hands on the exit code of a night that failed, and leaves the last one in its place', () => {
    const p = place();
    expect(nightly(p, `${resolve('examples/nightly.sh')} ${p.root} 2026-07-30`).status).toBe(0);
    writeFileSync(join(p.root, 'extracts', '企业登记_20260731.csv'), '');
    expect(nightly(p, `${resolve('examples/nightly.sh')} ${p.root} 2026-07-31`).status).toBe(3);
    expect(readlinkSync(join(p.root, 'reports/latest'))).toBe('2026-07-30');
  });

  test('the crontab runs it, and mails the end of the log when it fails', () => {
    const lines = read('cron/crontab')
      .split('\n')
      .filter((l) => l !== '' && !l.startsWith('#'));
    const [entry] = lines.filter((l) => !/^[A-Z]+=/.test(l));
    const parts = /^([\d*]+) ([\d*]+) ([\d*]+) ([\d*]+) ([\d*]+) {2}(.+)$/.exec(entry!)!;
    // cron makes a line break of every % that is not escaped.
    expect(parts[6]).not.toContain('%');
    const p = place();
    const command = parts[6]!
      .replaceAll('/usr/local/lib/bidui/nightly.sh', resolve('examples/nightly.sh'))
      .replaceAll('/srv/bidui', p.root);
    const done = nightly(p, command);
    expect([done.status, done.text]).toEqual([0, '']);
    expect(readFileSync(join(p.root, 'nightly.log'), 'utf8')).toContain('发现疑似异常');
    writeFileSync(join(p.root, 'extracts', '企业登记_20260731.csv'), '');
    const failed = nightly(p, command);
    expect(failed.status).toBe(3);
    expect(failed.text).toContain('error:');
  });

  const analyze = spawnSync('systemd-analyze', ['--version']).status === 0;
  test.runIf(analyze)('systemd takes the service and the timer as they stand', () => {
    const p = place();
    const units = ['bidui.service', 'bidui.timer'].map((name) => {
      const path = join(p.root, name);
      // What is not installed here is put where it lies.
      writeFileSync(
        path,
        read(`systemd/${name}`).replaceAll('/usr/local/lib/bidui/nightly.sh', resolve('examples/nightly.sh')),
      );
      return path;
    });
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...units], { encoding: 'utf8' });
    // Whatever else is wrong on this machine is not ours.
    expect(stderr.split('\n').filter((l) => l.includes('bidui'))).toEqual([]);
    expect(status).toBe(0);
    const when = /^OnCalendar=(.+)$/m.exec(read('systemd/bidui.timer'))![1]!;
    expect(spawnSync('systemd-analyze', ['calendar', when]).status).toBe(0);
  });
});
