/** Picture files as cameras and programs leave them, made byte by byte; `SECRET` stands wherever they tell of place or device. */
export const SECRET = "41.1579N 8.6291W iPhone of Ana";
type Bytes = Uint8Array<ArrayBuffer>;

export const bytes = (...parts: (string | number | readonly number[] | Uint8Array)[]): Bytes =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "string" ? [...part].map((c) => c.charCodeAt(0)) : typeof part === "number" ? [part] : [...part],
    ),
  );
const big = (value: number) => [value >>> 24, value >>> 16, value >>> 8, value].map((one) => one & 255);
const little = (value: number) => big(value).reverse();

/** What a camera writes: which way up, a maker's note, and where it was. */
export function exif(turn: number, { order = "II" as "II" | "MM", secret = SECRET } = {}): Bytes {
  const short = (n: number) => (order === "II" ? [n & 255, n >> 8] : [n >> 8, n & 255]);
  const long = (n: number) => (order === "II" ? little(n) : big(n));
  const entry = (tag: number, type: number, count: number, value: readonly number[]) =>
    bytes(short(tag), short(type), long(count), value);
  const [maker, gps] = [44, 44 + secret.length];
  return bytes(
    ...[order, short(42), long(8), short(3)],
    entry(0x0112, 3, 1, [...short(turn), 0, 0]),
    entry(0x927c, 7, secret.length, long(maker)),
    entry(0x8825, 4, 1, long(gps)),
    secret.padEnd(maker - 46 + secret.length, " "),
    ...[short(1), entry(2, 2, secret.length, long(gps + 18)), long(0), secret],
  );
}

const segment = (marker: number, ...data: Parameters<typeof bytes>) => {
  const body = bytes(...data);
  return bytes(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255, body);
};
/** What a decoder needs of a JPEG: tables, frame, two scans with stuffed bytes and restarts between them. */
const jpegDrawn = (width = 3, height = 2) => [
  segment(0xdb, 0, new Uint8Array(64).fill(1)),
  segment(0xc2, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0),
  segment(0xc4, 0, [1], new Uint8Array(15), 0),
  bytes(segment(0xda, 1, 1, 0, 0, 63, 0), [1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, 0xff, 0, 0xff, 0xd7, 5]),
  bytes(segment(0xda, 1, 1, 0, 1, 63, 0), [6, 0xff, 0, 7]),
];
const jfif = segment(0xe0, "JFIF\0", 1, 2, 0, 0, 72, 0, 72, 0, 0);
const icc = segment(0xe2, "ICC_PROFILE\0", 1, 1, "colours");
const adobe = segment(0xee, "Adobe", 0, 100, 0, 0, 0, 0, 1);
const jpegOf = (before: Bytes[], after: Bytes = bytes()) =>
  bytes(0xff, 0xd8, ...before, ...jpegDrawn(), 0xff, 0xd9, after);

export const jpeg = (turn = 6): Bytes =>
  jpegOf(
    [
      segment(0xe0, "JFIF\0", 1, 2, 0, 0, 72, 0, 72, 2, 1, SECRET),
      segment(0xe0, "JFXX\0", 0x10, SECRET),
      segment(0xe1, "Exif\0\0", exif(turn)),
      segment(0xe1, "http://ns.adobe.com/xap/1.0/\0", SECRET),
      icc,
      segment(0xe2, "MPF\0", SECRET),
      segment(0xed, "Photoshop 3.0\0", SECRET),
      segment(0xfe, SECRET),
      adobe,
    ],
    bytes(0xff, 0xd8, segment(0xe1, "Exif\0\0", exif(1)), 0xff, 0xd9),
  );
export const upright = (turn: number) => bytes("MM", 0, 42, big(8), 0, 1, 1, 0x12, 0, 3, big(1), 0, turn, 0, 0, big(0));
export const jpegPlain = (turn = 6): Bytes =>
  jpegOf([jfif, ...(turn > 1 ? [segment(0xe1, "Exif\0\0", upright(turn))] : []), icc, adobe]);

