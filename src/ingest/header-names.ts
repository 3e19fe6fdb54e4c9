import { tidyHeader } from '../config/header.js';
import type { Expectation } from './raw-table.js';

/** What a text may be called by as a header: in full, and without its remark '(万元)'. */
function headerKeys(text: string): string[] {
  const full = tidyHeader(text);
  return [...new Set([full, full.replace(/\([^()]*\)$/, '')])].filter((key) => key !== '');
}

/** Tells which expected fields a row of headers holds. */
export class HeaderMatcher {
  private readonly fieldsByName = new Map<string, number[]>();
  /** Of texts that were seen: a cell of a file's head is looked at alone, and below each other row that might be its header's upper one. */
  private readonly fieldsOfText = new Map<string, readonly number[]>();

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

  private fieldsOf(text: string): number[] {
    return headerKeys(text).flatMap((key) => this.fieldsByName.get(key) ?? []);
  }

  private seen(text: string): readonly number[] {
    let fields = this.fieldsOfText.get(text);
    if (!fields) {
      fields = this.fieldsOf(text);
      this.fieldsOfText.set(text, fields);
    }
    return fields;
  }

  /** Field → column, first column wins; a header of two rows, joined with '/', goes by its lower row as well. */
  match(headers: readonly string[]): Map<number, number> {
    const found = new Map<number, number>();
    headers.forEach((header, column) => {
      const lower = header.slice(header.lastIndexOf('/') + 1);
      const all = lower === header ? this.seen(header) : [...this.fieldsOf(header), ...this.seen(lower)];
      for (const field of all) if (!found.has(field)) found.set(field, column);
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
