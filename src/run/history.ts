import type { CheckedTheme } from '../checks/checked.js';
import { allChecks } from '../checks/load-themes.js';
import { omittedWord } from '../compile/format.js';
import { withheldIn } from '../compile/treatment.js';
import { MaskingPolicy } from '../config/masking/policy.js';
import type { Treat } from '../config/masking/treat.js';
import type { Pack } from '../config/pack.js';
import type { Lang } from '../config/text.js';
import { type AnomalyHistory, type HistoryFilter, historyOf, type NightLine, nightsOf } from '../ledger/history.js';
import { readLedger } from './ledger.js';

export interface HistoryOptions {
  state: string;
  filter: HistoryFilter;
  lang: Lang;
  /** The park's own masking policy. */
  maskingFile?: string;
  /** Asked for only where there is an anomaly to tell of. */
  checks: () => { pack: Pack; themes: readonly CheckedTheme[] };
}

/** The nights, and what happened to the anomalies that the filter names: told as their enterprises' dossiers tell it. */
export async function history(o: HistoryOptions): Promise<{ nights: NightLine[]; anomalies: AnomalyHistory[] }> {
  const { uscc, check, anomaly, since } = o.filter;
  const { nights, anomalies } = await readLedger(o.state, async (engine) => ({
    nights: await nightsOf(engine, since),
    // Without any filter the nights say enough: a ledger may hold a hundred thousand anomalies.
    anomalies: uscc || check || anomaly || since ? await historyOf(engine, o.filter) : [],
  }));
  if (anomalies.length === 0) return { nights, anomalies };
  const { pack, themes } = o.checks();
  const policy = new MaskingPolicy(pack, { parkFile: o.maskingFile, unmasked: false });
  return { nights, anomalies: withheld(anomalies, themes, policy.treat('dossier'), o.lang) };
}

const SAID_BY_PEOPLE = ['feedback', 'suppressed', 'unsuppressed', 'assigned'];

/** What the ledger tells is masked once and for all: where even that is left out for these readers, nothing is told of the texts. */
export function withheld(
  anomalies: readonly AnomalyHistory[],
  themes: readonly CheckedTheme[],
  treat: Treat,
  lang: Lang,
): AnomalyHistory[] {
  const checks = new Set(withheldIn(allChecks(themes), treat));
  const leftOut = (text: string | null) => text && omittedWord(lang);
  return anomalies.map((a) =>
    checks.has(a.check)
      ? {
          ...a,
          about: a.about && omittedWord(lang),
          entries: a.entries.map((e) => (SAID_BY_PEOPLE.includes(e.kind) ? e : { ...e, text: leftOut(e.text) })),
        }
      : a,
  );
}
