import { expect, test } from "vitest";
import { EMPTY_EDGE, fold, grow, isConsistent, isIncluded, leafHash, nodeHash, openTree } from "./merkle.ts";
import {
  consistencyIn,
  inclusionIn,
  type ReadTile,
  readTilePath,
  rootIn,
  type Tile,
  tilePath,
  widthIn,
} from "./tiles.ts";

/** The root over a power of two of hashes. */
const fullRoot = (row: readonly string[]): string => {
  if (row.length === 1) return row[0]!;
  const middle = row.length / 2;
  return nodeHash(fullRoot(row.slice(0, middle)), fullRoot(row.slice(middle)));
};

const leaves = Array.from({ length: 70_000 }, (_, i) => leafHash(Uint8Array.of(i >> 16, i >> 8, i)));

/** Tiles as a folder of files would have them, and how often one was read. */
function shelf(size: number): { read: ReadTile; reads: Tile[] } {
  const levels = [leaves.slice(0, size)];
  for (let below = levels[0]!; below.length >= 256; below = levels.at(-1)!)
    levels.push(
      Array.from({ length: Math.floor(below.length / 256) }, (_, i) => fullRoot(below.slice(256 * i, 256 * (i + 1)))),
    );
  const reads: Tile[] = [];
  return {
    reads,
    read: async (tile) => {
      reads.push(tile);
      const hashes = levels[tile.level]!.slice(256 * tile.index, 256 * tile.index + tile.width);
      expect(hashes).toHaveLength(tile.width);
      return hashes;
    },
  };
}

test("a tree in tiles has the roots and proofs of the same tree in one piece", async () => {
  const whole = openTree(leaves);
  for (const size of [1, 2, 255, 256, 257, 511, 65_535, 65_536, 65_537, 70_000]) {
    const { read } = shelf(size);
    const tree = { size, root: whole.root(size) };
    expect(await rootIn(read, size)).toBe(tree.root);
    for (const index of [0, size >> 1, size - 1]) {
      const proof = await inclusionIn(read, index, size);
      expect(proof).toEqual(whole.inclusionProof(index, size));
      expect(isIncluded(leaves[index]!, index, tree, proof)).toBe(true);
      const proofSince = await consistencyIn(read, index + 1, size);
      expect(proofSince).toEqual(whole.consistencyProof(index + 1, size));
      expect(isConsistent({ size: index + 1, root: whole.root(index + 1) }, tree, proofSince)).toBe(true);
    }
  }
});

test("a tree of 70,000 leaves has the tiles that the specification counts", () => {
  const full = (level: number, tiles: number) =>
    Array.from({ length: tiles }, (_, index) => widthIn(70_000, { level, index })).every((width) => width === 256);
  expect(full(0, 273)).toBe(true);
  expect(widthIn(70_000, { level: 0, index: 273 })).toBe(112);
  expect(full(1, 1)).toBe(true);
  expect(widthIn(70_000, { level: 1, index: 1 })).toBe(17);
  expect(widthIn(70_000, { level: 2, index: 0 })).toBe(1);
  expect(widthIn(70_000, { level: 2, index: 1 })).toBe(0);
  expect(widthIn(256, { level: 1, index: 0 })).toBe(1);
});

test("a tree’s edge knows its root at every size, and says each subtree once", () => {
  const whole = openTree(leaves.slice(0, 600));
  const said = new Map<string, string>();
  let edge = EMPTY_EDGE;
  for (const [i, leaf] of leaves.slice(0, 600).entries()) {
    edge = grow(edge, leaf, ({ height, index }, root) => {
      expect(said.has(`${height} ${index}`)).toBe(false);
      said.set(`${height} ${index}`, root);
    });
    expect(fold(edge.roots)).toBe(whole.root(i + 1));
  }
  expect(said.get("8 1")).toBe(fullRoot(leaves.slice(256, 512)));
});

test("a proof in a large tree is read from few tiles", async () => {
  const { read, reads } = shelf(70_000);
  await inclusionIn(read, 12_345, 70_000);
  expect(new Set(reads.map((tile) => tilePath(tile))).size).toBeLessThanOrEqual(6);
});

test.each([
  [{ level: 0, index: 0, width: 256 }, "tile/0/000"],
  [{ level: 0, index: 1_234_067, width: 256 }, "tile/0/x001/x234/067"],
  [{ level: 1, index: 0, width: 8 }, "tile/1/000.p/8"],
  [{ level: 63, index: 999, width: 255 }, "tile/63/999.p/255"],
  [{ level: 0, index: 1_000, width: 1 }, "tile/0/x001/000.p/1"],
])("the tile %j is at %s", (tile, path) => {
  expect(tilePath(tile)).toBe(path);
  expect(readTilePath(path)).toEqual({ tile, entries: false });
});

test.each(["tile/entries/x001/234", "tile/entries/000.p/17"])("%s is a bundle of leaves", (path) => {
  expect(readTilePath(path)?.entries).toBe(true);
});

test.each([
  "tile/0/0",
  "tile/0/0000",
  "tile/0/001/234",
  "tile/0/x000/001",
  "tile/00/000",
  "tile/64x/000",
  "tile/0/000.p/0",
  "tile/0/000.p/256",
  "tile/0/000.p/08",
  "tile/-1/000",
  "tile/0/000/",
  "tile/0/../000",
  "tile/0/x999/x999/x999/x999/x999/999",
])("%s names no tile", (path) => {
  expect(readTilePath(path)).toBeNull();
});
