/**
 * Takes out of a picture file what its camera and its programs wrote beside the picture: place, device, times, comments,
 * thumbnails, and whatever follows the picture's end. Only what is known to draw the picture stays, byte for byte; of all
 * the rest one number is kept, which way up it is.
 */

type Part = Uint8Array<ArrayBuffer>;
export type PictureType = keyof typeof formats;

export interface Picture {
  readonly type: PictureType;
  /** The file without the rest, in its parts. */
  readonly parts: readonly Part[];
  /** Nothing had to be taken out. */
  readonly plain: boolean;
}

const formats = { "image/jpeg": jpeg, "image/png": png, "image/webp": webp, "image/gif": gif };

/** What kind of picture begins like this, whatever its name and type say. Twelve bytes are enough. */
export function pictureType(head: Uint8Array): PictureType | undefined {
  const starts = latin(head, 0, 12);
  if (starts.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (starts.startsWith(PNG)) return "image/png";
  if (/^RIFF....WEBP/s.test(starts)) return "image/webp";
  return /^GIF8[79]a/.test(starts) ? "image/gif" : undefined;
}

/** Undefined for what is no such picture, or a broken one: that is left as it is. */
export function plainPicture(bytes: Part): Picture | undefined {
  const type = pictureType(bytes);
  const parts = type && formats[type](bytes);
  return parts && { type, parts, plain: isSame(parts, bytes) };
}

function jpeg(bytes: Part): Part[] | undefined {
  const parts = [bytes.subarray(0, 2)];
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) at += 1;
    else if (marker === 0xd8 || marker === 0 || marker === 1) return undefined;
    else {
      const end = at + 2 + u16(bytes, at + 2);
      if (end < at + 4 || end > bytes.length) return undefined;
      parts.push(...jpegSegment(bytes.subarray(at, end)));
      at = end;
      if (marker !== 0xda) continue;
      // What a scan draws ends at the next marker that is neither a stuffed byte nor a restart.
      for (; at + 1 < bytes.length; at++) {
        const next = bytes[at + 1]!;
        if (bytes[at] === 0xff && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) break;
      }
      parts.push(bytes.subarray(end, at));
      if (bytes[at + 1] === 0xd9) return [...parts, bytes.subarray(at, at + 2)];
    }
  }
  return undefined;
}

const EXIF = "Exif\0\0";

function jpegSegment(segment: Part): Part[] {
  const marker = segment[1]!;
  const text = (of: number) => latin(segment, 4, of);
  if (marker === 0xe0 && text(5) === "JFIF\0" && segment.length >= 18) return [withoutThumbnail(segment)];
  if (marker === 0xe1 && text(6) === EXIF) {
    const upright = tiffFor(segment.subarray(10));
    return upright ? [join(Uint8Array.of(0xff, 0xe1, 0, 8 + upright.length), ascii(EXIF), upright)] : [];
  }
  if (marker === 0xe2) return text(12) === "ICC_PROFILE\0" ? [segment] : [];
  if (marker === 0xee) return text(5) === "Adobe" ? [segment] : [];
  const draws = marker >= 0xc0 && marker <= 0xdf;
  return draws ? [segment] : [];
}

/** The head of every JFIF file, which may carry a small picture of what was cut off. */
function withoutThumbnail(jfif: Part): Part {
  if (jfif.length === 18 && jfif[16] === 0 && jfif[17] === 0) return jfif;
  const bare = jfif.slice(0, 18);
  bare.set([0, 16], 2);
  bare.set([0, 0], 16);
  return bare;
}

const PNG = "\x89PNG\r\n\x1a\n";
const pngDraws = new Set(
  "IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD pHYs hIST sPLT acTL fcTL fdAT".split(" "),
);

function png(bytes: Part): Part[] | undefined {
  const parts = [bytes.subarray(0, 8)];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + u32(bytes, at);
    if (end > bytes.length) return undefined;
    const name = latin(bytes, at + 4, 4);
    if (pngDraws.has(name)) parts.push(bytes.subarray(at, end));
    else if (name === "eXIf") {
      const upright = tiffFor(bytes.subarray(at + 8, end - 4));
      if (upright) parts.push(pngChunk(name, upright));
    } else if (!/^[a-z]/.test(name)) return undefined; // it says that nobody draws the picture without it
    if (name === "IEND") return parts;
    at = end;
  }
  return undefined;
}

function pngChunk(name: string, data: Part): Part {
  const body = join(ascii(name), data);
  return join(number(data.length, false), body, number(crc32(body), false));
}

