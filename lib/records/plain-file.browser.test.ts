import { afterEach, expect, test, vi } from "vitest";
import { bytes, jpeg, jpegPlain, pngPlain, SECRET } from "./pictures.fixture.ts";
import { isPlainFile, plainFile } from "./plain-file.browser.ts";

const heic = bytes([0, 0, 0, 24], "ftypheic", SECRET);
const film = bytes([0, 0, 0, 24], "ftypmp42", SECRET);
const read = async (file: File) => new Uint8Array(await file.arrayBuffer());
/** A browser that draws such photographs. */
function draws() {
  vi.stubGlobal("createImageBitmap", async () => ({ width: 4, height: 3, close: () => {} }));
  class Canvas {
    getContext = () => ({ drawImage: () => {} });
    convertToBlob = async ({ type }: { type: string }) => new Blob([jpegPlain(1)], { type });
  }
  vi.stubGlobal("OffscreenCanvas", Canvas);
}
afterEach(() => vi.unstubAllGlobals());

test("a photograph is cleaned whatever it is called, under its name", async () => {
  const sent = await plainFile(new File([jpeg(6)], "arm.heic", { type: "" }));
  expect([sent.name, sent.type, sent.lastModified]).toEqual(["arm.heic", "image/jpeg", 0]);
  expect(await read(sent)).toEqual(jpegPlain(6));
});

test("what has nothing to take out is sent as it is", async () => {
  const leaflet = new File(["%PDF-1.7"], "leaflet.pdf", { type: "application/pdf" });
  const plain = new File([pngPlain()], "scan.png", { type: "image/png" });
  for (const file of [leaflet, plain]) expect(await plainFile(file)).toBe(file);
  expect(await isPlainFile(leaflet, leaflet.type)).toBeUndefined();
  expect(await isPlainFile(plain, plain.type)).toBe(true);
});

test("a photograph of a kind that only some browsers draw is drawn anew by those", async () => {
  draws();
  const sent = await plainFile(new File([heic], "IMG_0412.HEIC", { type: "image/heic" }));
  expect([sent.name, sent.type]).toEqual(["IMG_0412.jpg", "image/jpeg"]);
  expect(await isPlainFile(sent, sent.type)).toBe(true);
});

test("where it can't be cleaned it is sent as it is, and that is said, whatever it is called", async () => {
  for (const [content, name, type] of [
    [heic, "photo.heic", "image/heic"],
    [heic, "photo", ""],
    [film, "film", ""],
    [bytes("II*\0", SECRET), "raw.dng", ""],
    [jpeg().subarray(0, 300), "broken.jpg", ""],
    [bytes("BM", SECRET), "old.bmp", "image/bmp"],
  ] as const) {
    const file = new File([content], name, { type });
    expect(await plainFile(file)).toBe(file);
    expect(await isPlainFile(file, type)).toBe(false);
  }
});

test("a film is never drawn anew as a picture", async () => {
  draws();
  const file = new File([film], "walk.mp4", { type: "video/mp4" });
  expect(await plainFile(file)).toBe(file);
});
