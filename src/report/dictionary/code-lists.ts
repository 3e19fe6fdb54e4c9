import type { Bilingual } from '../../config/text.js';
import { DISPOSALS, REASONS, STATES } from '../../ledger/words.js';
import { type ReasonText, reasons } from '../../values/reasons.js';
import { rowReasons } from '../../values/row-reasons.js';
import type { CodeList } from '../anomaly-columns.js';
import { BASELINE_STATES } from '../baseline.js';
import type { ReportModel } from '../model.js';
import { QUARANTINE_SCOPES } from '../tables.js';

/** One word of a list: as the reports write it in either language, and what it means where the word does not say it. */
export interface Code {
  id: string;
  word: Bilingual;
  meaning?: Bilingual;
}

const words = (of: Readonly<Record<string, Bilingual>>): Code[] =>
  Object.entries(of).map(([id, word]) => ({ id, word }));

/** Every list that a column of a CSV file takes its values from. */
export function codeLists({ pack, checks }: ReportModel): Readonly<Record<CodeList, readonly Code[]>> {
  const { classifications, severities, departments, outcomes } = pack.vocabulary;
  const themes = new Map(checks.map((c) => [c.theme.theme, c.theme.title]));
  return {
    theme: words(Object.fromEntries(themes)),
    classification: words(classifications),
    severity: words(severities),
    department: words(departments),
    state: words(STATES),
    disposal: words(DISPOSALS),
    outcome: words(outcomes),
    gone_reason: words(REASONS),
    baseline_state: words(BASELINE_STATES),
    quarantine_scope: words(QUARANTINE_SCOPES),
    quarantine_reason: Object.entries({ ...reasons, ...rowReasons } as Record<string, ReasonText>).map(([id, r]) => ({
      ...{ id, word: { zh: id, en: id } },
      meaning: { zh: r.zh, en: r.en },
    })),
  };
}
