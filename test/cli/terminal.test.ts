import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { wantsColor } from '../../src/cli/output.js';
import { type Display, progressOn } from '../../src/cli/progress.js';
import { table } from '../../src/cli/table.js';
import { cut, widthOf } from '../../src/cli/width.js';
import { BIN } from './bidui.js';
import { EXTRACTS, type World, world } from './world.js';

const ESC = '\u001b';
/** A colour. */
const SGR = new RegExp(`${ESC}\\[\\d+m`, 'g');

test('texts that are measured the short way are as wide as the long way says', () => {
  const plain = [...Array(0x10000).keys()]
    .map((c) => String.fromCharCode(c))
    .filter((c) => /[^\ud800-\udfff]/u.test(c));
  expect(plain.filter((c) => widthOf(c) !== stringWidth(c))).toEqual([]);
  for (const text of ['', 'a(1) 企业（甲）', '甲、乙。A～', '企业…', '🏭甲', 'e\u0301甲', '１２ｶﾞ', `${ESC}[1m甲`]) {
    expect(widthOf(text)).toBe(stringWidth(text));
  }
});

describe('a table', () => {
  const rows = [
    ['企业年报信息', 17, '市场监管局'],
    ['Address', 2, 'x'],
  ];
  const columnsOf = (text: string) => text.split('\n').map((l) => stringWidth(l));

  test('lines up although Chinese characters are twice as wide', () => {
    expect(`\n${table(['主题', '异常', '部门'], rows)}\n`).toMatchInlineSnapshot(`
      "
      主题          异常  部门
      ────────────  ────  ──────────
      企业年报信息    17  市场监管局
      Address          2  x
      "
    `);
  });

  test('cuts long texts where the terminal is narrow, never a number, never half a character', () => {
    for (let width = 20; width < 40; width++) {
      const text = table(['主题', '异常', '部门'], rows, { width });
      expect(Math.max(...columnsOf(text))).toBeLessThanOrEqual(width);
      expect(text).toContain('17');
      expect(text).not.toContain('\ufffd');
    }
  });

  test('becomes lines where even that does not fit', () => {
    for (const width of [1, 2, 5, 12]) {
      const text = table(['主题', '异常', '部门'], rows, { width });
      expect(Math.max(...columnsOf(text))).toBeLessThanOrEqual(width);
    }
    expect(table(['主题', '异常'], [['企业年报信息', 17]], { width: 11 })).toBe('企业年报信…\n  异常: 17');
  });

  test('lets no value reach the terminal as a command', () => {
    const text = table(['a'], [[`${ESC}[2J${ESC}]0;title\u0007\u009b31m\u202eevil\nnext`]]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(text.split('\n')).toHaveLength(3);
  });

  test('colours what is laid out, so that colour moves nothing', () => {
    const plain = table(
      ['t', 'n'],
      rows.map((r) => r.slice(0, 2)),
    );
    const painted = table(
      ['t', 'n'],
      rows.map((r) => r.slice(0, 2)),
      { paint: (x) => `${ESC}[31m${x}${ESC}[39m` },
    );
    expect(painted.replaceAll(SGR, '').replace(/ +$/gm, '')).toBe(plain);
  });
});

test('cut gives as much as fits', () => {
  expect(['企业年报', '企业', 'abc', ''].map((x) => cut(x, 5))).toEqual(['企业…', '企业', 'abc', '']);
  expect(cut('👨‍👩‍👧‍👦家', 3)).toBe('👨‍👩‍👧‍👦…');
  expect(cut('企业', 0)).toBe('');
});

test('NO_COLOR goes before FORCE_COLOR, and both before what the stream is', () => {
  const says = (isTTY: boolean, env: NodeJS.ProcessEnv) => wantsColor({ isTTY }, env);
  expect(says(true, {})).toBe(true);
  expect(says(false, {})).toBe(false);
  expect(says(true, { TERM: 'dumb' })).toBe(false);
  expect(says(true, { NO_COLOR: '1' })).toBe(false);
  expect(says(true, { NO_COLOR: '' })).toBe(true);
  expect(says(false, { FORCE_COLOR: '1' })).toBe(true);
  expect(says(true, { FORCE_COLOR: '0' })).toBe(false);
  expect(says(true, { NO_COLOR: '1', FORCE_COLOR: '1' })).toBe(false);
});

describe('progress', () => {
  const screen = (columns: number) => {
    let time = 0;
    let written = '';
    const display: Display = { write: (t) => (written += t), columns: () => columns, now: () => time };
    const none = () => {};
    const line = progressOn({ out: none, err: none, live: true, color: false }, display);
    return {
      line,
      later: (ms: number) => (time += ms),
      shown: () => written.split('\r\u001b[K').at(-1),
      frames: () => written.split('\r\u001b[K').length - 1,
    };
  };

  test('is one line that says how far, how many rows, and how long still', () => {
    const s = screen(80);
    s.line.update('ingest', 0, 40, 0);
    expect(s.shown()).toBe('ingest 0/40 · 0 rows');
    s.later(10_000);
    s.line.update('ingest', 10, 40, 1_234_567);
    expect(s.shown()).toBe('ingest 10/40 · 1,234,567 rows · about 30 s left');
    s.later(350_000);
    s.line.update('ingest', 20, 40, 2_000_000);
    expect(s.shown()).toContain('about 6 min 0 s left');
    s.line.end();
    expect(s.shown()).toBe('');
  });

  test('does not redraw more often than can be seen, nor beyond the width', () => {
    const s = screen(12);
    for (let i = 0; i < 1000; i++) {
      s.later(1);
      s.line.update('compare', i, 100_000, i);
    }
    expect(s.frames()).toBeLessThan(20);
    expect(stringWidth(s.shown()!)).toBeLessThanOrEqual(11);
  });
});

describe('on a real terminal', () => {
  const colored = (code: number, word: string) => new RegExp(`${ESC}\\[${code}m${word} +${ESC}\\[39m`);

  /** Runs in a pseudo-terminal of so many columns; what it showed, both streams in one. */
  function shown(w: World, columns: number, env: NodeJS.ProcessEnv = {}): string {
    mkdirSync(w.root, { recursive: true });
    const quoted = (x: string) => `'${x.replaceAll("'", "'\\''")}'`;
    const argv = [process.execPath, BIN, 'run', w.input, '--as-of', '2026-07-31', '--checks', w.checks, '--out', w.out];
    const command = `stty cols ${columns} rows 30; ${argv.map(quoted).join(' ')}`;
    const { NO_COLOR: _, FORCE_COLOR: __, ...plain } = process.env;
    const told = spawnSync('script', ['-qec', command, '/dev/null'], {
      env: { ...plain, TERM: 'xterm-256color', ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: resolve('.'),
    });
    expect(told.status, told.stdout).toBe(0);
    return told.stdout;
  }

  test('progress is redrawn, severities are coloured and named, and nothing is wider than the window', () => {
    const text = shown(world(), 100);
    expect(text).toContain('\r\u001b[Kingest ');
    expect(text).toMatch(colored(31, '红'));
    expect(text).toMatch(colored(33, '黄'));
    expect(text).toMatch(colored(34, '蓝'));
    const narrow = shown(world(), 24);
    const tables = narrow.slice(narrow.indexOf('人员/证件'), narrow.indexOf('一致、异常'));
    for (const line of tables.split('\r\n')) expect(stringWidth(line)).toBeLessThanOrEqual(24);
  });

  test('NO_COLOR is kept', () => {
    expect(shown(world(), 100, { NO_COLOR: '1' })).not.toMatch(SGR);
  });

  test('what an extract holds never moves the cursor', () => {
    const name = `bad${ESC}[2Jname${ESC}]0;owned\u0007`;
    const text = shown(
      world({
        extracts: {
          '许可证.csv': EXTRACTS['许可证.csv']!.replace('许可证编号', `${name},许可证编号`).replaceAll(
            /\n(?=.)/g,
            '\nx,',
          ),
        },
      }),
      100,
    );
    expect(text).not.toContain(`${ESC}[2J`);
    expect(text).not.toContain(`${ESC}]0;`);
  });
});
