import type { Contract } from '../../config/contract.js';
import type { Pack } from '../../config/pack.js';
import type { Session } from '../../engine/engine.js';
import { BiduiError, EXIT, type Problem } from '../../errors.js';
import { ALIAS_SOURCE } from '../address-aliases.js';
import { columnsOf, findStates, isSmall } from '../columns.js';
import { title } from '../find-files.js';
import { mapHeaders } from '../map-headers.js';
import { typedFields } from '../sources.js';
import { dataRows, type Loading, timed } from './loading.js';
import type { InputFile, LoadOptions } from './options.js';

export const isAliasTable = (c: Contract): boolean => c.source === ALIAS_SOURCE && c.kind === 'reference';

/** Reads a source's files, finds their columns, and which of them can be read the short way. */
export async function readSource(
  session: Session,
  pack: Pack,
  contract: Contract,
  o: LoadOptions,
  problems: Problem[],
): Promise<Loading> {
  const l: Loading = {
    contract,
    fields: typedFields(contract, pack),
    files: [],
    // Everything of the library may be read, in reports and the ledger; and reference tables are small.
    asked:
      contract.kind === 'extract' && contract.source !== 'enterprise' && o.columns
        ? (o.columns.get(contract.source) ?? new Set())
        : undefined,
    conflictingKeys: 0,
    repeats: 0,
    faults: false,
    loaded: [],
    notes: [],
    seconds: 0,
  };
  await timed(l, async () => {
    const faults = problems.length;
    const own: Problem[] = [];
    const contractFile = pack.files.contracts.get(contract.source)?.name ?? `sources/${contract.source}.yaml`;
    const inputs = o.inputs.filter((i) => i.source === contract.source);
    await lookInCache(l, pack, inputs, o);
    for (const [i, input] of inputs.entries()) {
      try {
        const kept = l.kept?.files[i];
        const raw = kept ? { ...kept, table: '' } : await o.read(session, input, contract);
        const headers = mapHeaders(contract, raw.headers, input.name, contractFile);
        own.push(...headers.problems);
        l.files.push({ input, raw, headers, columns: kept ? [] : columnsOf(l.fields, headers.mapped) });
        if (kept) o.progress?.({ stage: 'read', source: contract.source, file: input.name, rows: raw.counts.data });
      } catch (error) {
        if (!(error instanceof BiduiError) || error.exit !== EXIT.input) throw error;
        own.push(...error.problems);
      }
    }
    if (own.length === 0) own.push(...emptyFaults(l));
    problems.push(...own);
    // Nothing will come of this run: the rest is read for its faults alone.
    if (own.length > 0 || faults > 0 || l.kept) return;
    for (const f of l.files) if (!isSmall(f)) await findStates(session, f);
  });
  return l;
}

async function lookInCache(l: Loading, pack: Pack, inputs: readonly InputFile[], o: LoadOptions): Promise<void> {
  const names = o.contracts.find(isAliasTable);
  l.key = await o.cache?.key(l.contract, l.fields, inputs, {
    given: o.aliases,
    files: names && !o.aliases ? o.inputs.filter((i) => i.source === names.source) : [],
    fields: names ? typedFields(names, pack) : [],
  });
  l.kept = l.key && (await o.cache?.take(l.key));
}

/** An extract without rows is more likely a failed export than news that all is well. */
function emptyFaults(l: Loading): Problem[] {
  if (l.files.length === 0 || dataRows(l) > 0) return [];
  if (!l.contract.required) {
    l.notes.push('the extract holds no row of data; taken as not delivered, so that nobody is accused by its silence');
    return [];
  }
  return [
    {
      what: `the required source ${title(l.contract)} holds no row of data`,
      where: { file: l.files.map((f) => f.input.name).join(', ') },
      why: 'an export that failed halfway looks like this',
      fix: 'ask the department for the extract again',
    },
  ];
}
