import { distance } from 'fastest-levenshtein';
import type { Contract, Field } from '../config/contract.js';
import { acceptedHeaders, splitUnit, tidyHeader } from '../config/header.js';
import { nearest } from '../config/nearest.js';
import type { Problem } from '../errors.js';
import { columnUnit, isMeasured } from './column-unit.js';

export interface MappedColumn {
  field: string;
  /** Number of the column: c0 … cN. */
  column: number;
  /** As it stands in the file. */
  header: string;
  /** Told by the header: 营业总收入(万元). */
  unit?: string;
}

export interface HeaderMap {
  mapped: MappedColumn[];
  /** Headers that no field accepts. */
  unknown: string[];
  /** Fields that this file has no column for. */
  absent: string[];
  /** Headers that a field was perhaps meant by, although none says so: told, never read. */
  doubtful: string[];
  problems: Problem[];
}

/** Finds the column of each field. Never guesses: what is not an accepted name, typed differently, is unknown. */
export function mapHeaders(
  contract: Contract,
  headers: readonly string[],
  file: string,
  contractFile: string,
): HeaderMap {
  const fieldsByHeader = new Map<string, string[]>();
  for (const [id, field] of Object.entries(contract.fields)) {
    for (const key of new Set(acceptedHeaders(id, field).map(tidyHeader))) {
      fieldsByHeader.set(key, [...(fieldsByHeader.get(key) ?? []), id]);
    }
  }

  const best = new Map<string, { rank: number; columns: MappedColumn[] }>();
  headers.forEach((header, column) => {
    const spelling = spellings(header).find((s) => fieldsFor(s, fieldsByHeader, contract).length > 0);
    if (!spelling) return;
    for (const field of fieldsFor(spelling, fieldsByHeader, contract)) {
      const unit = spelling.unit && columnUnit(contract.fields[field] as Field, spelling.unit);
      const mapped: MappedColumn = { field, column, header, ...(unit ? { unit } : {}) };
      const known = best.get(field);
      if (!known || spelling.rank < known.rank) best.set(field, { rank: spelling.rank, columns: [mapped] });
      else if (spelling.rank === known.rank) known.columns.push(mapped);
    }
  });

  const problems: Problem[] = [];
  const mapped: MappedColumn[] = [];
  for (const [id, field] of Object.entries(contract.fields)) {
    const columns = best.get(id)?.columns ?? [];
    if (columns[0]) mapped.push(columns[0]);
    if (columns.length > 1) {
      problems.push({
        what: `${columns.length} columns for one field, ${field.title.zh} (${id}): ${columns.map((c) => `'${c.header}' (column ${c.column + 1})`).join(', ')}`,
        where: { file },
        fix: `leave one of them in the file, or take the other's name out of field '${id}' in ${contractFile}`,
      });
    }
  }
  const used = new Set(mapped.map((m) => m.column));
  for (const { columns } of best.values()) for (const c of columns) used.add(c.column);
  const unknown = headers.filter((header, column) => tidyHeader(header) !== '' && !used.has(column));
  const present = new Set(mapped.map((m) => m.field));
  const absent = Object.keys(contract.fields).filter((id) => !present.has(id));
  const needed = absent.filter((id) => contract.fields[id]?.required || contract.key.includes(id));
  if (needed.length > 0) problems.push(missingColumns(contract, needed, headers, unknown, file, contractFile));
  const doubtful = doubtfulHeaders(
    contract,
    unknown,
    absent.filter((id) => !needed.includes(id)),
  );
  return { mapped, unknown, absent, doubtful, problems };
}

function doubtfulHeaders(contract: Contract, unknown: readonly string[], absent: readonly string[]): string[] {
  const meant = new Map(
    absent.flatMap((id) => acceptedHeaders(id, contract.fields[id] as Field).map((name) => [tidyHeader(name), id])),
  );
  return unknown.flatMap((header) => {
    const tidied = tidyHeader(header);
    const near = nearest(
      tidied,
      [...meant.keys()].filter((key) => slipOf(tidied, key)),
    );
    const id = meant.get(near ?? '');
    return id ? [`the column '${header}' was not read; is it meant to be '${near}' (${id})?`] : [];
  });
}

