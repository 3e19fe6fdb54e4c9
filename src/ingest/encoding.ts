import { isUtf8 } from 'node:buffer';

export type EncodingName = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

export interface EncodingGuess {
  name: EncodingName;
  /** Bytes of a byte-order mark. */
  bom: number;
}

/**
 * What the first bytes allow. Only a byte-order mark or UTF-16's NUL pattern settles it; otherwise the encodings are
 * tried over the whole file, in this order.
 */
export function encodingCandidates(head: Uint8Array): EncodingGuess[] {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return [{ name: 'utf-8', bom: 3 }];
  if (head[0] === 0xff && head[1] === 0xfe) return [{ name: 'utf-16le', bom: 2 }];
  if (head[0] === 0xfe && head[1] === 0xff) return [{ name: 'utf-16be', bom: 2 }];
  const utf16 = utf16ByNuls(head);
  if (utf16) return [{ name: utf16, bom: 0 }];
  return [
    { name: 'utf-8', bom: 0 },
    { name: 'gb18030', bom: 0 },
  ];
}

/** Commas, digits and line ends of UTF-16 text have a NUL on one side, always the same. */
function utf16ByNuls(head: Uint8Array): EncodingName | undefined {
  const n = Math.min(head.length, 4096) & ~1;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < n; i += 2) {
    if (head[i] === 0) even++;
    if (head[i + 1] === 0) odd++;
  }
  const enough = Math.max(2, n / 2 / 20);
  // The other side has a few as well: 一 is U+4E00.
  if (odd >= enough && even * 4 <= odd) return 'utf-16le';
  if (even >= enough && odd * 4 <= even) return 'utf-16be';
  return undefined;
}

/** Checks bytes as they come; answers the offset of the first byte that does not belong. */
export interface ByteCheck {
  push(chunk: Uint8Array): number | undefined;
  end(): number | undefined;
}

/** UTF-8, chunk by chunk: the native check on everything but a character cut in two. */
export class Utf8Check implements ByteCheck {
  private seen = 0;
  private carry: Buffer = Buffer.alloc(0);

  push(chunk: Uint8Array): number | undefined {
    const bytes =
      this.carry.length > 0
        ? Buffer.concat([this.carry, chunk])
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const whole = bytes.length - cutTail(bytes);
    if (!isUtf8(bytes.subarray(0, whole))) return this.seen + firstBadUtf8(bytes);
    this.carry = Buffer.from(bytes.subarray(whole));
    this.seen += whole;
    return undefined;
  }

  end(): number | undefined {
    return this.carry.length > 0 ? this.seen : undefined;
  }
}

/** Length of an unfinished character at the end. */
function cutTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const b = bytes[bytes.length - back]!;
    if (b < 0x80) return 0;
    if (b >= 0xc0) {
      const need = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
      return back < need ? back : 0;
    }
  }
  return 0;
}

export function firstBadUtf8(bytes: Uint8Array): number {
  // Halving over prefixes: a prefix is good when all of it but a cut character is.
  let good = 0;
  let bad = bytes.length;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  while (good < bad) {
    const middle = (good + bad + 1) >> 1;
    const prefix = view.subarray(0, middle);
    if (isUtf8(prefix.subarray(0, middle - cutTail(prefix)))) good = middle;
    else bad = middle - 1;
  }
  return good - cutTail(view.subarray(0, good));
}

/**
 * GB18030 by its byte ranges, and how much the text looks like Chinese as it is written. Almost any bytes decode as
 * GB18030 to some hanzi, so validity proves nothing: what tells is that departments write with the 3,755 characters of
 * GB 2312 level 1, while text of another encoding scatters over all 24,000.
 */
export class Gb18030Check implements ByteCheck {
  /** Double-byte characters that are level-1 hanzi, CJK punctuation or full-width forms. */
  common = 0;
  /** All characters beyond ASCII. */
  multi = 0;
  privateUse = 0;
  /** Lines of which most characters are uncommon: perhaps in another encoding than the rest. */
  readonly oddLines: number[] = [];
  private offset = 0;
  private line = 1;
  private lineCommon = 0;
  private lineMulti = 0;
  private state = 0;
  private lead = 0;
  private third = 0;
  private second = 0;
  private charAt = 0;
  /** The chunk just pushed, as UTF-8. Decoded here, because the native decoder and encoder would take three times as long. */
  text: Buffer = Buffer.alloc(0);

