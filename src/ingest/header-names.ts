import { tidyHeader } from '../config/header.js';
import type { Expectation } from './raw-table.js';

/** What a header may be called by: in full, without its remark '(万元)', and by the lower row of a two-row header. */
export function headerKeys(header: string): string[] {
  const keys = new Set<string>();
  const add = (text: string) => {
    const full = tidyHeader(text);
    keys.add(full);
    keys.add(full.replace(/\([^()]*\)$/, ''));
  };
  add(header);
  const lower = header.slice(header.lastIndexOf('/') + 1);
  if (lower !== header) add(lower);
  keys.delete('');
  return [...keys];
}

/** Tells which expected fields a row of headers holds. */
export class HeaderMatcher {
  private readonly fieldsByName = new Map<string, number[]>();

  constructor(private readonly expect: Expectation) {
    expect.fields.forEach((field, i) => {
      for (const name of field.names) {
        const key = tidyHeader(name);
        const fields = this.fieldsByName.get(key) ?? [];
        fields.push(i);
        this.fieldsByName.set(key, fields);
      }
    });
  }

  /** Field → column, first column wins. */
  match(headers: readonly string[]): Map<number, number> {
    const found = new Map<number, number>();
    headers.forEach((header, column) => {
      for (const key of headerKeys(header)) {
        for (const field of this.fieldsByName.get(key) ?? []) if (!found.has(field)) found.set(field, column);
      }
    });
    return found;
  }

  /** Required fields weigh double: they are what a source is known by. */
  score(headers: readonly string[]): number {
    let score = 0;
    for (const field of this.match(headers).keys()) score += this.expect.fields[field]?.required ? 2 : 1;
    return score;
  }

  /** Columns of the required fields. */
  requiredColumns(headers: readonly string[]): number[] {
    return [...this.match(headers)].filter(([f]) => this.expect.fields[f]?.required).map(([, column]) => column);
  }
}