/** A checksum of zeros: nobody here reads it. */
const chunk = (name: string, ...data: Parameters<typeof bytes>) => {
  const body = bytes(...data);
  return bytes(big(body.length), name, body, [0, 0, 0, 0]);
};
export const pngHead = (width: number, height: number) => chunk("IHDR", big(width), big(height), 8, 2, 0, 0, 0);
const pngOf = (before: Bytes[], after: Bytes[] = []) =>
  bytes("\x89PNG\r\n\x1a\n", pngHead(3, 2), ...before, chunk("IDAT", 1, 2, 3), chunk("IEND"), ...after);
export const png = (turn = 1): Bytes =>
  pngOf(
    [
      chunk("gAMA", big(45455)),
      chunk("eXIf", exif(turn, { order: "MM" })),
      chunk("tEXt", `Comment\0${SECRET}`),
      chunk("iTXt", `XML:com.adobe.xmp\0\0\0\0\0${SECRET}`),
      chunk("zTXt", `Comment\0\0${SECRET}`),
      chunk("tIME", 7, 234, 10, 3, 9, 41, 0),
      chunk("caBX", SECRET),
    ],
    [bytes("PK\x03\x04", SECRET)],
  );
export const pngPlain = (): Bytes => pngOf([chunk("gAMA", big(45455))]);

const riff = (name: string, ...data: Parameters<typeof bytes>) => {
  const body = bytes(...data);
  return bytes(name, little(body.length), body, body.length % 2 ? 0 : []);
};
const webpOf = (flags: number, rest: Bytes[]) =>
  riff("RIFF", "WEBP", riff("VP8X", flags, 0, 0, 0, [2, 0, 0], [1, 0, 0]), ...rest);
const frame = (...more: Bytes[]) => riff("ANMF", new Uint8Array(16), riff("VP8L", 0x2f, 1, 2, 3, 4), ...more);
export const webp = (turn = 6): Bytes =>
  bytes(
    webpOf(0b101110, [
      riff("ICCP", "colours"),
      riff("ANIM", 1, 2, 3, 4, 5, 6),
      frame(riff("junk", SECRET)),
      riff("EXIF", exif(turn)),
      riff("XMP ", SECRET),
      riff("mine", SECRET),
    ]),
    "PK\x03\x04",
    SECRET,
  );
export const webpPlain = (turn = 6): Bytes =>
  webpOf(turn > 1 ? 0b101010 : 0b100010, [
    riff("ICCP", "colours"),
    riff("ANIM", 1, 2, 3, 4, 5, 6),
    frame(),
    ...(turn > 1 ? [riff("EXIF", upright(turn))] : []),
  ]);

const blocks = (text: string) => bytes(text.length, text, 0);
const gifOf = (before: Bytes[], after: Bytes = bytes()) =>
  bytes(
    ...["GIF89a", 3, 0, 2, 0, 0x80, 0, 0, [0, 0, 0, 255, 255, 255], ...before],
    bytes(0x21, 0xf9, 4, 0, 10, 0, 0, 0, 0x2c, [0, 0, 0, 0, 3, 0, 2, 0], 0, 2, 2, 0x44, 1, 0, 0x3b),
    after,
  );
const loops = bytes(0x21, 0xff, 11, "NETSCAPE2.0", 3, 1, 0, 0, 0);
/** A picture that is an archive with a program as well: a GIFAR. */
export const gif = (): Bytes =>
  gifOf(
    [loops, bytes(0x21, 0xfe, blocks(SECRET)), bytes(0x21, 0xff, 11, "XMP DataXMP", blocks(SECRET))],
    bytes("PK\x03\x04META-INF/MANIFEST.MF", SECRET),
  );
export const gifPlain = (): Bytes => gifOf([loops]);
