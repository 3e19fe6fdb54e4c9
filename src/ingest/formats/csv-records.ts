/** How a text file separates cells. */
export interface CsvDialect {
  delimiter: string;
  quote: string;
}

export type RecordKind = 'data' | 'blank' | 'malformed';

export interface CsvRecord {
  kind: RecordKind;
  /** From 1, every record counted: the row number that a spreadsheet program shows. */
  number: number;
  /** Physical line it starts on. */
  line: number;
  /** Without its line end; for 'data' without empty cells beyond the width. Only valid during the call. */
  bytes: Buffer;
  cells: number;
  reason: MalformedReason | undefined;
}

export type MalformedReason = 'too_many_cells' | 'text_after_quote' | 'nul_byte';

export interface CsvShape extends CsvDialect {
  /** Cells a row may hold. */
  cells: number;
  /** Cells that empty ones may extend a row to. */
  width: number;
}

/** Thrown out of `push`; the reader of the file turns it into a message. */
export class CsvFault extends Error {
  constructor(
    readonly kind: 'record_too_long' | 'quote_never_closed',
    readonly record: number,
    readonly line: number,
    detail: string,
  ) {
    super(detail);
  }
}

// Plain numbers, because the loop below runs once for every byte of every extract.
const PLAIN = 0;
const DELIMITER = 1;
const QUOTE = 2;
const LF = 3;
const CR = 4;
const NUL = 5;

const IN_PLAIN = 0;
const IN_QUOTED = 1;
/** The rest of a record that is already lost. */
const IN_LOST = 2;
const AT_CELL_START = 3;
const AFTER_OPENING_QUOTE = 4;
const AFTER_CLOSING_QUOTE = 5;

/** Bytes that a letter, a digit, a sign or a usual Chinese character begins with. */
const SEEN = Uint8Array.from({ length: 256 }, (_, b) => Number((b > 0x20 && b < 0x7f) || (b >= 0xe4 && b <= 0xe9)));

const NO_WORDS = new Int32Array(0);

/** The bytes four by four, where they lie so that this is possible. */
const wordsOf = (bytes: Uint8Array) =>
  bytes.byteOffset % 4 === 0 ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2) : NO_WORDS;

/** A quoted cell over more lines than this, with text behind its closing quote, is a stray quote that met another. */
const QUOTED_LINES = 100;

/**
 * Splits UTF-8 bytes into records, as they come. It knows nothing of values; it counts, and finds what cannot be read.
 * DuckDB reads the same bytes much faster but does not tell where a quote was opened, which rows were blank, or how
 * many records there were: this does, and what both count must agree.
 */
export class CsvRecords {
  records = 0;
  malformed = 0;
  /** Blank records that other records follow. */
  blanksInside = 0;
  /** Blank records since the last other one. */
  blanksAtEnd = 0;
  /** Records with fewer cells than the width. */
  short = 0;
  /** Records with more cells than the width, all of them empty. */
  wide = 0;
  quotedNewline = false;
  /** Records of data without a cell that begins with something to see: they may be blank, whatever is in them. */
  faint = 0;

  private readonly kinds = new Uint8Array(256);
  private readonly skipsWords: boolean;
  private state = AT_CELL_START;
  private cell = 1;
  private lastFilled = 0;
  private seen = 0;
  private reason: MalformedReason | undefined;
  private loneLf = 0;
  private loneCr = 0;
  private crLf = 0;
  private afterCr = false;
  private line = 1;
  private recordLine = 1;
  private quoteLine = 1;
  /** Place within the record where the cells beyond the width begin. */
  private cutAt = -1;
  private kept: Buffer[] = [];
  private keptLength = 0;

  constructor(
    private readonly shape: CsvShape,
    private readonly limits: { recordBytes: number },
    private readonly onRecord?: (record: CsvRecord) => void,
  ) {
    this.kinds[shape.delimiter.charCodeAt(0)] = DELIMITER;
    this.kinds[shape.quote.charCodeAt(0)] = QUOTE;
    this.skipsWords = shape.delimiter < '-' && shape.quote < '-';
    this.kinds[10] = LF;
    this.kinds[13] = CR;
    this.kinds[0] = NUL;
  }

