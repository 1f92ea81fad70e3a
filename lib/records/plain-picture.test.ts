import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bytes,
  exif,
  gif,
  gifPlain,
  jpeg,
  jpegPlain,
  png,
  pngHead,
  pngPlain,
  SECRET,
  upright,
  webp,
  webpPlain,
} from "./pictures.fixture.ts";
import { pixelsOf } from "./pixels.ts";
import { pictureType, plainPicture } from "./plain-picture.ts";

type Bytes = Uint8Array<ArrayBuffer>;
const plain = (picture: Bytes) => {
  const found = plainPicture(picture);
  return found && bytes(...found.parts);
};
const holds = (picture: Bytes, text: string) => Buffer.from(picture).includes(text, 0, "latin1");

describe("a picture is sent without place and device", () => {
  test.each([
    ["JPEG", jpeg(6), jpegPlain(6)],
    ["upright JPEG", jpeg(1), jpegPlain(1)],
    ["PNG", png(), pngPlain()],
    ["animated WebP", webp(6), webpPlain(6)],
    ["upright WebP", webp(1), webpPlain(1)],
    ["GIF that is an archive as well", gif(), gifPlain()],
  ])("%s: what draws it stays byte for byte, and which way up; nothing else does", (_, taken, expected) => {
    expect(holds(taken, SECRET)).toBe(true);
    const found = plain(taken)!;
    expect(found).toEqual(expected);
    expect(holds(found, SECRET)).toBe(false);
    expect(plainPicture(taken)?.plain).toBe(false);
    expect(plainPicture(found)?.plain).toBe(true);
  });

  test.each(["II", "MM"] as const)("every way up is kept, in the order %s", (order) => {
    for (let turn = 2; turn <= 8; turn++) {
      const app1 = bytes("Exif\0\0", exif(turn, { order, secret: "a place" }));
      const taken = bytes(0xff, 0xd8, 0xff, 0xe1, 0, app1.length + 2, app1, jpegPlain(1).subarray(2));
      expect(Buffer.from(plain(taken)!).includes(Buffer.from(upright(turn)))).toBe(true);
      expect(holds(plain(taken)!, "a place")).toBe(false);
    }
  });

  test("a PNG that lies on its side keeps that, with a checksum that is right", () => {
    const found = Buffer.from(plain(png(6))!);
    const at = found.indexOf("eXIf");
    expect(found.subarray(at + 4, at + 30).equals(upright(6))).toBe(true);
    expect(found.readUInt32BE(at + 30)).toBe(crc32(found.subarray(at, at + 30)));
  });

  test.each([
    ["a text", bytes("GPS in a text")],
    ["nothing", bytes()],
    ["HTML that says it is a picture", bytes("<html><script>alert(1)</script>")],
    ["SVG", bytes('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')],
    ["a JPEG that ends early", jpeg().subarray(0, 300)],
    [
      "a PNG whose chunk says more than it has",
      bytes(pngPlain().subarray(0, 30), 0x7f, 0xff, 0xff, 0xff, "IDAT", 0, 0),
    ],
    ["a PNG that asks for what nobody knows", bytes(png().subarray(0, 8), 0, 0, 0, 0, "CgBI", 0, 0, 0, 0)],
    ["a WebP that is cut off", webp().subarray(0, 80)],
    ["a GIF without an end", gif().subarray(0, 70)],
  ])("%s is left as it is, and told apart from what was cleaned", (_, picture) =>
    expect(plainPicture(picture)).toBeUndefined(),
  );

  test("whatever is broken in a picture, it ends, and is either left or plain for good", () => {
    const pictures = [jpeg(), png(6), webp(), gif()];
    fc.assert(
      fc.property(
        fc.nat(3),
        fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { maxLength: 6 }),
        fc.nat(700),
        (which, broken, end) => {
          const picture = pictures[which]!.slice(0, Math.max(12, end));
          for (const [at, value] of broken) picture[at % picture.length] = value;
          const once = plain(picture);
          if (once) expect(plainPicture(once)?.plain).toBe(true);
          const size = pixelsOf(picture);
          expect(size === undefined || (size.width > 0 && size.height > 0)).toBe(true);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

describe("how large a picture is, by its head alone", () => {
  test.each([
    ["JPEG", jpeg()],
    ["PNG", png()],
    ["WebP", webp()],
    ["GIF", gif()],
  ])("%s", (_, picture) => expect(pixelsOf(picture)).toEqual({ width: 3, height: 2 }));
  test("a bomb says its size before it is opened", () => {
    expect(pixelsOf(bytes("\x89PNG\r\n\x1a\n", pngHead(50_000, 50_000)))).toEqual({ width: 50_000, height: 50_000 });
  });
  test("plain WebP, with loss and without", () => {
    const lossy = bytes(
      "RIFF",
      [0, 0, 0, 0],
      "WEBPVP8 ",
      [0, 0, 0, 0],
      [0, 0, 0, 0x9d, 1, 0x2a],
      [0x20, 0x03, 0x58, 0x02],
    );
    const lossless = bytes("RIFF", [0, 0, 0, 0], "WEBPVP8L", [0, 0, 0, 0], 0x2f, [0x1f, 0xc3, 0x95, 0]);
    expect(pixelsOf(lossy)).toEqual({ width: 800, height: 600 });
    expect(pixelsOf(lossless)).toEqual({ width: 800, height: 600 });
  });
  test("what is no picture has none", () => {
    expect(pixelsOf(bytes("<html>"))).toBeUndefined();
    expect(pixelsOf(bytes("\x89PNG\r\n\x1a\n"))).toBeUndefined();
    expect(pictureType(bytes("%PDF-1.7"))).toBeUndefined();
  });
});