function webp(bytes: Part): Part[] | undefined {
  const end = 8 + u32(bytes, 4, true);
  if (end > bytes.length || end < 20) return undefined;
  const drawn = webpChunks(bytes.subarray(12, end));
  if (!drawn) return undefined;
  const turned = drawn.some((part) => latin(part, 0, 4) === "EXIF");
  const parts = drawn.map((part) => {
    const flags = part[8];
    if (flags === undefined || latin(part, 0, 4) !== "VP8X") return part;
    const told = (flags & ~0b1100) | (turned ? 0b1000 : 0);
    return told === flags ? part : join(part.subarray(0, 8), Uint8Array.of(told), part.subarray(9));
  });
  const size = parts.reduce((sum, part) => sum + part.length, 4);
  return [join(ascii("RIFF"), number(size, true), ascii("WEBP")), ...parts];
}

const webpDraws = new Set(["VP8X", "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP"]);
/** What stands before the chunks of one picture of an animation. */
const FRAME_HEAD = 24;

function webpChunks(bytes: Part): Part[] | undefined {
  const parts: Part[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 8 > bytes.length) return undefined;
    const size = u32(bytes, at + 4, true);
    const end = at + 8 + size + (size % 2);
    if (end > bytes.length) return undefined;
    const name = latin(bytes, at, 4);
    const chunk = bytes.subarray(at, end);
    if (name === "EXIF") {
      const data = chunk.subarray(8, 8 + size);
      const upright = tiffFor(latin(data, 0, 6) === EXIF ? data.subarray(6) : data);
      if (upright) parts.push(join(ascii(name), number(upright.length, true), upright));
    } else if (name === "ANMF") {
      const frame = size >= 16 && webpChunks(chunk.subarray(FRAME_HEAD));
      if (!frame) return undefined;
      const length = frame.reduce((sum, part) => sum + part.length, 16);
      parts.push(join(ascii(name), number(length, true), chunk.subarray(8, FRAME_HEAD), ...frame));
    } else if (webpDraws.has(name)) parts.push(chunk);
    at = end;
  }
  return parts;
}

const gifDraws = new Set(["NETSCAPE2.0", "ANIMEXTS1.0", "ICCRGBG1012"]);

function gif(bytes: Part): Part[] | undefined {
  const head = 13 + colours(bytes[10]);
  const parts = [bytes.subarray(0, head)];
  for (let at = head; at < bytes.length; ) {
    const kind = bytes[at];
    if (kind === 0x3b) return [...parts, bytes.subarray(at, at + 1)];
    const label = bytes[at + 1];
    // Before its data a picture has its place, its colours and one number; an extension only says which it is.
    const data = kind === 0x2c ? at + 11 + colours(bytes[at + 9]) : kind === 0x21 ? at + 2 : undefined;
    const end = data && gifBlocks(bytes, data);
    if (!end) return undefined;
    const draws = kind === 0x2c || label === 0xf9 || (label === 0xff && gifDraws.has(latin(bytes, at + 3, 11)));
    if (draws) parts.push(bytes.subarray(at, end));
    at = end;
  }
  return undefined;
}

const colours = (flags = 0): number => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);

function gifBlocks(bytes: Part, from: number): number | undefined {
  let at = from;
  for (let size = bytes[at]; size; size = bytes[at]) at += 1 + size;
  return at < bytes.length ? at + 1 : undefined;
}

const ORIENTATION = 0x0112;

/** Of all that a camera wrote, which way up; undefined where it is upright, or says nothing that can be read. */
function tiffFor(tiff: Part): Part | undefined {
  const little = latin(tiff, 0, 2) === "II";
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  try {
    const first = view.getUint32(4, little);
    const entries = view.getUint16(first, little);
    for (let at = first + 2; at < first + 2 + entries * 12; at += 12) {
      if (view.getUint16(at, little) !== ORIENTATION) continue;
      const turn = view.getUint16(at + 8, little);
      if (turn < 2 || turn > 8) return undefined;
      // Big-endian, one entry: orientation, one short number.
      return Uint8Array.of(77, 77, 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, turn, 0, 0, 0, 0, 0, 0);
    }
  } catch {
    // It points to where there is nothing.
  }
  return undefined;
}

const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const u32 = (bytes: Uint8Array, at: number, little = false): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, little);
const latin = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));
const ascii = (text: string): Part => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

function number(value: number, little: boolean): Part {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, little);
  return bytes;
}

function join(...parts: readonly Uint8Array[]): Part {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function isSame(parts: readonly Part[], bytes: Part): boolean {
  let at = 0;
  for (const part of parts) {
    if (part.byteOffset !== bytes.byteOffset + at || part.buffer !== bytes.buffer)
      for (let i = 0; i < part.length; i++) if (part[i] !== bytes[at + i]) return false;
    at += part.length;
  }
  return at === bytes.length;
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
