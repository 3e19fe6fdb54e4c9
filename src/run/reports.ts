import { writeBaselineReport } from '../report/baseline.js';
import { writeDictionary } from '../report/dictionary/write.js';
import { DEFAULT_FORMATS, type ReportFormat, writerOf } from '../report/formats.js';
import { writeHeldBack } from '../report/held-back.js';
import type { ReportModel } from '../report/model.js';
import { sideBySide } from '../report/side-by-side.js';
import { writeAnomalies, writeFollowed, writeOutcomes, writeQuarantine } from '../report/write.js';

/** Writes the CSV files, which always come, and the reports that were asked for; answers their names below `m.dir`. */
export async function writeReports(m: ReportModel, formats: readonly ReportFormat[]): Promise<string[]> {
  const files = new Map<ReportFormat, string[]>();
  const write = async (own: ReportModel, format: ReportFormat) => {
    files.set(format, await (await writerOf(format))(own));
  };
  let tables: string[] = [];
  await sideBySide(m, [
    ...formats.filter((f) => DEFAULT_FORMATS.includes(f)).map((f) => (own: ReportModel) => write(own, f)),
    async (own) => {
      tables = await writeTables(own);
    },
    // What programs read comes from a table that the first of them makes.
    async (own) => {
      for (const f of formats.filter((f) => !DEFAULT_FORMATS.includes(f))) await write(own, f);
    },
  ]);
  return [...tables, ...formats.flatMap((f) => files.get(f) ?? [])];
}

async function writeTables(m: ReportModel): Promise<string[]> {
  const files = await writeAnomalies(m);
  const titles = m.entries.map((e) => ({ id: e.check_id, title: e.check_title }));
  files.push(await writeOutcomes(m, titles, outcomeWords(m)));
  if (m.followed) files.push(await writeFollowed(m));
  if (m.summary.baseline) files.push(await writeBaselineReport(m));
  files.push(await writeQuarantine(m));
  if (m.summary.guards?.held.length) files.push(await writeHeldBack(m));
  return [...files, ...(await writeDictionary(m, files))];
}

/** Outcome words in the order of OUTCOME: their numbers are 0 to 3. */
function outcomeWords({ pack, lang }: ReportModel): string[] {
  const { outcomes } = pack.vocabulary;
  return [outcomes.not_applicable, outcomes.consistent, outcomes.not_comparable, outcomes.anomaly].map((t) => t[lang]);
}
