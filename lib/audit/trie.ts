import { decodeRlp, encodeRlp, keccak256, type RlpStructuredDataish, toBeArray } from "ethers";

/** Merkle-Patricia tries, as the chain keeps its state, the contract's words and a block's transactions in. Hex throughout. */

/** Thrown for a proof that does not lead from its root to its key. */
export class NotProven extends Error {}

/** More than any trie is deep. */
const DEEPEST = 70;

/**
 * What the trie with this root has at `key`, as a proof shows it: its nodes from the root on, each as its bytes. Null where
 * the proof shows that there is nothing. Throws `NotProven`.
 */
export function provenAt(root: string, key: string, proof: readonly string[]): string | null {
  let path = key.slice(2);
  let next: unknown = root;
  let used = 0;
  const done = (value: unknown): string | null => {
    if (used !== proof.length) throw new NotProven("The proof goes on after its end.");
    if (typeof value !== "string") throw new NotProven("The proof ends in no value.");
    return value === "0x" ? null : value;
  };
  for (let depth = 0; depth < DEEPEST; depth++) {
    if (next === "0x") return done(next);
    if (typeof next === "string") {
      const bytes = proof[used++];
      if (bytes === undefined || keccak256(bytes) !== next) throw new NotProven("The proof does not lead to its key.");
      next = decodeRlp(bytes);
    }
    const node: unknown = next;
    if (!Array.isArray(node)) throw new NotProven("The proof holds what is no node.");
    if (node.length === 17) {
      if (path === "") return done(node[16]);
      next = node[Number.parseInt(path[0]!, 16)];
      path = path.slice(1);
    } else if (node.length === 2 && typeof node[0] === "string") {
      const { nibbles, isLeaf } = unpacked(node[0]);
      if (isLeaf) return done(nibbles === path ? node[1] : "0x");
      if (nibbles === "" || !path.startsWith(nibbles)) return done("0x");
      path = path.slice(nibbles.length);
      next = node[1];
    } else throw new NotProven("The proof holds what is no node.");
  }
  throw new NotProven("The proof has no end.");
}

/** A shortened path's first digit says whether it is a leaf's, and whether its digits are odd in number. */
function unpacked(path: string): { nibbles: string; isLeaf: boolean } {
  const flag = Number.parseInt(path[2] ?? "", 16);
  if (!(flag >= 0 && flag <= 3)) throw new NotProven("The proof holds what is no node.");
  return { nibbles: path.slice(flag % 2 === 1 ? 3 : 4), isLeaf: flag >= 2 };
}

const packed = (nibbles: string, isLeaf: boolean): string => {
  const isOdd = nibbles.length % 2;
  return `0x${(isLeaf ? 2 : 0) + isOdd}${isOdd ? "" : "0"}${nibbles}`;
};

/** Where the trie of a block's transactions has the one with this index. */
export const transactionKey = (index: number): string => encodeRlp(toBeArray(index));

type Node = RlpStructuredDataish;
type Leaves = readonly (readonly [path: string, value: string])[];

/** The trie over these keys and values: its root, and the proof of one of them. For few enough to be made anew each time. */
export function trieOver(pairs: readonly (readonly [key: string, value: string])[]): {
  root: string;
  proofOf(key: string): string[];
} {
  const nodes = new Map<string, Node>();
  const refer = (node: Node): Node => {
    const bytes = encodeRlp(node);
    if (bytes.length < 2 + 64) return node;
    nodes.set(keccak256(bytes), node);
    return keccak256(bytes);
  };
  const top = nodeOf(
    pairs.map(([key, value]) => [key.slice(2), value] as const),
    refer,
  );
  return {
    root: keccak256(encodeRlp(top)),
    proofOf: (key) => {
      const proof = [encodeRlp(top)];
      let path = key.slice(2);
      let node: Node = top;
      for (;;) {
        const list = node as Node[];
        const through = list.length === 17 ? path.slice(0, 1) : unpacked(list[0] as string).nibbles;
        if (list.length === 2 && unpacked(list[0] as string).isLeaf) return proof;
        const next = (list.length === 17 ? list[Number.parseInt(through, 16)] : list[1]) as Node;
        // Where the trie goes another way than the key, the proof ends: it shows that the key is not there.
        if (through === "" || !path.startsWith(through) || next === undefined) return proof;
        path = path.slice(through.length);
        if (typeof next === "string") {
          const found = nodes.get(next);
          if (!found) return proof;
          proof.push(encodeRlp(found));
          node = found;
        } else node = next;
      }
    },
  };
}

function nodeOf(leaves: Leaves, refer: (node: Node) => Node): Node {
  if (leaves.length === 0) return "0x";
  const [[first, value]] = leaves as [[string, string]];
  if (leaves.length === 1) return [packed(first, true), value];
  let shared = 0;
  while (shared < first.length && leaves.every(([path]) => path[shared] === first[shared])) shared++;
  if (shared > 0) {
    const below = leaves.map(([path, one]) => [path.slice(shared), one] as const);
    return [packed(first.slice(0, shared), false), refer(nodeOf(below, refer))];
  }
  const branch = Array.from("0123456789abcdef", (digit) => {
    const below = leaves.flatMap(([path, one]) => (path[0] === digit ? [[path.slice(1), one] as const] : []));
    return below.length === 0 ? "0x" : refer(nodeOf(below, refer));
  });
  return [...branch, leaves.find(([path]) => path === "")?.[1] ?? "0x"];
}
