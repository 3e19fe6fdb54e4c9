import { writeBaselineReport } from '../report/baseline.js';
import { writeDictionary } from '../report/dictionary/write.js';
import { type ReportFormat, writerOf } from '../report/formats.js';
import { writeHeldBack } from '../report/held-back.js';
import type { ReportModel } from '../report/model.js';
import { writeAnomalies, writeFollowed, writeOutcomes, writeQuarantine } from '../report/write.js';

/** Writes the CSV files, which always come, and the reports that were asked for; answers their names below `m.dir`. */
export async function writeReports(m: ReportModel, formats: readonly ReportFormat[]): Promise<string[]> {
  const files = await writeAnomalies(m);
  const titles = m.entries.map((e) => ({ id: e.check_id, title: e.check_title }));
  files.push(await writeOutcomes(m, titles, outcomeWords(m)));
  if (m.followed) files.push(await writeFollowed(m));
  if (m.summary.baseline) files.push(await writeBaselineReport(m));
  files.push(await writeQuarantine(m));
  if (m.summary.guards?.held.length) files.push(await writeHeldBack(m));
  files.push(...(await writeDictionary(m, files)));
  for (const format of formats) files.push(...(await (await writerOf(format))(m)));
  return files;
}

/** Outcome words in the order of OUTCOME: their numbers are 0 to 3. */
function outcomeWords({ pack, lang }: ReportModel): string[] {
  const { outcomes } = pack.vocabulary;
  return [outcomes.not_applicable, outcomes.consistent, outcomes.not_comparable, outcomes.anomaly].map((t) => t[lang]);
}
