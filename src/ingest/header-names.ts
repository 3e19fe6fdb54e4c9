import { isTidy, tidyHeader } from '../config/header.js';
import type { Expectation } from './raw-table.js';

/** What a text may be called by as a header: in full, and without its remark '(万元)'. */
function headerKeys(text: string): string[] {
  const full = tidyHeader(text);
  return [...new Set([full, full.replace(/\([^()]*\)$/, '')])].filter((key) => key !== '');
}

interface Seen {
  fields: readonly number[];
  tidy: boolean;
}

/** Tells which expected fields a row of headers holds. */
export class HeaderMatcher {
  private readonly fieldsByName = new Map<string, number[]>();
  /** Of texts that were seen: a cell of a file's head is looked at alone, and below each other row that might be its header's upper one. */
  private readonly seenTexts = new Map<string, Seen>();
  /** Some name holds the '/' that joins the rows of a header. */
  private readonly joinedNames: boolean;

  constructor(private readonly expect: Expectation) {
    expect.fields.forEach((field, i) => {
      for (const name of field.names) {
        const key = tidyHeader(name);
        const fields = this.fieldsByName.get(key) ?? [];
        fields.push(i);
        this.fieldsByName.set(key, fields);
      }
    });
    this.joinedNames = [...this.fieldsByName.keys()].some((key) => key.includes('/'));
  }

  private fieldsOf(text: string): number[] {
    return headerKeys(text).flatMap((key) => this.fieldsByName.get(key) ?? []);
  }

  private seen(text: string): Seen {
    let seen = this.seenTexts.get(text);
    if (!seen) {
      seen = { fields: this.fieldsOf(text), tidy: isTidy(text) };
      this.seenTexts.set(text, seen);
    }
    return seen;
  }

  /** Field → column, first column wins; a header of two rows, joined with '/', goes by its lower row as well. */
  match(headers: readonly string[]): Map<number, number> {
    const found = new Map<number, number>();
    headers.forEach((header, column) => {
      const lower = header.slice(header.lastIndexOf('/') + 1);
      const { fields, tidy } = this.seen(lower);
      // Only a remark at its end could take the '/' out of a header.
      const whole = lower === header || (tidy && !this.joinedNames) ? [] : this.fieldsOf(header);
      for (const field of whole) if (!found.has(field)) found.set(field, column);
      for (const field of fields) if (!found.has(field)) found.set(field, column);
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
