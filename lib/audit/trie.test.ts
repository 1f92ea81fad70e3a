import { keccak256, toUtf8Bytes } from "ethers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NotProven, provenAt, trieOver } from "./trie.ts";

const hex = (text: string) => `0x${Buffer.from(toUtf8Bytes(text)).toString("hex")}`;
const dogs = [
  ["doe", "reindeer"],
  ["dog", "puppy"],
  ["dogglesworth", "cat"],
].map(([key, value]) => [hex(key!), hex(value!)] as const);

test("a trie has the root that Ethereum's own tests give it", () => {
  expect(trieOver(dogs).root).toBe("0x8aad789dff2f538bca5d8ea56e8abe10f4c7ba3a5dea95fea4cd6e7c3a1168d3");
  expect(trieOver([]).root).toBe("0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");
});

const pairs = fc
  .uniqueArray(
    fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 4 }), fc.uint8Array({ minLength: 1, maxLength: 40 })),
    {
      selector: ([key]) => String(key),
      minLength: 1,
      maxLength: 40,
    },
  )
  .map((list) => list.map(([key, value]) => [bytes(key), bytes(value)] as const));
const bytes = (of: Uint8Array) => `0x${Buffer.from(of).toString("hex")}`;

describe("a proof", () => {
  test("shows each key's value, and of another key that it is not there", () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const trie = trieOver(list);
        for (const [key, value] of list) expect(provenAt(trie.root, key, trie.proofOf(key))).toBe(value);
        const other = "0x0102030405";
        expect(provenAt(trie.root, other, trie.proofOf(other))).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  test("shows nothing once any of its bytes is another, one is missing, or one is more", () => {
    const list = Array.from({ length: 40 }, (_, i) => [keccak256(hex(`key ${i}`)), hex(`value ${i}`)] as const);
    const trie = trieOver(list);
    const [key] = list[7]!;
    const proof = trie.proofOf(key);
    expect(proof.length).toBeGreaterThan(1);
    for (const [i, node] of proof.entries()) {
      for (let at = 2; at < node.length; at++) {
        const other = node[at] === "0" ? "1" : "0";
        const changed = proof.with(i, node.slice(0, at) + other + node.slice(at + 1));
        expect(() => provenAt(trie.root, key, changed)).toThrow(NotProven);
      }
    }
    expect(() => provenAt(trie.root, key, proof.slice(0, -1))).toThrow(NotProven);
    expect(() => provenAt(trie.root, key, [...proof, proof[0]!])).toThrow(NotProven);
    expect(() => provenAt(trie.root, key, [])).toThrow(NotProven);
    expect(() => provenAt(keccak256("0xc0"), key, ["0xc0"])).toThrow(NotProven);
  });
});
