import { canonicalText } from '../checks/canonical.js';
import type { CheckedCheck } from '../checks/checked.js';
import { type Expr, nodes, type Relation } from '../checks/ir.js';
import { inWords, type Speaker } from '../checks/words/expressions.js';
import { namer } from '../checks/words/logic.js';
import { OUTCOME, type RunFacts } from '../compile/facts.js';
import { shownSql } from '../compile/format.js';
import { workdaysTable } from '../compile/language-functions.js';
import { Layers } from '../compile/layers.js';
import { outcomeSql, outcomeStatements } from '../compile/outcomes.js';
import { planFrames, sourcesOf } from '../compile/plan.js';
import { render } from '../compile/render.js';
import { FILE_SHIFT } from '../compile/row-columns.js';
import { FrameTables } from '../compile/tables.js';
import { MaskingPolicy } from '../config/masking/policy.js';
import type { Pack } from '../config/pack.js';
import type { Lang } from '../config/text.js';
import type { Sql } from '../engine/dialect.js';
import { duckdb } from '../engine/duckdb/dialect.js';
import type { Cell, Engine } from '../engine/engine.js';
import { inputError } from '../errors.js';
import { type IngestOptions, ingest } from '../ingest/ingest.js';
import { type FactOptions, factsOf, treatmentsOf, wordingOf } from './facts.js';
import { loadAliases } from './references.js';
import { withScratchEngine } from './scratch-engine.js';

/** The SQL a check becomes where every source was delivered and nothing was refused. */
export function explainSql(check: CheckedCheck, pack: Pack, o: FactOptions): string {
  const facts: RunFacts = {
    ...{ asOf: o.asOf, lang: o.lang, ...treatmentsOf(o) },
    params: new Map([...pack.params].map(([id, p]) => [id, p.value])),
    source: (id) => ({
      delivered: true,
      complete: pack.contracts.get(id)!.complete,
      linked: pack.contracts.get(id)!.subject !== undefined,
      refused: false,
      linkedOtherwise: false,
      absentFields: new Set(),
      key: pack.builtin.has(id) ? [] : pack.contracts.get(id)!.key,
    }),
  };
  return planFrames([check])
    .flatMap((f) => outcomeStatements(f, duckdb, facts))
    .join(';\n\n');
}

export interface Explained {
  enterprise: string;
  /** One entry for each row that was judged: one, unless the check judges rows one by one. */
  verdicts: {
    outcome: keyof typeof OUTCOME;
    when: string;
    expect: string;
    values: { name: string; title: string; value: string; place: string }[];
  }[];
  /** Rows of the source that is judged row by row were refused: nothing better than 无法比对 can be said. */
  refused: boolean;
}

/** What one enterprise's values were, and the verdict they led to. Values are shown as its dossier would; `maskingFile`: the park's own rules on that. */
export async function explainEnterprise(
  pack: Pack,
  check: CheckedCheck,
  uscc: string,
  extracts: Pick<IngestOptions, 'inputDir' | 'places'>,
  o: Omit<FactOptions, 'treats'> & { maskingFile?: string },
): Promise<Explained> {
  const policy = new MaskingPolicy(pack, { parkFile: o.maskingFile, unmasked: o.unmasked });
  return withScratchEngine({}, async (engine, tempDir) => {
    const sources = ['holidays', ...sourcesOf(check)];
    const aliases = await loadAliases(engine, pack, tempDir);
    const record = await ingest(engine, pack, { ...extracts, tempDir, sources, aliases });
    await engine.seal([tempDir]);
    const facts = await factsOf(engine, pack, record, { ...o, treats: [policy.treat('dossier')] });
    if (pack.contracts.has('holidays')) await engine.run(workdaysTable(engine.dialect));
    return verdictsOf(engine, pack, check, uscc, facts);
  });
}

