import type { Sql } from '../../engine/dialect.js';
import type { Session } from '../../engine/engine.js';
import { BiduiError, EXIT } from '../../errors.js';
import { LINK_METHODS, type LinkMethod } from '../link.js';
import type { HeaderMap } from '../map-headers.js';
import { DROPPED, QUARANTINE } from '../quarantine.js';
import type { RawTable } from '../raw-table.js';
import type { FileRecord, IngestRecord, SourceRecord } from '../record.js';
import { dataRows, type LoadedRows, type Loading } from './loading.js';
import type { InputFile, LoadOptions } from './options.js';

/** What was stored and refused, by file and source, once every source is. */
export async function makeRecord(session: Session, loading: readonly Loading[], o: LoadOptions): Promise<IngestRecord> {
  const byFile = async (from: Sql, where: string) => {
    const rows = await session.rows<{ _file: number; n: number }>(
      `SELECT _file, count(*) AS n FROM ${from} WHERE ${where} GROUP BY _file`,
    );
    return new Map(rows.map((r) => [Number(r._file), Number(r.n)]));
  };
  const refused = await byFile(QUARANTINE, `scope = 'row'`);
  const unread = await byFile(QUARANTINE, `scope = 'field'`);
  const dropped = await byFile(DROPPED, 'TRUE');
  const record: IngestRecord = { files: [], sources: {}, notes: o.notes ?? [], seconds: { total: 0, sources: {} } };
  for (const l of loading) {
    const { source } = l.contract;
    for (const { input, raw, headers } of l.files) {
      record.files[input.index] = fileRecord(input, raw, headers, {
        loaded: l.loaded.reduce((sum, x) => (x.file === input.index ? sum + x.n : sum), 0),
        quarantinedRows: refused.get(input.index) ?? 0,
        quarantinedFields: unread.get(input.index) ?? 0,
        duplicates: dropped.get(input.index) ?? 0,
      });
    }
    const files = l.files.map((f) => record.files[f.input.index] as FileRecord);
    record.sources[source] = sourceRecord(l, files, o.passedOver?.(source) ?? []);
  }
  return record;
}

function fileRecord(
  input: InputFile,
  raw: RawTable,
  headers: HeaderMap,
  counts: Pick<FileRecord['counts'], 'loaded' | 'quarantinedRows' | 'quarantinedFields' | 'duplicates'>,
): FileRecord {
  const { data, title: titles, header, blank, footer } = raw.counts;
  return {
    source: input.source,
    name: input.name,
    bytes: raw.bytes,
    sha256: raw.sha256,
    format: raw.format,
    ...(raw.sheet === undefined ? {} : { sheet: raw.sheet }),
    ...(raw.encoding === undefined ? {} : { encoding: raw.encoding }),
    ...(raw.delimiter === undefined ? {} : { delimiter: raw.delimiter }),
    ...(input.date === undefined ? {} : { extractDate: input.date }),
    headers: [...headers.mapped]
      .sort((a, b) => a.column - b.column)
      .map((m) => ({ column: m.column + 1, header: m.header, field: m.field, ...(m.unit ? { unit: m.unit } : {}) })),
    unknownHeaders: headers.unknown,
    absentFields: headers.absent,
    counts: { data, ...counts, title: titles, header, blank, footer },
    notes: [...raw.notes, ...headers.doubtful],
  };
}

function sourceRecord(l: Loading, files: FileRecord[], passedOver: { name: string; reason: string }[]): SourceRecord {
  const { contract } = l;
  const sum = (of: (f: FileRecord) => number) => files.reduce((total, f) => total + of(f), 0);
  const links = contract.subject ? linkCounts(l.loaded) : undefined;
  return {
    kind: contract.kind,
    delivered: dataRows(l) > 0,
    files: l.files.map((f) => f.input.index),
    passedOver,
    absentFields: Object.keys(contract.fields).filter((id) => l.files.every((f) => f.headers.absent.includes(id))),
    counts: {
      data: sum((f) => f.counts.data),
      loaded: sum((f) => f.counts.loaded),
      quarantinedRows: sum((f) => f.counts.quarantinedRows),
      quarantinedFields: sum((f) => f.counts.quarantinedFields),
      duplicates: sum((f) => f.counts.duplicates),
    },
    conflictingKeys: l.conflictingKeys,
    ...(links ? { links } : {}),
    notes: l.notes,
  };
}

function linkCounts(loaded: readonly LoadedRows[]): NonNullable<SourceRecord['links']> {
  const counts = Object.fromEntries(LINK_METHODS.map((m) => [m, 0])) as Record<LinkMethod, number>;
  const links = { ...counts, unmatched: 0, unknownCode: 0 };
  for (const { method, n, coded } of loaded) {
    if (method) links[method] += n;
    else {
      links.unmatched += n;
      links.unknownCode += coded;
    }
  }
  return links;
}

/** The promise of the run record. If it does not hold, nothing of this run may be believed. */
export function reconcile(record: IngestRecord): void {
  const faults = record.files
    .filter(({ counts: c }) => c.data !== c.loaded + c.quarantinedRows + c.duplicates)
    .map(({ name, counts: c }) => ({
      what: `rows do not add up: ${c.data} read, but ${c.loaded} loaded + ${c.quarantinedRows} quarantined + ${c.duplicates} dropped duplicates`,
      where: { file: name },
      fix: 'this is a fault of bidui; please report it with the run record',
    }));
  if (faults.length > 0) throw new BiduiError(EXIT.internal, faults);
}
