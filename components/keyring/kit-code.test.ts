import encodeQR from "qr";
import decodeQR from "qr/decode.js";
import { expect, test } from "vitest";
import { wordsOf } from "@/lib/keyring/words.ts";
import { kitCode, kitFrom } from "./kit-code.ts";

const words = wordsOf(new Uint8Array(16).fill(9));

test("a printed kit's code is read back to its words", () => {
  const rows = encodeQR(kitCode(words), "raw", { ecc: "medium", border: 4 });
  const scale = 4;
  const size = rows.length * scale;
  const data = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      if (rows[Math.floor(y / scale)]![Math.floor(x / scale)]) data.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3);
  expect(kitFrom(decodeQR({ width: size, height: size, data }))).toEqual(words);
});

test("other codes are no kit, and a kit with a wrong word is none either", () => {
  expect(kitFrom("https://example.org/join/1")).toBeNull();
  expect(kitFrom(words.join(" "))).toBeNull();
  expect(kitFrom(kitCode(words.with(3, "notaword")))).toBeNull();
  expect(kitFrom(kitCode(words.toReversed()))).toBeNull();
});
