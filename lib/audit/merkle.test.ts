import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fromBase64, fromHex, toHex } from "../keyring/bytes.ts";
import { EMPTY_ROOT, isConsistent, isIncluded, leafHash, nodeHash, openTree } from "./merkle.ts";

const hashes = (size: number, salt = 0) =>
  Array.from({ length: size }, (_, i) => leafHash(Uint8Array.of(salt, i >> 8, i & 255)));
const flipped = (hash: string, bit: number) => {
  const bytes = fromHex(hash);
  bytes[bit >> 3]! ^= 1 << (bit & 7);
  return toHex(bytes);
};

/** The eight leaves that implementations of RFC 6962 test each other with, and the roots of the trees they make. */
const known = {
  leaves: ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"],
  roots: [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ],
};

test("the known trees of RFC 6962 have their known roots", () => {
  expect(EMPTY_ROOT).toBe("0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(openTree().root()).toBe(EMPTY_ROOT);
  const tree = openTree(known.leaves.map((leaf) => leafHash(fromHex(leaf))));
  known.roots.forEach((root, i) => {
    expect(tree.root(i + 1)).toBe(`0x${root}`);
  });
});

test("a known proof of RFC 6962 is the one we make", () => {
  const tree = openTree(known.leaves.map((leaf) => leafHash(fromHex(leaf))));
  expect(tree.inclusionProof(5, 8)).toEqual([
    "0xbc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "0xca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "0xd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  ]);
  expect(tree.consistencyProof(1, 8)).toEqual([
    "0x96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "0x5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "0x6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
  ]);
});

const MOST = 64;

test("T-LOG8: of all trees up to 64 leaves each begins with each smaller one, and one wrong bit anywhere is found", () => {
  const tree = openTree(hashes(MOST));
  for (let n = 1; n <= MOST; n++) {
    for (let m = 1; m <= n; m++) {
      const last = { size: m, root: tree.root(m) };
      const next = { size: n, root: tree.root(n) };
      const proof = tree.consistencyProof(m, n);
      expect(isConsistent(last, next, proof)).toBe(true);
      const wrong = (what: string, holds: boolean) => holds && expect.fail(`${m} to ${n}: ${what}`);
      const bit = (7 * m + 13 * n) % 256;
      proof.forEach((hash, i) => {
        wrong(`hash ${i} changed`, isConsistent(last, next, proof.with(i, flipped(hash, bit))));
        wrong(`hash ${i} missing`, isConsistent(last, next, proof.toSpliced(i, 1)));
        wrong(`hash ${i} twice`, isConsistent(last, next, proof.toSpliced(i, 0, hash)));
      });
      wrong("a hash more", isConsistent(last, next, [...proof, tree.root(1)]));
      wrong("another old root", isConsistent({ ...last, root: flipped(last.root, bit) }, next, proof));
      wrong("another new root", isConsistent(last, { ...next, root: flipped(next.root, bit) }, proof));
      if (m < n) wrong("the other way round", isConsistent(next, last, proof));
      if (m < n) wrong("no proof", isConsistent(last, next, []));
    }
  }
});

test("T-LOG8: of all trees up to 64 leaves each leaf is in its place only, and one wrong bit anywhere is found", () => {
  const leaves = hashes(MOST);
  const tree = openTree(leaves);
  for (let size = 1; size <= MOST; size++) {
    const whole = { size, root: tree.root(size) };
    for (let index = 0; index < size; index++) {
      const leaf = leaves[index]!;
      const proof = tree.inclusionProof(index, size);
      expect(isIncluded(leaf, index, whole, proof)).toBe(true);
      const wrong = (what: string, holds: boolean) => holds && expect.fail(`${index} of ${size}: ${what}`);
      const bit = (7 * index + 13 * size) % 256;
      proof.forEach((hash, i) => {
        wrong(`hash ${i} changed`, isIncluded(leaf, index, whole, proof.with(i, flipped(hash, bit))));
        wrong(`hash ${i} missing`, isIncluded(leaf, index, whole, proof.toSpliced(i, 1)));
      });
      wrong("another leaf", isIncluded(flipped(leaf, bit), index, whole, proof));
      wrong("another root", isIncluded(leaf, index, { size, root: flipped(whole.root, bit) }, proof));
      if (size > 1) wrong("another place", isIncluded(leaf, (index + 1) % size, whole, proof));
      wrong("outside", isIncluded(leaf, size, whole, proof));
      wrong("a hash more", isIncluded(leaf, index, whole, [...proof, leaf]));
    }
  }
});

test("a fork is not consistent, wherever it parts", () => {
  const honest = hashes(40);
  const tree = openTree(honest);
  for (let parts = 0; parts < 20; parts++) {
    const fork = openTree([...honest.slice(0, parts), ...hashes(40 - parts, 1)]);
    expect(
      isConsistent({ size: 20, root: tree.root(20) }, { size: 40, root: fork.root() }, fork.consistencyProof(20)),
    ).toBe(false);
  }
});

test("what is no hash is in no tree", () => {
  for (const none of ["", "0x", "0x1234", `0x${"0".repeat(66)}`, `0x${"G".repeat(64)}`]) {
    expect(isIncluded(none, 0, { size: 1, root: none }, [])).toBe(false);
    expect(isConsistent({ size: 1, root: none }, { size: 2, root: EMPTY_ROOT }, [EMPTY_ROOT])).toBe(false);
    expect(isIncluded(EMPTY_ROOT, 0, { size: 2, root: EMPTY_ROOT }, [none])).toBe(false);
    expect(isConsistent({ size: 1, root: EMPTY_ROOT }, { size: 2, root: EMPTY_ROOT }, [none])).toBe(false);
  }
});

test("sizes that are none hold nothing, and large ones are counted exactly", () => {
  const root = leafHash(Uint8Array.of(1));
  for (const size of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    expect(isConsistent({ size, root }, { size, root }, [])).toBe(false);
    expect(isIncluded(root, size, { size: 2 ** 40, root }, [])).toBe(false);
  }
  // The leaf 2^33 of 2^33 + 1 stands alone beside a full tree; as 32-bit numbers it would be leaf 0 of 1.
  expect(isIncluded(root, 2 ** 33, { size: 2 ** 33 + 1, root: nodeHash(EMPTY_ROOT, root) }, [EMPTY_ROOT])).toBe(true);
  expect(isIncluded(root, 2 ** 33, { size: 2 ** 33 + 1, root }, [])).toBe(false);
  const tree = openTree([root]);
  expect(() => tree.root(2)).toThrow(RangeError);
  expect(() => tree.inclusionProof(1)).toThrow(RangeError);
  expect(() => tree.consistencyProof(0)).toThrow(RangeError);
  expect(() => tree.consistencyProof(2)).toThrow(RangeError);
});

interface Vector {
  desc: string;
  wantErr: boolean;
  proof: string[] | null;
}
interface Consistency extends Vector {
  size1: number;
  size2: number;
  root1: string;
  root2: string;
}
interface Inclusion extends Vector {
  leafIdx: number;
  treeSize: number;
  root: string;
  leafHash: string;
}

const folder = join(import.meta.dirname, "../../../shared/vectors/merkle");
const vectors = <T>(kind: string): T[] =>
  globSync(join(folder, kind, "**/*.json")).map((path) => JSON.parse(readFileSync(path, "utf8")));
const fromVector = (base64: string) => toHex(fromBase64(base64));

test.skipIf(!existsSync(folder))(`transparency-dev's vectors are judged as they say (needs ${folder})`, () => {
  const consistency = vectors<Consistency>("consistency");
  const inclusion = vectors<Inclusion>("inclusion");
  expect([consistency.length, inclusion.length]).toEqual([98, 98]);
  for (const { desc, wantErr, size1, size2, root1, root2, proof } of consistency) {
    const holds = isConsistent(
      { size: size1, root: fromVector(root1) },
      { size: size2, root: fromVector(root2) },
      (proof ?? []).map(fromVector),
    );
    expect(holds, `${desc}, ${size1} to ${size2}`).toBe(!wantErr);
  }
  for (const { desc, wantErr, leafIdx, treeSize, root, leafHash, proof } of inclusion) {
    const holds = isIncluded(
      fromVector(leafHash),
      leafIdx,
      { size: treeSize, root: fromVector(root) },
      (proof ?? []).map(fromVector),
    );
    expect(holds, `${desc}, ${leafIdx} of ${treeSize}`).toBe(!wantErr);
  }
});
