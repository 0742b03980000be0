// Figures of one width. The typeface of the pages has none, and a column of marks needs them: this takes the ten figures
// out of its WOFF file, sets each in the middle of the widest one's place, and makes a font of them alone (about 2 KB).
import { deflateSync, inflateSync } from 'node:zlib';

const FIGURES = '0123456789';

// Tables of a WOFF file by name.
function read(woff) {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error('not a WOFF file');
  const tables = {};
  for (let i = 0; i < woff.readUInt16BE(12); i++) {
    const at = 44 + i * 20;
    const [offset, packed, size] = [4, 8, 12].map((d) => woff.readUInt32BE(at + d));
    const bytes = woff.subarray(offset, offset + packed);
    tables[woff.toString('latin1', at, at + 4)] = packed < size ? inflateSync(bytes) : Buffer.from(bytes);
  }
  return tables;
}

// Glyph of a code point, from the format 4 part of the character map.
function glyphOf(cmap, code) {
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const at = cmap.readUInt32BE(4 + i * 8 + 4);
    if (cmap.readUInt16BE(at) !== 4) continue;
    const twice = cmap.readUInt16BE(at + 6);
    for (let s = 0; s < twice; s += 2) {
      const end = cmap.readUInt16BE(at + 14 + s);
      const start = cmap.readUInt16BE(at + 16 + twice + s);
      if (code < start || code > end) continue;
      const delta = cmap.readUInt16BE(at + 16 + 2 * twice + s);
      const rangeAt = at + 16 + 3 * twice + s;
      const range = cmap.readUInt16BE(rangeAt);
      return (range === 0 ? code + delta : cmap.readUInt16BE(rangeAt + range + 2 * (code - start)) + delta) & 0xffff;
    }
  }
  throw new Error(`no glyph for ${String.fromCodePoint(code)}`);
}

// A simple glyph moved by dx, without its hints, every coordinate in two bytes.
function moved(glyph, dx) {
  const contours = glyph.readInt16BE(0);
  if (contours < 1) throw new Error('a figure is not a simple glyph');
  let at = 10 + 2 * contours;
  const points = glyph.readUInt16BE(at - 2) + 1;
  at += 2 + glyph.readUInt16BE(at);
  const flags = [];
  while (flags.length < points) {
    const flag = glyph[at++];
    const again = flag & 8 ? glyph[at++] : 0;
    for (let i = 0; i <= again; i++) flags.push(flag);
  }
  const deltas = (short, same) => flags.map((flag) => {
    if (flag & short) return flag & same ? glyph[at++] : -glyph[at++];
    if (flag & same) return 0;
    at += 2;
    return glyph.readInt16BE(at - 2);
  });
  const xs = deltas(2, 16);
  const ys = deltas(4, 32);
  xs[0] += dx;
  const head = Buffer.from(glyph.subarray(0, 10 + 2 * contours));
  head.writeInt16BE(head.readInt16BE(2) + dx, 2);
  head.writeInt16BE(head.readInt16BE(6) + dx, 6);
  const out = Buffer.alloc(2 + points * 5 + ((2 + points * 5) % 2));
  flags.forEach((flag, i) => {
    out[2 + i] = flag & 1;
    out.writeInt16BE(xs[i], 2 + points + 2 * i);
    out.writeInt16BE(ys[i], 2 + points * 3 + 2 * i);
  });
  const whole = Buffer.concat([head, out]);
  return Buffer.concat([whole, Buffer.alloc((4 - (whole.length % 4)) % 4)]);
}

const u16 = (...values) => Buffer.concat(values.map((v) => { const b = Buffer.alloc(2); b.writeUInt16BE(v & 0xffff); return b; }));
const u32 = (...values) => Buffer.concat(values.map((v) => { const b = Buffer.alloc(4); b.writeUInt32BE(v >>> 0); return b; }));
const pad = (b) => Buffer.concat([b, Buffer.alloc((4 - (b.length % 4)) % 4)]);

function checksum(bytes) {
  const whole = pad(bytes);
  let sum = 0;
  for (let i = 0; i < whole.length; i += 4) sum = (sum + whole.readUInt32BE(i)) >>> 0;
  return sum;
}

function write(tables) {
  const names = Object.keys(tables).sort();
  let offset = 44 + names.length * 20;
  let plain = 12 + names.length * 16;
  const directory = [];
  const bodies = [];
  for (const name of names) {
    const bytes = tables[name];
    const packed = deflateSync(bytes, { level: 9 });
    const body = packed.length < bytes.length ? packed : bytes;
    directory.push(Buffer.from(name, 'latin1'), u32(offset, body.length, bytes.length, checksum(bytes)));
    bodies.push(pad(body));
    offset += pad(body).length;
    plain += pad(bytes).length;
  }
  const header = Buffer.concat([Buffer.from('wOFF'), u32(0x00010000, offset), u16(names.length, 0), u32(plain), u16(1, 0), u32(0, 0, 0, 0, 0)]);
  return Buffer.concat([header, ...directory, ...bodies]);
}

// The font of figures of one width, as WOFF.
export function figures(woff) {
  const font = read(woff);
  const long = font.head.readInt16BE(50) === 1;
  const place = (i) => (long ? font.loca.readUInt32BE(4 * i) : 2 * font.loca.readUInt16BE(2 * i));
  const metrics = font.hhea.readUInt16BE(34);
  const advance = (i) => font.hmtx.readUInt16BE(4 * Math.min(i, metrics - 1));

  const ids = [...FIGURES].map((c) => glyphOf(font.cmap, c.codePointAt(0)));
  const width = Math.max(...ids.map(advance));
  const glyphs = ids.map((i) => moved(font.glyf.subarray(place(i), place(i + 1)), Math.round((width - advance(i)) / 2)));

  const offsets = [0, 0];
  glyphs.forEach((g) => offsets.push(offsets.at(-1) + g.length));
  const count = glyphs.length + 1;
  const edited = (table, edit) => { const copy = Buffer.from(table); edit(copy); return copy; };
  const first = FIGURES.codePointAt(0);
  const segments = u16(4, 32, 0, 4, 4, 1, 0, first + 9, 0xffff, 0, first, 0xffff, 1 - first, 1, 0, 0);
  const text = Buffer.from('Khue Figures', 'utf16le').swap16();
  return write({
    'OS/2': font['OS/2'],
    cmap: Buffer.concat([u16(0, 1, 3, 1), u32(12), segments]),
    glyf: Buffer.concat(glyphs),
    head: edited(font.head, (t) => t.writeInt16BE(1, 50)),
    hhea: edited(font.hhea, (t) => t.writeUInt16BE(count, 34)),
    hmtx: Buffer.concat([u16(width, 0), ...glyphs.map((g) => u16(width, g.readInt16BE(2)))]),
    loca: u32(...offsets),
    maxp: edited(font.maxp, (t) => t.writeUInt16BE(count, 4)),
    name: Buffer.concat([u16(0, 2, 30, 3, 1, 0x409, 1, text.length, 0, 3, 1, 0x409, 4, text.length, 0), text]),
    post: Buffer.concat([u32(0x00030000), font.post.subarray(4, 32)]),
  });
}
