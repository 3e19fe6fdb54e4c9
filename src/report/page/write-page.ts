import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { ReportModel, WriteReport } from '../model.js';
import { pageAssets } from './assets.js';
import { anomalies, enterprises, followed, type Known, type PartQuery, quarantine } from './columns.js';
import type { PageHead, PartKind } from './data.js';
import { dataBlock, documentEnd, documentStart } from './document.js';
import { pageHead } from './head.js';
import { departmentPages, type PageScope, WHOLE_RUN } from './scope.js';

/** What a browser holds and searches without effort; the page says how much more there is, and the CSV files have it all. */
export const MOST: Readonly<Record<PartKind, number>> = {
  enterprises: 100_000,
  anomalies: 100_000,
  followed: 20_000,
  quarantine: 5_000,
};
/** Rows in memory at a time. */
const BATCH = 10_000;

const pack = promisify(deflate);

/** `report.html`: everything that a run found, in one file that opens anywhere and asks for nothing; and what concerns each department. */
export const writeReportPage: WriteReport = async (m) => {
  const files: string[] = [];
  for (const scope of [WHOLE_RUN, ...departmentPages(m)]) files.push(await writePage(m, scope));
  return files;
};

export async function writePage(m: ReportModel, scope: PageScope, most = MOST): Promise<string> {
  const assets = pageAssets();
  const head = await pageHead(m, scope);
  const path = join(m.dir, scope.file);
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'w');
  try {
    writeSync(file, documentStart({ lang: m.lang, ...titlesOf(head) }, assets));
    const known: Known = { head, enterprises: new Map() };
    const totals = {} as PageHead['totals'];
    for (const query of partsOf(m, scope, most)) {
      totals[query.kind] = await writePart(m, query, most[query.kind], known, async (columns) => {
        writeSync(file, dataBlock(query.kind, await packed(columns)));
      });
    }
    writeSync(file, dataBlock('head', await packed({ ...head, totals } satisfies PageHead)));
    writeSync(file, documentEnd(assets.script));
  } finally {
    closeSync(file);
  }
  return scope.file;
}

const packed = async (value: unknown): Promise<string> => (await pack(JSON.stringify(value))).toString('base64');

/** Enterprises first: anomalies refer to them. */
const partsOf = (m: ReportModel, scope: PageScope, most: typeof MOST): PartQuery[] => [
  enterprises(m, scope, most.enterprises),
  anomalies(m, scope, most.anomalies),
  ...(m.followed ? [followed(m, scope)] : []),
  // What was refused concerns those who made the extract; it is not told to departments one by one.
  ...(scope.confined ? [] : [quarantine(m)]),
];

async function writePart(
  { session }: ReportModel,
  { select, fields, all, columns }: PartQuery,
  most: number,
  known: Known,
  write: (columns: unknown) => Promise<void>,
): Promise<{ all: number; held: number }> {
  const d = session.dialect;
  // A batch comes as one text: handing it over cell by cell takes several times as long.
  const asOneText = d.joinOrdered(d.json(d.struct(Object.fromEntries(fields.map((f) => [f, d.ident(f)])))), 'n', ',');
  await session.run(`CREATE TABLE report.page AS ${select}`);
  const [count] = await session.rows<{ all: number; chosen: number }>(
    `SELECT (SELECT count(*) FROM ${all}) AS ${session.dialect.ident('all')}, (SELECT count(*) FROM report.page) AS chosen`,
  );
  const held = Math.min(Number(count?.chosen ?? 0), most);
  for (let from = 0; from < held; from += BATCH) {
    const to = Math.min(from + BATCH, held);
    const [batch] = await session.rows<{ rows: string }>(
      `SELECT ${asOneText} AS ${d.ident('rows')} FROM report.page WHERE n > ${from} AND n <= ${to}`,
    );
    await write(columns(JSON.parse(`[${batch?.rows ?? ''}]`), known));
  }
  await session.run('DROP TABLE report.page');
  return { all: Number(count?.all ?? 0), held };
}

function titlesOf(head: Omit<PageHead, 'totals'>): { title: string; noScript: string } {
  const of = head.confinedTo ? ` · ${head.confinedTo[head.lang]}` : '';
  return head.lang === 'zh'
    ? {
        title: `联合监管数据比对报告${of} · 基准日 ${head.asOf}`,
        noScript: '本页需要启用 JavaScript 才能显示；同一目录中的 anomalies.csv 列有全部异常。',
      }
    : {
        title: `Comparison report${of} · as of ${head.asOf}`,
        noScript: 'This page needs JavaScript; anomalies.csv in the same directory lists every anomaly.',
      };
}
