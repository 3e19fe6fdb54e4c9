import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { ReportModel, WriteReport } from '../model.js';
import { sideBySide } from '../side-by-side.js';
import { pageAssets } from './assets.js';
import { anomalies, followed, type PartQuery, quarantine } from './columns.js';
import type { PageHead, PartKind } from './data.js';
import { dataBlock, documentEnd, documentStart } from './document.js';
import { EnterpriseLists, type Listed } from './enterprises.js';
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
export const writeReportPage: WriteReport = (m) => {
  const lists = new EnterpriseLists();
  const pages = [WHOLE_RUN, ...departmentPages(m)];
  return sideBySide(
    m,
    pages.map((scope) => (own) => writePage(own, scope, MOST, lists)),
  );
};

export async function writePage(
  m: ReportModel,
  scope: PageScope,
  most = MOST,
  lists = new EnterpriseLists(),
): Promise<string> {
  const assets = pageAssets();
  const head = await pageHead(m, scope);
  const path = join(m.dir, scope.file);
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'w');
  try {
    const block = async (part: PartKind | 'head', json: string) => {
      writeSync(file, dataBlock(part, (await pack(json)).toString('base64')));
    };
    writeSync(file, documentStart({ lang: m.lang, ...titlesOf(head) }, assets));
    const totals = {} as PageHead['totals'];
    // Enterprises first: anomalies refer to them.
    const listed = await lists.of(m, scope, most.enterprises);
    totals.enterprises = { all: m.summary.enterprises, held: listed.held };
    for (let from = 0; from < listed.held; from += BATCH) {
      await block('enterprises', await listed.part(from, Math.min(from + BATCH, listed.held)));
    }
    for (const query of partsOf(m, scope, most, listed)) {
      totals[query.kind] = await writePart(m, query, most[query.kind], (rows) =>
        block(query.kind, JSON.stringify(query.columns(rows, head))),
      );
    }
    await listed.done();
    await block('head', JSON.stringify({ ...head, totals } satisfies PageHead));
    writeSync(file, documentEnd(assets.script));
  } finally {
    closeSync(file);
  }
  return scope.file;
}

const partsOf = (m: ReportModel, scope: PageScope, most: typeof MOST, listed: Listed): PartQuery[] => [
  anomalies(m, scope, most.anomalies, listed.table),
  ...(m.followed ? [followed(m, scope)] : []),
  // What was refused concerns those who made the extract; it is not told to departments one by one.
  ...(scope.confined ? [] : [quarantine(m)]),
];

/** Batch by batch, in the order of the rows. */
async function writePart(
  { session }: ReportModel,
  { select, fields, all: from }: PartQuery,
  most: number,
  write: (rows: Parameters<PartQuery['columns']>[0]) => Promise<void>,
): Promise<{ all: number; held: number }> {
  const d = session.dialect;
  // A batch comes as one text: handing it over cell by cell takes several times as long.
  const rows = d.joinOrdered(d.json(d.struct(Object.fromEntries(fields.map((f) => [f, d.ident(f)])))), '_order', ',');
  let after = 0;
  let held = 0;
  for (;;) {
    const wanted = Math.min(BATCH, most - held);
    const [batch] = await session.rows<{ total: number; size: number; last: number; rows: string }>(
      `SELECT (SELECT count(*) FROM ${from}) AS total, count(*) AS size, max(_order) AS last, ${rows} AS ${d.ident('rows')}
FROM (SELECT * FROM (${select}) AS part WHERE _order > ${after} ORDER BY _order LIMIT ${wanted}) AS batch`,
    );
    const [total, size] = [Number(batch?.total ?? 0), Number(batch?.size ?? 0)];
    if (size > 0) await write(JSON.parse(`[${batch!.rows}]`));
    held += size;
    if (size < wanted || held >= Math.min(total, most)) return { all: total, held };
    after = Number(batch!.last);
  }
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