  push(chunk: Uint8Array): void {
    // Everything the loop touches is a local: it runs over every byte of every extract.
    const kinds = this.kinds;
    const n = chunk.length;
    const width = this.shape.width;
    let state = this.state;
    let cell = this.cell;
    let lastFilled = this.lastFilled;
    let seen = this.seen;
    let from = 0;
    let i = 0;
    if (this.afterCr && n > 0) {
      // The second half of a line end that two chunks share.
      this.afterCr = false;
      if (chunk[0] === 10) {
        this.loneCr--;
        this.crLf++;
        from = i = 1;
      }
    }
    const words = this.skipsWords ? wordsOf(chunk) : NO_WORDS;
    for (; i < n; i++) {
      const kind = kinds[chunk[i]!];
      if (kind === PLAIN) {
        if (state <= IN_LOST) {
          if ((i & 3) === 3) {
            // Four bytes at a time while none of them is below '-': most text has no byte there but the special ones.
            let w = (i + 1) >> 2;
            for (; w < words.length; w++) {
              const x = words[w]!;
              if (((x - 0x2d2d2d2d) & ~x & 0x80808080) !== 0) break;
            }
            if (w << 2 > i) i = (w << 2) - 1;
          }
          continue;
        }
        if (state === AFTER_CLOSING_QUOTE) {
          this.reason = 'text_after_quote';
          if (this.line - this.quoteLine > QUOTED_LINES) this.throwUnclosed(cell);
          state = IN_LOST;
        } else {
          state = state === AFTER_OPENING_QUOTE ? IN_QUOTED : IN_PLAIN;
          lastFilled = cell;
          seen |= SEEN[chunk[i]!]!;
        }
        continue;
      }
      if (kind === DELIMITER) {
        if (state === IN_QUOTED || state === IN_LOST) continue;
        if (state === AFTER_OPENING_QUOTE) {
          state = IN_QUOTED;
          lastFilled = cell;
          continue;
        }
        if (cell === width) this.cutAt = this.keptLength + i - from;
        cell++;
        state = AT_CELL_START;
        continue;
      }
      if (kind === QUOTE) {
        if (state === AT_CELL_START || (state === IN_PLAIN && this.onlySpacesBefore(chunk, i))) {
          state = AFTER_OPENING_QUOTE;
          this.quoteLine = this.line;
        } else if (state === IN_QUOTED || state === AFTER_OPENING_QUOTE) state = AFTER_CLOSING_QUOTE;
        else if (state === AFTER_CLOSING_QUOTE) {
          state = IN_QUOTED;
          lastFilled = cell;
        }
        continue;
      }
      if (kind === NUL) {
        this.reason = 'nul_byte';
        if (state !== IN_QUOTED && state !== AFTER_OPENING_QUOTE) state = IN_LOST;
        continue;
      }
      // A line end: LF, CR, or CR LF.
      if (state === IN_QUOTED || state === AFTER_OPENING_QUOTE) {
        if (kind === LF || chunk[i + 1] !== 10) this.line++;
        this.quotedNewline = true;
        state = IN_QUOTED;
        lastFilled = cell;
        if (this.keptLength + i - from > this.limits.recordBytes) this.throwUnclosed(cell);
        continue;
      }
      this.endRecord(chunk, from, i, cell, lastFilled, seen);
      state = AT_CELL_START;
      cell = 1;
      lastFilled = 0;
      seen = 0;
      this.line++;
      this.recordLine = this.line;
      if (kind === LF) this.loneLf++;
      else if (chunk[i + 1] === 10) {
        this.crLf++;
        i++;
      } else {
        this.loneCr++;
        this.afterCr = i + 1 === n;
      }
      from = i + 1;
    }
    this.state = state;
    this.cell = cell;
    this.lastFilled = lastFilled;
    this.seen = seen;
    if (from < n) this.keep(chunk.subarray(from));
    if (this.keptLength > this.limits.recordBytes) {
      if (state === IN_QUOTED) this.throwUnclosed(cell);
      this.throwTooLong(this.keptLength, cell);
    }
  }

  end(): void {
    if (this.state === IN_QUOTED || this.state === AFTER_OPENING_QUOTE) this.throwUnclosed(this.cell);
    if (this.keptLength > 0) this.endRecord(Buffer.alloc(0), 0, 0, this.cell, this.lastFilled, this.seen);
    this.state = AT_CELL_START;
    this.cell = 1;
    this.lastFilled = 0;
    this.seen = 0;
  }

  /** Every line ends alike. */
  get uniformLineEnds(): boolean {
    return Number(this.loneLf > 0) + Number(this.loneCr > 0) + Number(this.crLf > 0) <= 1;
  }

  /** `a, "b"`: spaces before an opening quote are passed over, by DuckDB as well. */
  private onlySpacesBefore(chunk: Uint8Array, at: number): boolean {
    if (chunk[at - 1] !== 32) return false;
    let i = at - 1;
    while (chunk[i] === 32) i--;
    const before = chunk[i];
    return before !== undefined && this.kinds[before] !== PLAIN && this.kinds[before] !== QUOTE;
  }

  private keep(rest: Uint8Array): void {
    // The chunk is reused or freed by its owner; what is left of it is copied only when somebody wants the bytes.
    if (this.onRecord) this.kept.push(Buffer.from(rest));
    this.keptLength += rest.length;
  }

  private endRecord(chunk: Uint8Array, from: number, to: number, cell: number, lastFilled: number, seen: number): void {
    this.records++;
    const length = this.keptLength + to - from;
    if (length > this.limits.recordBytes) this.throwTooLong(length, cell);
    let kind: RecordKind = 'data';
    if (length === 0) {
      kind = 'blank';
      this.blanksAtEnd++;
    } else {
      this.blanksInside += this.blanksAtEnd;
      this.blanksAtEnd = 0;
      if (this.reason === undefined && lastFilled > this.shape.cells) this.reason = 'too_many_cells';
      if (this.reason !== undefined) {
        kind = 'malformed';
        this.malformed++;
      } else {
        if (seen === 0) this.faint++;
        if (cell < this.shape.width) this.short++;
        else if (cell > this.shape.width) this.wide++;
      }
    }
    if (this.onRecord) {
      const tail = Buffer.from(chunk.buffer, chunk.byteOffset + from, to - from);
      let bytes = this.kept.length > 0 ? Buffer.concat([...this.kept, tail]) : tail;
      if (kind === 'data' && this.cutAt >= 0) bytes = bytes.subarray(0, this.cutAt);
      this.onRecord({
        kind,
        number: this.records,
        line: this.recordLine,
        bytes,
        cells: Math.min(cell, this.shape.width),
        reason: this.reason,
      });
      this.kept = [];
    }
    this.keptLength = 0;
    this.reason = undefined;
    this.cutAt = -1;
  }

  private throwTooLong(length: number, cell: number): never {
    throw new CsvFault(
      'record_too_long',
      this.records + 1,
      this.recordLine,
      `more than ${length} bytes and ${cell} cells without a line end`,
    );
  }

  private throwUnclosed(cell: number): never {
    throw new CsvFault(
      'quote_never_closed',
      this.records + 1,
      this.quoteLine,
      `the quote opened in cell ${cell} is not closed`,
    );
  }
}
