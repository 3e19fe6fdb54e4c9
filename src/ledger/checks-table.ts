import type { CheckedCheck } from '../checks/checked.js';
import type { RunFacts } from '../compile/facts.js';
import { sourcesOf } from '../compile/plan.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { IngestRecord } from '../ingest/record.js';

/** A table of few rows. Values are SQL. */
export function smallTable(
  name: string,
  columns: readonly string[],
  rows: readonly Sql[][],
  none: readonly Sql[],
): Sql {
  const values = (rows.length > 0 ? rows : [[...none]]).map((r) => `(${r.join(', ')})`);
  return `CREATE TABLE ${name} AS SELECT * FROM (VALUES ${values.join(', ')}) v(${columns.join(', ')})${rows.length > 0 ? '' : ' WHERE FALSE'}`;
}

/** `life.check_source`: what each check of the run reads, and whether it was there tonight. */
export function checkSources(checks: readonly CheckedCheck[], facts: RunFacts, d: Dialect): Sql {
  const rows = checks.flatMap((c) =>
    [...sourcesOf(c)].map((s) => [d.text(c.id), d.text(s), facts.source(s).delivered ? 'TRUE' : 'FALSE']),
  );
  return smallTable('life.check_source', ['check_id', 'source', 'delivered'], rows, ["''", "''", 'TRUE']);
}

/**
 * `life.covered`: the checks of the run; for those that judge rows, of which source, and whether its silence means anything;
 * and whether a guard held the check back.
 */
export function coveredChecks(
  checks: readonly CheckedCheck[],
  facts: RunFacts,
  held: ReadonlySet<string>,
  d: Dialect,
): Sql {
  const rows = checks.map((c) => {
    const source = c.each?.relation.source;
    const known = source ? facts.source(source) : undefined;
    return [
      d.text(c.id),
      source ? d.text(source) : d.cast('NULL', 'text'),
      known?.delivered && known.complete ? 'TRUE' : 'FALSE',
      held.has(c.id) ? 'TRUE' : 'FALSE',
    ];
  });
  return smallTable('life.covered', ['check_id', 'each_source', 'complete', 'held'], rows, [
    "''",
    "''",
    'TRUE',
    'TRUE',
  ]);
}

/** `life.missing`: sources that were not there tonight, or were stopped by a guard. */
export function missingSources(record: IngestRecord, d: Dialect): Sql {
  const rows = Object.entries(record.sources)
    .filter(([, s]) => !s.delivered)
    .map(([id]) => [d.text(id)]);
  return smallTable('life.missing', ['source'], rows, ["''"]);
}

/** `life.file`: the day each file is about, by its name; a month stands for its last day. */
export function fileDays(record: IngestRecord, asOf: string, d: Dialect): Sql {
  const rows = record.files.map((f, i) => [String(i), d.date(f.extractDate ? lastDay(f.extractDate, asOf) : asOf)]);
  return smallTable('life.file', ['_file', 'day'], rows, ['0', d.date(asOf)]);
}

/** No file is from after the day of the run, whatever its name says. */
function lastDay(date: string, asOf: string): string {
  const [year, month] = date.split('-').map(Number) as [number, number];
  const day = date.length === 7 ? new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10) : date;
  return day < asOf ? day : asOf;
}