interface Spelling {
  key: string;
  /** How sure: columns of equal rank quarrel over a field, a surer one simply has it. */
  rank: 0 | 1 | 2;
  unit?: string;
}

/** What a header may be called by: in full or without its unit; by the lower of its two rows; without its remark. */
function spellings(header: string): Spelling[] {
  const full = tidyHeader(header);
  const found = forms(full, 0);
  const slash = header.lastIndexOf('/');
  if (slash >= 0) {
    const lower = tidyHeader(header.slice(slash + 1));
    // The upper row alone names a field only where the lower one is empty.
    found.push(...forms(lower === '' ? tidyHeader(header.slice(0, slash)) : lower, 1));
  }
  if (!splitUnit(full)) found.push({ key: full.replace(/\([^()]*\)$/u, ''), rank: 2 });
  return found.filter((s) => s.key !== '');
}

function forms(tidied: string, rank: 0 | 1): Spelling[] {
  const parted = splitUnit(tidied);
  return parted
    ? [
        { key: tidied, rank, unit: parted.unit },
        { key: parted.name, rank, unit: parted.unit },
      ]
    : [{ key: tidied, rank }];
}

/** The fields a spelling names, but none whose figures would be read in a wrong unit. */
function fieldsFor(s: Spelling, fieldsByHeader: Map<string, string[]>, contract: Contract): string[] {
  return (fieldsByHeader.get(s.key) ?? []).filter((id) => {
    const field = contract.fields[id] as Field;
    if (!isMeasured(field)) return true;
    // What stood in the brackets may have been a unit that nobody taught us.
    if (s.rank === 2) return false;
    return s.unit === undefined || columnUnit(field, s.unit) !== undefined;
  });
}

/** One message per file: what is missing, what is there, and which of it was probably meant. */
function missingColumns(
  contract: Contract,
  needed: string[],
  headers: readonly string[],
  unknown: readonly string[],
  file: string,
  contractFile: string,
): Problem {
  const names = needed.map((id) => `${contract.fields[id]?.title.zh} (${id})`);
  const hints = needed.flatMap((id) => {
    const field = contract.fields[id];
    if (!field) return [];
    const accepted = acceptedHeaders(id, field);
    const near = unknown.map((header) => ({ header, name: nearName(header, accepted) })).find((n) => n.name);
    return near
      ? [`found '${near.header}' – did you mean '${near.name}'?`]
      : [`expected ${accepted.map((n) => `'${n}'`).join(' or ')}.`];
  });
  const shown = headers.filter((h) => h !== '').slice(0, 40);
  const more = headers.length > shown.length ? ` … (${headers.length} columns)` : '';
  return {
    what: `${needed.length === 1 ? 'a required column is' : `${needed.length} required columns are`} missing for ${contract.title.zh} (${contract.source}): ${names.join(', ')}`,
    where: { file },
    why: shown.length > 0 ? `headers found: ${shown.join(', ')}${more}` : 'no header was found',
    fix: `${hints.join(' ')} Rename the column, or add its header to the field's names in ${contractFile}`,
  };
}

/** The accepted name that a wrong header resembles: a few characters off, or one inside the other. */
function nearName(header: string, accepted: readonly string[]): string | undefined {
  const tidied = tidyHeader(header);
  const byKey = new Map(accepted.map((name) => [tidyHeader(name), name]));
  const close = nearest(
    tidied,
    [...byKey.keys()].filter((key) => resembles(tidied, key)),
  );
  if (close) return byKey.get(close);
  const within = [...byKey.keys()].filter(
    (k) => k.length > 1 && (tidied.includes(k) || (tidied.length > 1 && k.includes(tidied))),
  );
  return byKey.get(within.sort((a, b) => b.length - a.length)[0] ?? '');
}

/** One wrong character, in long names two or more: 租赁期限 is no slip of 租期自. */
const slipOf = (a: string, b: string): boolean => distance(a, b) <= Math.max(1, Math.floor([...b].length / 4));

/** Short words are a few changes away from any other: half of the characters must be the same ones. */
function resembles(a: string, b: string): boolean {
  const shared = [...a].filter((c) => b.includes(c)).length;
  return shared * 2 >= Math.min([...a].length, [...b].length);
}
