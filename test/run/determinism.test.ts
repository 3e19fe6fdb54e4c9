import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { uscc } from '../../fixtures/generator/identifiers.js';
import { LITTLE_TEXT } from '../../src/ingest/ingest.js';
import { REPORT_FORMATS } from '../../src/report/formats.js';
import { bidui, inProcess, runOf } from '../cli/bidui.js';
import { A, B, C, contents, EXTRACTS, lines, type World, world } from '../cli/world.js';

/**
 * The same extracts and checks give the same bytes, whatever the machine does. Large enough that the engine cuts the rows into
 * parts, which it finishes in another order every time, and that a statement has more than one thread (`SMALL` of
 * run/side-by-side.ts, `LITTLE_TEXT` of ingest/ingest.ts).
 */
const FORMATS = ['--format', REPORT_FORMATS.join(',')];
const city = Array.from({ length: 55_000 }, (_, i) => uscc(i));
const codes = [A, B, C, ...city];
const registered = city.map((code, i) => `${code},市民${i % 997}有限公司,存续,李四${i % 7},,2015-02-03`);
const many = Array.from({ length: 130_000 }, (_, i) => {
  const n = (i * 7919) % 130_000;
  // Few have run out, so that there are anomalies in every part and not too many to be told.
  const year = n % 400 === 0 ? 2025 : 2027;
  return `P${n},${n % 6 === 0 ? codes[n % codes.length] : ''},某${'市'.repeat(75)}公司${n % 97},张三${n % 13},${year}-06-30,${n / 8}`;
});
const extracts = {
  '企业登记_20260731.csv': `${EXTRACTS['企业登记_20260731.csv']}${registered.join('\n')}\n`,
  '许可证.csv': `${EXTRACTS['许可证.csv']}${many.join('\n')}\n`,
};

/** Every report; of run.json all but `machine`. */
function reports(w: World): Record<string, unknown> {
  const all = contents(w.out);
  const { machine, ...record } = JSON.parse(readFileSync(join(w.out, 'run.json'), 'utf8'));
  expect(machine).toBeDefined();
  all.delete('run.json');
  return { ...Object.fromEntries(all), record };
}

async function run(w: World, ...more: string[]): Promise<Record<string, unknown>> {
  expect((await inProcess(runOf(w, ...FORMATS, ...more))).code).toBe(0);
  return reports(w);
}

describe('reports are the same, byte for byte,', () => {
  let w: World;
  let first: Record<string, unknown>;
  beforeAll(async () => {
    w = world({ extracts });
    expect(Object.values(extracts).reduce((sum, text) => sum + Buffer.byteLength(text), 0)).toBeGreaterThan(
      LITTLE_TEXT,
    );
    first = await run(w, '--threads', '1');
    expect(Object.keys(first).length).toBeGreaterThan(10);
  });

  test('with one thread and with four', async () => {
    expect(await run(w, '--threads', '4')).toEqual(first);
  });

  test('with little memory', async () => expect(await run(w, '--memory', '250MB')).toEqual(first));

  test('in another directory', async () => expect(await run(world({ extracts }))).toEqual(first));

  test('whatever the time zone and the language of the machine', async () => {
    for (const env of [
      { TZ: 'Asia/Shanghai', LANG: 'zh_CN.UTF-8', LC_ALL: 'zh_CN.UTF-8' },
      { TZ: 'America/Los_Angeles', LANG: 'C', LC_ALL: 'C' },
    ]) {
      expect((await bidui(runOf(w, ...FORMATS), { env })).code).toBe(0);
      expect(reports(w)).toEqual(first);
    }
  });
});

describe('only the names of files change', () => {
  const anomalies = (w: World) => readFileSync(join(w.out, 'anomalies.csv'), 'utf8');

  test('where extracts lie in folders', async () => {
    const plain = world();
    await run(plain);
    const deep = world();
    mkdirSync(join(deep.input, '生态环境局', '七月'), { recursive: true });
    renameSync(join(deep.input, '许可证.csv'), join(deep.input, '生态环境局', '七月', '许可证.csv'));
    await run(deep);
    expect(anomalies(deep).replaceAll('生态环境局/七月/许可证.csv', '许可证.csv')).toBe(anomalies(plain));
  });

  test('where rows come in another order', async () => {
    const plain = world();
    await run(plain);
    const [header, ...rows] = (EXTRACTS['许可证.csv'] as string).trimEnd().split('\n') as [string, ...string[]];
    const turned = world({ extracts: { '许可证.csv': lines(header, ...rows.reverse()) } });
    await run(turned);
    // Row 2 is now row 6, and so on: 2 + 6 = 8.
    const rowsTurned = anomalies(turned)
      .replace(/"许可证.csv","(\d)"/g, (_, n) => `"许可证.csv","${8 - Number(n)}"`)
      .replace(/许可证.csv 第(\d)行/g, (_, n) => `许可证.csv 第${8 - Number(n)}行`);
    expect(rowsTurned).toBe(anomalies(plain));
  });

  test('where an extract is split into two files', async () => {
    const [header, ...rows] = (EXTRACTS['许可证.csv'] as string).trimEnd().split('\n') as [string, ...string[]];
    const plain = world();
    await run(plain);
    const split = world({
      extracts: {
        '许可证.csv': null,
        '许可证_1.csv': lines(header, ...rows.slice(0, 2)),
        '许可证_2.csv': lines(header, ...rows.slice(2)),
      },
    });
    await run(split);
    const ids = (w: World) => anomalies(w).match(/[A-Z]{2}-\d{2}-[0-9A-F]{12}/g);
    expect(ids(split)).toEqual(ids(plain));
    expect(ids(split)).toHaveLength(6);
  });
});
