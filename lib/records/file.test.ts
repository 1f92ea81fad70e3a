import { createHash } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import { newSealer, openFile, sealFile } from "./file.ts";

const hashOf = (bytes: Uint8Array) => `0x${createHash("sha256").update(bytes).digest("hex")}`;
const MB = 1_024 ** 2;

async function sealed(bytes: Uint8Array<ArrayBuffer>) {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let expected = 0;
  const about = await sealFile(new Blob([bytes]), newSealer(), {
    expect: (size) => {
      expected = size;
    },
    write: (chunk) => void chunks.push(new Uint8Array(chunk)),
  });
  const ciphertext = Buffer.concat(chunks);
  return { about, ciphertext, expected };
}

afterEach(() => vi.unstubAllGlobals());

test.each([0, 1, 65_535, 65_536, MB - 1, MB, MB + 1, 3 * MB + 7])(
  "a file of %i bytes is sealed with its hashes and its size, and opens to the same bytes",
  async (size) => {
    const bytes = new Uint8Array(size).map((_, i) => i * 7);
    const { about, ciphertext, expected } = await sealed(bytes);
    expect(about.sha256).toBe(hashOf(bytes));
    expect(about.blob).toBe(hashOf(ciphertext));
    expect([about.size, expected]).toEqual([ciphertext.length, ciphertext.length]);
    const opened = await openFile(new Blob([ciphertext]).stream(), about.key);
    expect(Buffer.from(await new Response(opened).arrayBuffer()).equals(bytes)).toBe(true);
    ciphertext[ciphertext.length - 1]! ^= 1;
    const changed = await openFile(new Blob([ciphertext]).stream(), about.key);
    await expect(new Response(changed).arrayBuffer()).rejects.toThrow();
  },
);

test("where WebAssembly is not allowed the hashes are the same", async () => {
  vi.stubGlobal("WebAssembly", undefined);
  const bytes = new Uint8Array(100_000).fill(3);
  const { about, ciphertext } = await sealed(bytes);
  expect([about.sha256, about.blob]).toEqual([hashOf(bytes), hashOf(ciphertext)]);
});

test("pieces come in their order, also to who asks for the next before the last is there", async () => {
  const sealer = newSealer();
  const bytes = new Uint8Array(3 * MB).map((_, i) => i >> 12);
  const { key } = await sealer.begin(new Blob([bytes]));
  const pieces = await Promise.all(Array.from({ length: 6 }, () => sealer.more()));
  expect(pieces.at(-1)).toEqual([]);
  const opened = await openFile(new Blob(pieces.flat() as Uint8Array<ArrayBuffer>[]).stream(), key);
  expect(Buffer.from(await new Response(opened).arrayBuffer()).equals(bytes)).toBe(true);
});