  push(chunk: Uint8Array): number | undefined {
    // Locals, because the loop runs over every byte.
    const n = chunk.length;
    const table = doubleBytes();
    // Two bytes become three at most; four stay four.
    const out = Buffer.allocUnsafe(Math.ceil(n * 1.5) + 8);
    let o = 0;
    let state = this.state;
    let lead = this.lead;
    let pairs = 0;
    let common = 0;
    for (let i = 0; i < n; i++) {
      const b = chunk[i]!;
      if (state === 0) {
        if (b < 0x80) {
          out[o++] = b;
          if (b === 10) {
            this.countPairs(pairs, common);
            pairs = common = 0;
            this.endLine();
          }
          continue;
        }
        // Nearly every character beyond ASCII: a whole pair of three UTF-8 bytes. What is not goes the long way below.
        const pair = (b << 8) | (i + 1 < n ? chunk[i + 1]! : 0);
        const c = table[pair]!;
        if (c >= 0x800 && KIND[pair] !== PRIVATE) {
          out[o] = 0xe0 | (c >> 12);
          out[o + 1] = 0x80 | ((c >> 6) & 0x3f);
          out[o + 2] = 0x80 | (c & 0x3f);
          o += 3;
          pairs++;
          common += KIND[pair]!;
          i++;
          continue;
        }
        this.charAt = this.offset + i;
        if (b === 0x80 || b === 0xff) return this.charAt;
        lead = b;
        state = 1;
      } else if (state === 1) {
        if (b >= 0x30 && b <= 0x39) {
          this.second = b;
          state = 2;
          continue;
        }
        const c = table[(lead << 8) | b]!;
        if (c === 0) return this.charAt;
        if (c < 0x800) out[o++] = 0xc0 | (c >> 6);
        else {
          out[o++] = 0xe0 | (c >> 12);
          out[o++] = 0x80 | ((c >> 6) & 0x3f);
        }
        out[o++] = 0x80 | (c & 0x3f);
        this.pair(lead, b);
        state = 0;
      } else if (state === 2) {
        if (b < 0x81 || b === 0xff) return this.charAt;
        this.third = b;
        state = 3;
      } else {
        const decoded = decodeOne(lead, this.second, this.third, b);
        if (decoded === undefined) return this.charAt;
        o += out.write(decoded, o, 'utf8');
        this.lineMulti++;
        this.multi++;
        state = 0;
      }
    }
    this.countPairs(pairs, common);
    this.text = out.subarray(0, o);
    this.state = state;
    this.lead = lead;
    this.offset += n;
    return undefined;
  }

  end(): number | undefined {
    this.endLine();
    return this.state === 0 ? undefined : this.charAt;
  }

  /** Share of common characters among those beyond ASCII. */
  get share(): number {
    return this.multi === 0 ? 1 : this.common / this.multi;
  }

  private pair(lead: number, trail: number): void {
    const kind = KIND[(lead << 8) | trail];
    this.countPairs(1, kind === COMMON ? 1 : 0);
    if (kind === PRIVATE) this.privateUse++;
  }

  private countPairs(pairs: number, common: number): void {
    this.multi += pairs;
    this.lineMulti += pairs;
    this.common += common;
    this.lineCommon += common;
  }

  private endLine(): void {
    if (this.lineMulti >= 4 && this.lineCommon * 2 < this.lineMulti && this.oddLines.length < 1000) {
      this.oddLines.push(this.line);
    }
    this.line++;
    this.lineCommon = 0;
    this.lineMulti = 0;
  }
}

const COMMON = 1;
const PRIVATE = 2;

/** What a double-byte character says about the text: common in Chinese, made by a user, or neither. */
const KIND = Uint8Array.from({ length: 65536 }, (_, pair) => {
  const lead = pair >> 8;
  const trail = pair & 0xff;
  if (trail < 0xa1) return trail >= 0x40 && lead >= 0xa1 && lead <= 0xa7 ? PRIVATE : 0;
  if ((lead >= 0xb0 && lead <= 0xd7) || (lead >= 0xa1 && lead <= 0xa3)) return COMMON;
  return (lead >= 0xaa && lead <= 0xaf) || (lead >= 0xf8 && lead < 0xfe) ? PRIVATE : 0;
});

let doubleByteTable: Uint16Array | undefined;

/** Code points of all double-byte characters; 0 where there is none. Asked of the platform once, about 10 ms. */
function doubleBytes(): Uint16Array {
  if (doubleByteTable) return doubleByteTable;
  const table = new Uint16Array(65536);
  const decoder = new TextDecoder('gb18030', { fatal: true });
  const pair = new Uint8Array(2);
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      pair[0] = lead;
      pair[1] = trail;
      try {
        const text = decoder.decode(pair);
        if (text.length === 1) table[(lead << 8) | trail] = text.charCodeAt(0);
      } catch {
        // Not assigned.
      }
    }
  }
  doubleByteTable = table;
  return table;
}

function decodeOne(...bytes: number[]): string | undefined {
  try {
    return new TextDecoder('gb18030', { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}

/** The least share of common characters that is believed. Real extracts have 97 % and more; misread text below 45 %. */
export const PLAUSIBLE_SHARE = 0.75;
/** Characters made by the user (造字) are believed up to this share, in a text that is plausible otherwise. */
export const PRIVATE_USE_SHARE = 0.002;