async function verdictsOf(
  engine: Engine,
  pack: Pack,
  check: CheckedCheck,
  uscc: string,
  facts: RunFacts,
): Promise<Explained> {
  const d = engine.dialect;
  const [frame] = planFrames([check]);
  const tables = new FrameTables(frame!, d, facts);
  const layers = new Layers(tables.place);
  const p = layers.place;
  const wording = wordingOf(pack);
  const values = readValues(check);
  const speaker: Speaker = { pack, lang: facts.lang, nameOf: namer(check, pack, facts.lang) };
  const truth = (e: Expr) =>
    `CASE WHEN ${render(e, p)} THEN 'true' WHEN NOT ${render(e, p)} THEN 'false' ELSE 'unknown' END`;
  const columns = values.flatMap((e, i) => [
    `${shownSql(e, p, wording)} AS v${i}`,
    `${'relation' in e ? placeSql(p.at(e.relation), d, facts.lang) : d.text('')} AS p${i}`,
  ]);
  const refused = check.each && !check.each.across ? tables.refusedRow(check.each.relation.source) : undefined;
  const outputs = [
    `${layers.leaf('e.name')} AS enterprise`,
    `${outcomeSql(check, tables, layers)} AS outcome`,
    `${truth(check.when)} AS when_`,
    `${truth(check.expect)} AS expect_`,
    `${refused ? layers.leaf(refused) : 'FALSE'} AS refused`,
    ...columns,
  ];
  const code = layers.leaf('e.uscc');
  const rows = await engine.rows<Record<string, Cell>>(layers.select(outputs, tables, `${code} = ${d.text(uscc)}`));
  if (rows.length === 0) {
    throw inputError({
      what: `no enterprise ${uscc} in the registry extract`,
      fix: 'check the credit code, or look for it in quarantine.csv',
    });
  }
  return {
    enterprise: String(rows[0]!.enterprise),
    refused: rows.some((r) => r.refused === true),
    verdicts: rows.map((r) => ({
      outcome: Object.entries(OUTCOME).find(([, n]) => n === Number(r.outcome))![0] as keyof typeof OUTCOME,
      when: String(r.when_),
      expect: String(r.expect_),
      values: values.map((e, i) => ({
        name: nameOf(e),
        title: inWords(e, speaker),
        value: String(r[`v${i}`] ?? ''),
        place: String(r[`p${i}`] ?? ''),
      })),
    })),
  };
}

function placeSql(at: Sql, d: Engine['dialect'], lang: Lang): Sql {
  const row = d.cast(`${at} % ${FILE_SHIFT}`, 'text');
  const shown =
    lang === 'zh' ? d.concat('f.name', d.text(' 第'), row, d.text('行')) : d.concat('f.name', d.text(' row '), row);
  return `(SELECT ${shown} FROM meta.files f WHERE f._file = ${d.cast(`floor(${at} / ${FILE_SHIFT})`, 'int')})`;
}

/** The fields and group values that a check's conditions and evidence read, each once. */
function readValues(check: CheckedCheck): Expr[] {
  const found = new Map<string, Expr>();
  const read = [
    check.when,
    check.expect,
    ...check.lookups.flatMap((l) => l.keys.map((k) => k.outer)),
    ...check.evidence.map((e) => e.value),
  ];
  for (const e of read) {
    for (const n of nodes(e)) {
      if (n.op === 'field' || n.op === 'result') found.set(canonicalText(n), n);
      if (n.op === 'has') found.set(canonicalText(n), n);
      if (n.op === 'exists') found.set(canonicalText(n), n);
    }
  }
  return [...found.values()];
}

function nameOf(e: Expr): string {
  const alias = (r: Relation) => r.alias;
  if (e.op === 'field') return `${alias(e.relation)}.${e.field}`;
  if (e.op === 'result') return `${alias(e.relation)}.${e.name}`;
  if (e.op === 'has') return `has(${alias(e.relation)}.${e.field})`;
  return e.op === 'exists' ? `exists(${alias(e.relation)})` : '';
}
