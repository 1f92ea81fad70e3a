/**
 * Whether the contract and lib/audit/merkle.ts say the same of the same consistency proofs. Writes what is to be judged,
 * with our judgement, to a file that contracts/test/Differential.t.sol puts before the real `anchor`: the vectors of
 * transparency-dev, known answers, and cases drawn from a seed, honest ones and ones with one thing wrong.
 */
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AbiCoder } from "ethers";
import { isConsistent, leafHash, openTree, type Tree } from "../lib/audit/merkle.ts";
import { root } from "./solc.ts";

interface Case {
  last: { size: number; root: string };
  next: { size: number; root: string };
  proof: string[];
}

const vectors = join(root, "../shared/vectors/merkle/consistency");
const LARGEST = 1 << 16;

const roots: Record<number, string> = {
  1: "0x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  2: "0xfac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  5: "0x4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  6: "0x76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  8: "0x5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

/** Proofs that implementations of RFC 6962 test each other with. */
const known: Case[] = (
  [
    [
      [1, 8],
      [
        "0x96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "0x5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "0x6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
      ],
    ],
    [
      [6, 8],
      [
        "0x0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "0xca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "0xd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      ],
    ],
    [
      [2, 5],
      [
        "0x5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "0xbc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      ],
    ],
  ] as [[number, number], string[]][]
).map(([[m, n], proof]) => ({ last: { size: m, root: roots[m]! }, next: { size: n, root: roots[n]! }, proof }));

/** Hashes of another length can't be said to the contract; filled up with zeros they are as wrong as before. */
const toWord = (base64: string) => `0x${Buffer.from(base64, "base64").toString("hex").padEnd(64, "0").slice(0, 64)}`;

function published(): Case[] {
  return globSync(join(vectors, "**/*.json")).map((path) => {
    const vector = JSON.parse(readFileSync(path, "utf8")) as {
      size1: number;
      size2: number;
      root1: string;
      root2: string;
      proof: string[] | null;
      wantErr: boolean;
    };
    const judged: Case = {
      last: { size: vector.size1, root: toWord(vector.root1) },
      next: { size: vector.size2, root: toWord(vector.root2) },
      proof: (vector.proof ?? []).map(toWord),
    };
    // Their empty tree begins every other; ours begins none.
    const expected = !vector.wantErr && vector.size1 > 0;
    if (isConsistent(judged.last, judged.next, judged.proof) !== expected) throw new Error(`We misjudge ${path}.`);
    return judged;
  });
}

/** Numbers from 0 to below `bound`, and hashes, that follow from the seed. */
function chance(seed: string) {
  let count = 0;
  const hash = () => createHash("sha256").update(`${seed} ${count++}`).digest();
  return {
    below: (bound: number) => hash().readUIntBE(0, 6) % bound,
    word: () => `0x${hash().toString("hex")}`,
  };
}

type Chance = ReturnType<typeof chance>;

/** Small sizes as often as large ones. */
const sizeOf = ({ below }: Chance, least: number) => Math.max(least, below(2 ** (1 + below(16))));

function flipped(word: string, bit: number): string {
  const bytes = Buffer.from(word.slice(2), "hex");
  bytes[bit >> 3]! ^= 1 << (bit & 7);
  return `0x${bytes.toString("hex")}`;
}

type Flaw = (honest: Case, draw: Chance, fork: Tree) => Case;

const flaws: Record<string, Flaw> = {
  none: (honest) => honest,
  "a bit": ({ proof, ...rest }, { below }) => {
    const at = below(proof.length);
    return { ...rest, proof: proof.with(at, flipped(proof[at]!, below(256))) };
  },
  "a hash missing": ({ proof, ...rest }, { below }) => ({ ...rest, proof: proof.toSpliced(below(proof.length), 1) }),
  "a hash more": ({ proof, ...rest }, { below, word }) => {
    const more = below(2) === 0 ? word() : proof[below(proof.length)]!;
    return { ...rest, proof: proof.toSpliced(below(proof.length + 1), 0, more) };
  },
  "the sizes swapped": ({ last, next, proof }) => ({
    last: { ...last, size: next.size },
    next: { ...next, size: last.size },
    proof,
  }),
  "the roots swapped": ({ last, next, proof }) => ({
    last: { ...last, root: next.root },
    next: { ...next, root: last.root },
    proof,
  }),
  "another old root": ({ last, ...rest }, { below }) => ({
    ...rest,
    last: { ...last, root: flipped(last.root, below(256)) },
  }),
  "another new root": ({ next, ...rest }, { below }) => ({
    ...rest,
    next: { ...next, root: flipped(next.root, below(256)) },
  }),
  "a fork": ({ last, next, proof }, _draw, fork) => ({
    last: { ...last, root: fork.root(last.size) },
    next,
    proof,
  }),
  // Both sizes as if the tree had no left half: the proof is honest, but goes on where it should have ended.
  "a tree without its left half": ({ last, next, proof }) => {
    const half = 2 ** Math.floor(Math.log2(last.size));
    if (half === last.size) return { last, next, proof: [] };
    return { last: { ...last, size: last.size - half }, next: { ...next, size: next.size - half }, proof };
  },
  // A proof does not bind the size, so this one may hold; what matters is that both sides say the same.
  "another size": ({ last, next, proof }, { below }) =>
    below(2) === 0
      ? { last: { ...last, size: below(2 * next.size) }, next, proof }
      : { last, next: { ...next, size: below(2 ** (1 + below(48))) }, proof },
};

function* drawn(count: number, seed: string): Generator<Case> {
  const draw = chance(seed);
  const leaves = (salt: string) =>
    Array.from({ length: LARGEST }, (_, i) => leafHash(Buffer.from(`${seed} ${salt} ${i}`)));
  const [tree, fork] = [openTree(leaves("")), openTree(leaves("fork"))];
  const names = Object.keys(flaws);
  for (let i = 0; i < count; i++) {
    const size = sizeOf(draw, 2);
    const oldSize = 1 + draw.below(size - 1);
    const honest: Case = {
      last: { size: oldSize, root: tree.root(oldSize) },
      next: { size, root: tree.root(size) },
      proof: tree.consistencyProof(oldSize, size),
    };
    // One in three is honest.
    const name = i % 3 === 0 ? "none" : names[1 + draw.below(names.length - 1)]!;
    const judged = flaws[name]!(honest, draw, fork);
    if (name !== "another size" && isConsistent(judged.last, judged.next, judged.proof) !== (name === "none")) {
      throw new Error(`We misjudge a proof with this wrong: ${name}. ${JSON.stringify(judged)}`);
    }
    yield judged;
  }
}

const checkpoint = "tuple(uint64 size,bytes32 root)";

/** Writes the cases to `file`: `abi.encode(Case[])`, each with whether a log may go on so. Says what there is. */
export function writeCases(file: string, count: number, seed: string): string {
  const cases = [...published(), ...known, ...drawn(count, seed)].map((judged) => ({
    ...judged,
    holds: judged.next.size > judged.last.size && isConsistent(judged.last, judged.next, judged.proof),
  }));
  const type = `tuple(${checkpoint} last,${checkpoint} next,bytes32[] proof,bool holds)[]`;
  writeFileSync(file, Buffer.from(AbiCoder.defaultAbiCoder().encode([type], [cases]).slice(2), "hex"));
  const source = existsSync(vectors)
    ? `${cases.length - count - known.length} of transparency-dev`
    : "none of transparency-dev, whose vectors are not at ../shared/vectors";
  const holding = cases.filter(({ holds }) => holds).length;
  return `${cases.length} consistency proofs to judge (${source}, ${known.length} known, ${count} drawn), of which ${holding} hold.`;
}
