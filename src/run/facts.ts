import type { RunFacts, SourceFacts } from '../compile/facts.js';
import type { Wording } from '../compile/format.js';
import { maskPersonal, showAll, type Treat } from '../config/masking/treat.js';
import type { Pack } from '../config/pack.js';
import type { Lang } from '../config/text.js';
import type { Session } from '../engine/engine.js';
import type { IngestRecord } from '../ingest/record.js';

export interface FactOptions {
  asOf: string;
  lang: Lang;
  unmasked: boolean;
  /** By the masking policy; the first is what run-wide reports see. Without it, `unmasked` alone decides. */
  treats?: readonly [Treat, ...Treat[]];
}

/** What values are worded by. */
export const treatmentsOf = ({ unmasked, treats }: Pick<FactOptions, 'unmasked' | 'treats'>) => {
  const [treat, ...others] = treats ?? [unmasked ? showAll : maskPersonal];
  return { treat, others };
};

/** What ingest found out about each source, in the words of the compiler. */
export async function factsOf(session: Session, pack: Pack, record: IngestRecord, o: FactOptions): Promise<RunFacts> {
  const rows = await session.rows<{ source: string }>(
    `SELECT DISTINCT source FROM meta.quarantine WHERE scope = 'row' AND _eid IS NOT NULL`,
  );
  const refused = new Set(rows.map((r) => r.source));
  const unread = await session.rows<{ source: string; field: string }>(
    `SELECT DISTINCT source, field FROM meta.quarantine WHERE field IS NOT NULL`,
  );
  return {
    ...{ asOf: o.asOf, lang: o.lang, ...treatmentsOf(o) },
    params: new Map([...pack.params].map(([id, p]) => [id, p.value])),
    files: record.files.length,
    source: (id) => sourceFacts(pack, record, refused, unread, id),
  };
}

function sourceFacts(
  pack: Pack,
  record: IngestRecord,
  refused: ReadonlySet<string>,
  unread: readonly { source: string; field: string }[],
  id: string,
): SourceFacts {
  const contract = pack.contracts.get(id);
  if (!contract) throw new Error(`no source '${id}'`);
  const r = record.sources[id];
  const links = r?.links;
  const key = r && !pack.builtin.has(id) ? contract.key : [];
  const code = contract.subject?.uscc;
  return {
    delivered: pack.builtin.has(id) || (r?.delivered ?? false),
    rows: r?.counts.loaded,
    complete: contract.complete,
    linked: contract.subject !== undefined,
    refused: refused.has(id),
    linkedOtherwise: links ? links.repaired + links.reg_no + links.org_code + links.name > 0 : false,
    absentFields: new Set(r?.absentFields ?? []),
    key,
    ownKey: code && key.includes(code) ? key.filter((f) => f !== code) : undefined,
    // Of several files, one may lack a column that the others have: its cells are not in quarantine.
    unreadFields:
      r && r.files.length === 1 ? new Set(unread.filter((u) => u.source === id).map((u) => u.field)) : undefined,
  };
}

/** What showing values needs from the pack. */
export function wordingOf(pack: Pack): Wording {
  return {
    codes: pack.codes,
    vocabulary: pack.vocabulary,
    unit: (source, field) => {
      const fields = pack.contracts.get(source)?.fields ?? {};
      const unit = fields[field]?.unit;
      // A unit that bears the title of a column stands in that column, row by row.
      return Object.values(fields).some((f) => f.title.zh === unit) ? undefined : unit;
    },
  };
}
