import { pictureType } from "./plain-picture.ts";

/** More than this many pixels are not decoded: a small file can unfold into all of a device's memory. */
export const MOST_PIXELS = 100_000_000;

/** How large a picture is, by its own head and without decoding it; undefined where it doesn't say. */
export function pixelsOf(bytes: Uint8Array): { width: number; height: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const size = heads[pictureType(bytes) ?? "none"](view);
    return size && size.width > 0 && size.height > 0 ? size : undefined;
  } catch {
    return undefined; // it ends before it has said so
  }
}

type Size = { width: number; height: number } | undefined;

const IHDR = 0x49484452;
const heads = {
  none: (): Size => undefined,
  "image/png": (view: DataView): Size =>
    view.getUint32(12) === IHDR ? { width: view.getUint32(16), height: view.getUint32(20) } : undefined,
  "image/gif": (view: DataView): Size => ({ width: view.getUint16(6, true), height: view.getUint16(8, true) }),
  "image/webp": webpSize,
  "image/jpeg": jpegSize,
};

function webpSize(view: DataView): Size {
  const kind = view.getUint32(12);
  if (kind === 0x56503858) return { width: u24(view, 24) + 1, height: u24(view, 27) + 1 };
  if (kind === 0x56503820)
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (kind !== 0x5650384c) return undefined;
  const bits = view.getUint32(21, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
}

const u24 = (view: DataView, at: number): number => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);

function jpegSize(view: DataView): Size {
  for (let at = 2; ; ) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff || marker === 0xda) return undefined;
    if (marker === 0xff) at += 1;
    // The frame's head; among its numbers stand those of three other kinds of table.
    else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    else at += 2 + view.getUint16(at + 2);
  }
}
