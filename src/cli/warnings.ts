import type { IngestRecord } from '../ingest/record.js';

/** Enough to be read; all of them are in run.json. */
const SHOWN = 12;

/** What was not as it should be with the extracts, and yet no reason to stop. */
export function warnings(record: IngestRecord): string[] {
  const all = [
    ...record.files.flatMap((f) => f.notes.map((note) => `${f.name}: ${note}`)),
    ...Object.entries(record.sources).flatMap(([source, s]) => [
      ...s.notes.map((note) => `${filesOf(record, s.files) || source}: ${note}`),
      ...s.passedOver.map((p) => `${p.name}: not read, ${p.reason}`),
    ]),
    ...record.notes,
  ];
  if (all.length <= SHOWN) return all;
  return [...all.slice(0, SHOWN - 1), `${all.length - SHOWN + 1} more, in run.json under notes`];
}

const filesOf = (record: IngestRecord, files: readonly number[]) => files.map((i) => record.files[i]?.name).join(', ');
