import { deflateRawSync, inflateRawSync } from 'node:zlib';

const below = (next: () => number, n: number): number => Math.floor(next() * n);

/** Pieces that mean something to one reader or another. */
const PIECES = [
  ...[
    '"',
    '""',
    ',',
    '\t',
    '\n',
    '\r',
    '\r\n',
    '\0',
    '\u001b[2J',
    '\ufeff',
    '\u202e',
    '[',
    ']',
    '{',
    '}',
    ':',
    '\\',
    '\\u0000',
  ],
  ...[
    '<',
    '>',
    '&',
    '&#x0;',
    '&#xD800;',
    ']]>',
    '<!--',
    '<!DOCTYPE x [<!ENTITY a "b">]>',
    '<row r="99999999">',
    'r="ZZZZZ1"',
    '1e999',
    'NaN',
  ],
  ...[
    '-9223372036854775809',
    '９９９',
    '<c t="s"><v>-1</v></c>',
    '<c t="s"><v>1e9</v></c>',
    '_x0000_',
    "'; DROP TABLE raw.f1; --",
  ],
].map((t) => Buffer.from(t));
const NUMBERS = [0, 1, 0x7f, 0x80, 0xff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

/** The same bytes with something done to them that a bad disk, a cut line or a bad mind would do. */
export function mutated(bytes: Buffer, next: () => number): Buffer {
  let out = Buffer.from(bytes);
  const times = 1 + below(next, 4);
  for (let i = 0; i < times && out.length > 0; i++) {
    const at = below(next, out.length);
    const to = Math.min(out.length, at + 1 + below(next, 200));
    switch (below(next, 8)) {
      case 0:
        out = out.subarray(0, at);
        break;
      case 1:
        for (let k = 0; k <= below(next, 8); k++) flip(out, below(next, out.length), below(next, 8));
        break;
      case 2:
        out[at] = below(next, 256);
        break;
      case 3:
        out = Buffer.concat([out.subarray(0, at), out.subarray(to)]);
        break;
      case 4:
        out = Buffer.concat([out.subarray(0, to), out.subarray(at)]);
        break;
      case 5:
        out = Buffer.concat([out.subarray(0, at), PIECES[below(next, PIECES.length)]!, out.subarray(at)]);
        break;
      case 6:
        if (at + 4 <= out.length) out.writeUInt32LE(NUMBERS[below(next, NUMBERS.length)]!, at);
        break;
      default: {
        const other = below(next, out.length);
        out.copy(out, at, other, Math.min(out.length, other + to - at));
      }
    }
  }
  return out;
}

function flip(bytes: Buffer, at: number, bit: number): void {
  bytes[at] = bytes[at]! ^ (1 << bit);
}

interface Part {
  name: Buffer;
  data: Buffer;
}

/** The parts of a zip that was written by this repository's own tools: local headers are whole, in the order of the directory. */
function partsOf(zip: Buffer): Part[] {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const parts: Part[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let n = zip.readUInt16LE(end + 10); n > 0; n--) {
    const [method, packed] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const [nameLength, extra, comment] = [28, 30, 32].map((o) => zip.readUInt16LE(at + o)) as [number, number, number];
    const local = zip.readUInt32LE(at + 42);
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const data = zip.subarray(from, from + packed);
    parts.push({ name: zip.subarray(at + 46, at + 46 + nameLength), data: method === 8 ? inflateRawSync(data) : data });
    at += 46 + nameLength + extra + comment;
  }
  return parts;
}

const CRC = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
const crcOf = (data: Buffer): number => {
  let crc = 0xffff_ffff;
  for (const b of data) crc = CRC[(crc ^ b) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffff_ffff) >>> 0;
};

/** A zip whose every field can be chosen, sizes that lie among them. */
export function zipOf(parts: readonly (Part & { says?: number; packed?: Buffer })[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const p of parts) {
    const packed = p.packed ?? deflateRawSync(p.data);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(p.packed ? 0 : crcOf(p.data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(p.says ?? p.data.length, 18);
    common.writeUInt16LE(p.name.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    locals.push(Buffer.from([0x50, 0x4b, 3, 4]), common, p.name, packed);
    directory.push(Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), common, tail, p.name);
    offset += 30 + p.name.length + packed.length;
  }
  const head = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.set([0x50, 0x4b, 5, 6]);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(head.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, head, end]);
}

/** A sound zip around a part that is not: what the XML reader has to live with. */
export function mutatedPart(zip: Buffer, next: () => number): Buffer {
  const parts = partsOf(zip);
  const i = below(next, parts.length);
  return zipOf(parts.map((p, k) => (k === i ? { ...p, data: mutated(p.data, next) } : p)));
}
