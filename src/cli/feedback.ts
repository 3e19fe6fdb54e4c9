import { basename } from 'node:path';
import { EXIT } from '../errors.js';
import { importFeedback } from '../ledger/feedback.js';
import { ANOMALY_COLUMNS } from '../report/anomaly-columns.js';
import { fileDigest } from '../run/digest.js';
import { readLedger, writeLedger } from '../run/ledger.js';
import { withScratch } from '../run/scratch.js';
import { langOf } from './options.js';
import { label, type Output, printable } from './output.js';
import { stateOf, writingAs } from './state.js';

const titles = (id: string) => ANOMALY_COLUMNS.find((c) => c.id === id)!.title;

interface FeedbackOptions {
  state?: string;
  wait?: string;
  dryRun?: boolean;
  tempDir?: string;
  lang: string;
}

export async function feedbackCommand(files: string[], options: FeedbackOptions, output: Output): Promise<number> {
  const zh = langOf(options.lang) === 'zh';
  const named = files.map((path) => ({ path, name: basename(path) }));
  const dryRun = options.dryRun === true;
  const result = await withScratch(options.tempDir, (tempDir) =>
    dryRun
      ? readLedger(stateOf(options), (engine) => importFeedback(engine, named, titles, tempDir, true))
      : writeLedger(stateOf(options), writingAs('bidui feedback', options, output), (engine, state) =>
          importFeedback(engine, named, titles, tempDir, false, (r) =>
            state.audit('feedback', {
              files: named.map((f) => ({ name: f.name, sha256: fileDigest(f.path) })),
              rows: r.rows,
              applied: r.applied,
            }),
          ),
        ),
  );
  for (const o of result.older) {
    const text = zh
      ? `${o.file} 第${o.row}行 ${o.id}：反馈日期 ${o.on} 早于已有反馈（${o.newer}），记入历史，不改变现状`
      : `${o.file} row ${o.row} ${o.id}: fed back on ${o.on}, but there is feedback of ${o.newer}; kept in the history, changes nothing`;
    output.err(printable(`${label('warning', output)} ${text}`));
  }
  const counts = zh
    ? `${result.files} 个文件 ${result.rows} 行：${dryRun ? '可入账' : '已入账'} ${result.applied}，台账已有 ${result.known}，未填写 ${result.blank}`
    : `${result.rows} rows in ${result.files} files: ${result.applied} ${dryRun ? 'would be taken' : 'taken'}, ${result.known} known already, ${result.blank} not filled in`;
  output.out(counts);
  return EXIT.ok;
}
