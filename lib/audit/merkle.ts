import { sha256 } from "@noble/hashes/sha2.js";
import { fromHex, toHex } from "../keyring/bytes.ts";

/**
 * The Merkle tree of RFC 9162 over SHA-256, the same for browsers and servers. Hashes are `0x…`, lower case. A proof does
 * not bind the size of the larger tree, so take size and root from one signed checkpoint.
 */

/** SHA-256 of no bytes at all: the root of the empty tree. */
export const EMPTY_ROOT = toHex(sha256(new Uint8Array()));

/** What stands for one leaf in the tree: SHA-256(0x00 ‖ leaf). */
export function leafHash(leaf: Uint8Array): string {
  const bytes = new Uint8Array(1 + leaf.length);
  bytes.set(leaf, 1);
  return toHex(sha256(bytes));
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: string, right: string): string {
  const bytes = new Uint8Array(65);
  bytes[0] = 1;
  bytes.set(fromHex(left), 1);
  bytes.set(fromHex(right), 33);
  return toHex(sha256(bytes));
}

/** A tree that grows. What is asked of an earlier size is answered as it was then. */
export interface Tree {
  readonly size: number;
  /** Appends a leaf by its hash. */
  add(leaf: string): void;
  /** Of the first `size` leaves. */
  root(size?: number): string;
  /** That leaf `index`, counted from 0, is in the first `size` leaves. Throws when it is not. */
  inclusionProof(index: number, size?: number): string[];
  /** That the first `size` leaves begin with the first `oldSize`, from 1. Throws when there are not that many. */
  consistencyProof(oldSize: number, size?: number): string[];
}

export function openTree(leaves: Iterable<string> = []): Tree {
  /** Of each height, the roots of its full subtrees from the left; of height 0, the leaves. */
  const levels: string[][] = [[]];

  function add(leaf: string): void {
    let hash = leaf;
    for (let height = 0; ; height++) {
      levels[height] ??= [];
      const level = levels[height]!;
      level.push(hash);
      if (level.length % 2 === 1) return;
      hash = nodeHash(level.at(-2)!, hash);
    }
  }

  const rootOf = (range: Range) => fold(fullSubtrees(range).map(({ height, index }) => levels[height]![index]!));

  function within(size: number): number {
    if (size > levels[0]!.length) throw new RangeError("The tree has no such size.");
    return size;
  }

  for (const leaf of leaves) add(leaf);
  return {
    get size() {
      return levels[0]!.length;
    },
    add,
    root: (size = levels[0]!.length) => rootOf({ from: 0, to: within(size) }),
    inclusionProof: (index, size = levels[0]!.length) => inclusionRanges(index, within(size)).map(rootOf),
    consistencyProof: (oldSize, size = levels[0]!.length) => consistencyRanges(oldSize, within(size)).map(rootOf),
  };
}

/** Leaves `from` to before `to`, of which a proof holds the root. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A subtree of 2^height leaves, the `index`-th of its height from the left. */
export interface Subtree {
  readonly height: number;
  readonly index: number;
}

/** What an inclusion proof of leaf `index`, from 0, in `size` leaves holds, in its order. Throws when there is no such leaf. */
export function inclusionRanges(index: number, size: number): Range[] {
  if (!isSize(index) || !isSize(size) || index >= size) throw new RangeError("The tree has no such leaf.");
  const ranges: Range[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + split(to - from);
    ranges.push(index < middle ? { from: middle, to } : { from, to: middle });
    if (index < middle) to = middle;
    else from = middle;
  }
  return ranges.reverse();
}

/** What a proof holds that `size` leaves begin with the first `oldSize`, from 1, in its order. Throws when they cannot. */
export function consistencyRanges(oldSize: number, size: number): Range[] {
  if (!isSize(oldSize) || !isSize(size) || oldSize === 0 || oldSize > size)
    throw new RangeError("The tree does not begin with that one.");
  const ranges: Range[] = [];
  let [from, to] = [0, size];
  while (oldSize !== to) {
    const middle = from + split(to - from);
    ranges.push(oldSize <= middle ? { from: middle, to } : { from, to: middle });
    if (oldSize <= middle) to = middle;
    else from = middle;
  }
  if (from !== 0) ranges.push({ from, to });
  return ranges.reverse();
}

