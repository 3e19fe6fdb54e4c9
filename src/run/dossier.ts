import type { CheckedTheme } from '../checks/checked.js';
import { allChecks } from '../checks/load-themes.js';
import { workdaysTable } from '../compile/language-functions.js';
import { MaskingPolicy } from '../config/masking/policy.js';
import type { Pack } from '../config/pack.js';
import type { Lang } from '../config/text.js';
import type { Engine } from '../engine/engine.js';
import { inputError } from '../errors.js';
import type { Places } from '../ingest/find-files.js';
import { ingest } from '../ingest/ingest.js';
import { type Dossier, dossierSources, dossierThemes, sideBySide } from '../ledger/dossier.js';
import { historyOf } from '../ledger/history.js';
import { openLedger } from '../ledger/open.js';
import { compare } from './compare.js';
import { factsOf, wordingOf } from './facts.js';
import { withheld } from './history.js';
import { writeLedger } from './ledger.js';
import { loadAliases } from './references.js';
import { withScratchEngine } from './scratch-engine.js';

export interface DossierOptions {
  uscc: string;
  inputDir?: string;
  places?: Places;
  asOf: string;
  lang: Lang;
  unmasked: boolean;
  /** The park's own masking policy. */
  maskingFile?: string;
  state?: string;
  tempDir?: string;
}

/** Everything about one enterprise: what each source says of it, what the checks make of that, and what was so before. */
export async function dossier(pack: Pack, themes: readonly CheckedTheme[], o: DossierOptions): Promise<Dossier> {
  const policy = new MaskingPolicy(pack, { parkFile: o.maskingFile, unmasked: o.unmasked });
  const shown = policy.shown(['dossier']);
  if ((o.unmasked || shown.length > 0) && o.state) {
    await writeLedger(o.state, { command: 'bidui dossier' }, async (_, state) =>
      state.audit('unmasked', {
        ...{ command: 'bidui dossier', uscc: o.uscc },
        ...(shown.length > 0 ? { by_policy: shown } : {}),
      }),
    );
  }
  const treat = policy.treat('dossier');
  return withScratchEngine({ tempDir: o.tempDir }, async (engine, tempDir) => {
    if (o.state) await openLedger(engine, o.state, 'read');
    const aliases = await loadAliases(engine, pack, tempDir);
    const record = await ingest(engine, pack, { inputDir: o.inputDir, places: o.places, tempDir, aliases });
    await engine.seal([tempDir]);
    const d = engine.dialect;
    const facts = await factsOf(engine, pack, record, { ...o, treats: [treat] });
    if (pack.contracts.has('holidays')) await engine.run(workdaysTable(d));
    const [subject] = await engine.rows<{ eid: number; name: string }>(
      `SELECT _eid AS eid, name FROM src.enterprise WHERE uscc = ${d.text(o.uscc)}`,
    );
    if (!subject) {
      throw inputError({
        what: `no enterprise ${o.uscc} in the registry extract`,
        fix: 'check the credit code, or look for it in quarantine.csv of a run',
      });
    }
    await oneEnterprise(engine, pack, Number(subject.eid));
    const checks = allChecks(themes);
    await compare(engine, checks, facts, wordingOf(pack), { schema: 'one' });
    const sources = await dossierSources(engine, pack, Number(subject.eid), (s) => facts.source(s).delivered, {
      ...{ lang: o.lang, treat },
    });
    return {
      as_of: o.asOf,
      lang: o.lang,
      uscc: o.uscc,
      name: subject.name,
      sources,
      side_by_side: sideBySide(sources, o.lang),
      themes: await dossierThemes(engine, pack, themes, o.lang),
      history: o.state ? withheld(await historyOf(engine, { uscc: o.uscc }), themes, treat, o.lang) : [],
      with_ledger: o.state !== undefined,
    };
  });
}

/** `one.*`: the rows of this enterprise alone, so that judging it costs nothing. */
async function oneEnterprise(engine: Engine, pack: Pack, eid: number): Promise<void> {
  const d = engine.dialect;
  await engine.run('CREATE SCHEMA one');
  for (const c of pack.contracts.values()) {
    const table = d.ident(c.source);
    const where = c.subject ? ` WHERE _eid = ${eid}` : '';
    await engine.run(`CREATE VIEW one.${table} AS SELECT * FROM src.${table}${where}`);
  }
}
