import { base64, base64urlnopad, hex } from "@scure/base";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fromBase64, fromBase64Url, fromHex, toBase64, toBase64Url, toHex } from "./bytes.ts";

const forms = [
  { name: "hex", to: (bytes: Uint8Array) => toHex(bytes).slice(2), from: fromHex, theirs: hex, letters: "09afAFgG =" },
  { name: "base64", to: toBase64, from: fromBase64, theirs: base64, letters: "AQZaz09+/-_= \n" },
  {
    name: "base64 of an address",
    to: toBase64Url,
    from: fromBase64Url,
    theirs: base64urlnopad,
    letters: "AQZaz09+/-_= \n",
  },
];

test.each(forms)("bytes become the $name that others make of them, and come back", ({ to, from, theirs }) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20_000 }), (bytes) => {
      expect(to(bytes)).toBe(theirs.encode(bytes));
      expect(from(to(bytes))).toEqual(bytes);
    }),
  );
});

test.each(forms)("what stands for no bytes as $name is refused as others refuse it", ({ from, theirs, letters }) => {
  const read = (decode: (text: string) => Uint8Array, text: string) => {
    try {
      return theirs.encode(decode(text));
    } catch {
      return "refused";
    }
  };
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...letters), maxLength: 9 }), (text) => {
      expect(read(from, text)).toBe(read((one) => theirs.decode(one), text));
    }),
    { numRuns: 2_000 },
  );
});