/** The full subtrees that a range of a proof, or a whole tree, is made of, from the left. Their roots are what `fold` takes. */
export function fullSubtrees({ from, to }: Range): Subtree[] {
  if (!isSize(from) || !isSize(to)) throw new RangeError("The tree has no such size.");
  const found: Subtree[] = [];
  for (let at = from; at < to; ) {
    const width = isPowerOfTwo(to - at) ? to - at : split(to - at);
    found.push({ height: Math.log2(width), index: at / width });
    at += width;
  }
  return found;
}

/** The root over the full subtrees of a range, by their roots from the left. */
export function fold(roots: readonly string[]): string {
  return (
    roots.reduceRight<string | null>((right, left) => (right === null ? left : nodeHash(left, right)), null) ??
    EMPTY_ROOT
  );
}

/** The full subtrees of a tree that only grows, by their roots from the left: all that the next leaf needs. */
export interface Edge {
  readonly size: number;
  readonly roots: readonly string[];
}

export const EMPTY_EDGE: Edge = { size: 0, roots: [] };

/** The edge after one more leaf. `full` hears of every subtree that it completes, from the leaf itself upwards. */
export function grow(
  { size, roots }: Edge,
  leaf: string,
  full: (subtree: Subtree, root: string) => void = () => {},
): Edge {
  const next = [...roots];
  let hash = leaf;
  let index = size;
  full({ height: 0, index }, hash);
  for (let height = 1; isOdd(index); height++) {
    hash = nodeHash(next.pop()!, hash);
    index = half(index);
    full({ height, index }, hash);
  }
  return { size: size + 1, roots: [...next, hash] };
}

/** Whether the leaf with this hash is leaf `index`, from 0, of the tree of `size` leaves with this root (2.1.3.2). */
export function isIncluded(
  leaf: string,
  index: number,
  tree: { size: number; root: string },
  proof: readonly string[],
): boolean {
  if (!isSize(index) || !isSize(tree.size) || index >= tree.size) return false;
  if (![leaf, tree.root, ...proof].every(isHash)) return false;
  let [fn, sn] = [index, tree.size - 1];
  let hash = leaf;
  for (const sibling of proof) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && hash === tree.root;
}

/** Whether the tree `next` begins with the tree `last` (2.1.4.2). The empty tree proves nothing, so it begins none. */
export function isConsistent(
  last: { size: number; root: string },
  next: { size: number; root: string },
  proof: readonly string[],
): boolean {
  if (!isSize(last.size) || !isSize(next.size) || last.size === 0 || last.size > next.size) return false;
  if (last.size === next.size) return last.root === next.root && proof.length === 0;
  if (![last.root, next.root, ...proof].every(isHash)) return false;
  // An old tree that is a full one is where the proof starts and not in it.
  const isFull = isPowerOfTwo(last.size);
  const [start, ...path] = isFull ? [last.root, ...proof] : proof;
  if (start === undefined || proof.length === 0) return false;
  let [fn, sn] = [last.size - 1, next.size - 1];
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)];
  let [fr, sr] = [start, start];
  for (const sibling of path) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      fr = nodeHash(sibling, fr);
      sr = nodeHash(sibling, sr);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      sr = nodeHash(sr, sibling);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && fr === last.root && sr === next.root;
}

const isHash = (text: string) => /^0x[0-9a-f]{64}$/.test(text);
// Sizes go up to 2^53, where JavaScript's bit operations end at 2^32.
const isSize = (size: number) => Number.isSafeInteger(size) && size >= 0;
const isOdd = (n: number) => n % 2 === 1;
const half = (n: number) => Math.floor(n / 2);

function isPowerOfTwo(n: number): boolean {
  let rest = n;
  while (rest > 1 && rest % 2 === 0) rest /= 2;
  return rest === 1;
}

/** The largest power of two below `n`, for `n` from 2. */
function split(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}
