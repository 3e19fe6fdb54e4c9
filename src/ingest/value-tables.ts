import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import { repairUscc, type ValueOptions } from '../values/index.js';
import { projected } from '../values/stages.js';
import { type FileColumn, notPlain } from './columns.js';

/** Cells of one kind, from whatever columns, that are not written the plain way: each different text once, with all that it says. */
interface ValueTable {
  name: string;
  /** One of its columns; the others read alike. */
  column: FileColumn;
  /** SELECTs of the cells, as `raw`. */
  cells: Sql[];
  /** How many there are; whether any of them cannot be read; whether a character of any was put right. */
  texts: number;
  bad: boolean;
  repaired: boolean;
}

/**
 * The long way of reading, for the texts that need it. It is done once for each kind of value and each different text:
 * departments make the same slips again and again, an address stands in half a dozen extracts, and the expressions are so
 * long that preparing them takes an engine more time than many a file. Columns:
 *
 *   raw       the cell
 *   value     what it says; NULL for blanks, words that mean nothing, and what cannot be read
 *   bad       whether it could not be read
 *   reason    … and why
 *   repaired  (credit codes) whether a confusable character was put right
 *
 * and those derived from the value, by their names.
 */
export class ValueTables {
  private readonly byKind = new Map<string, ValueTable>();

  /** `prefix` keeps them apart from other such tables. */
  constructor(
    private readonly prefix: string,
    private readonly d: Dialect,
  ) {}

  /** A column some of whose cells have to be read the long way. */
  add(raw: Sql, column: FileColumn): void {
    if (column.state !== 'mixed') return;
    let table = this.byKind.get(column.kind);
    if (!table) {
      table = {
        name: `stage.${this.d.ident(`${this.prefix}_${this.byKind.size}`)}`,
        column,
        cells: [],
        texts: Infinity,
        bad: true,
        repaired: false,
      };
      this.byKind.set(column.kind, table);
    }
    table.cells.push(notPlain(column, raw, this.d));
  }

  /** Where the cells of a column are looked up, and what may be found there. */
  of(column: FileColumn): Readonly<Pick<ValueTable, 'name' | 'texts' | 'bad' | 'repaired'>> {
    return this.byKind.get(column.kind)!;
  }

  /** Statements that make the tables of addresses, for which a place's own names may be given, or of all other kinds; they do not need each other. */
  statements(of: 'address' | 'others', aliases?: ValueOptions['aliases']): Sql[] {
    return [...this.byKind.values()]
      .filter((t) => (t.column.f.field.type === 'address') === (of === 'address'))
      .map((t) => this.statement(t, aliases));
  }

  /** Looks, when they are made, what need not be asked of any row. */
  async look(session: Session): Promise<void> {
    const all = [...this.byKind.values()];
    if (all.length === 0) return;
    const { d } = this;
    const found = await session.rows<{ i: number; texts: number; bad: number; repaired: number }>(
      all
        .map((t, i) => {
          const repaired = t.column.f.field.type === 'uscc' ? d.countIf('repaired') : '0';
          return `SELECT ${i} AS i, count(*) AS texts, ${d.countIf('bad')} AS bad, ${repaired} AS repaired FROM ${t.name}`;
        })
        .join(' UNION ALL '),
    );
    for (const { i, texts, bad, repaired } of found) {
      const table = all[Number(i)]!;
      table.texts = Number(texts);
      table.bad = Number(bad) > 0;
      table.repaired = Number(repaired) > 0;
    }
  }

  private statement({ name, column, cells }: ValueTable, aliases: ValueOptions['aliases']): Sql {
    const { d } = this;
    const { type, field } = column.f;
    const options = field.type === 'address' && aliases ? { ...column.options, aliases } : column.options;
    const own = type.value('p', d, options);
    const isUscc = field.type === 'uscc';
    // The cast is for the column's sake: it must not depend on how an expression happens to compute.
    const value = d.cast(isUscc ? `coalesce(${own}, ${repairUscc('p', d)})` : own, type.sqlType);
    const derived = Object.entries(type.derived?.columns ?? {});
    const columns = [
      'raw',
      'value',
      '(p IS NOT NULL AND value IS NULL) AS bad',
      `CASE WHEN p IS NOT NULL AND value IS NULL THEN ${type.reason('p', d, options)} END AS reason`,
      ...(isUscc ? ['(value <> p) AS repaired'] : []),
      ...derived.map(([suffix, x]) => `${x.sql('d', d)} AS ${d.ident(suffix)}`),
    ];
    const texts = `(SELECT DISTINCT raw FROM (${cells.join(' UNION ALL ')}) AS cells) AS texts`;
    const tidied = `(SELECT raw, ${type.prepare('raw', d, options)} AS p FROM ${texts}) AS tidied`;
    let rows = `(SELECT *, ${value} AS value FROM ${tidied}) AS valued`;
    const staged = type.derived?.stages('value', 'd_', d, options);
    if (staged) rows = `(SELECT *, ${staged.result} AS d FROM ${projected(rows, [staged], d)}) AS derived`;
    return `CREATE TABLE ${name} AS SELECT ${columns.join(', ')} FROM ${rows}`;
  }
}
