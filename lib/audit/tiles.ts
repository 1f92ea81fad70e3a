import { fromHex } from "../keyring/bytes.ts";
import {
  consistencyRanges,
  type Edge,
  fold,
  fullSubtrees,
  inclusionRanges,
  nodeHash,
  type Range,
  type Subtree,
} from "./merkle.ts";

/** A tree cut into tiles of 256 hashes, as c2sp.org/tlog-tiles has them. */
export const TILE_WIDTH = 256;
export const TILE_HEIGHT = 8;

/** Hashes `index * 256` and on of a level: leaves at level 0, roots of the full tiles below at the others. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  /** 1 to 256. */
  readonly width: number;
}

/** Where tiles come from: their hashes as `0x…`, `width` of them, from the left. */
export type ReadTile = (tile: Tile) => Promise<readonly string[]>;

/** `tile/0/x001/x234/067.p/8`, and `entries` instead of the level for what the leaves are made of. */
export function tilePath({ level, index, width }: Tile, entries = false): string {
  const digits = String(index).padStart(3, "0");
  const parts = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/.{3}/g)!;
  const name = parts.map((part, i) => (i < parts.length - 1 ? `x${part}` : part)).join("/");
  return `tile/${entries ? "entries" : level}/${name}${width < TILE_WIDTH ? `.p/${width}` : ""}`;
}

/** What such a path names; null where it names nothing. */
export function readTilePath(path: string): { tile: Tile; entries: boolean } | null {
  const [, of, name, partial] =
    /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path) ?? [];
  if (of === undefined || name === undefined) return null;
  const entries = of === "entries";
  const index = Number(name.replace(/[x/]/g, ""));
  const tile = { level: entries ? 0 : Number(of), index, width: partial === undefined ? TILE_WIDTH : Number(partial) };
  return tilePath(tile, entries) === path && Number.isSafeInteger(index) ? { tile, entries } : null;
}

/** How many hashes of this tile a tree of `size` leaves has; 0 where it has none. */
export function widthIn(size: number, { level, index }: Pick<Tile, "level" | "index">): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/** The root of the tree of `size` leaves. */
export const rootIn = (read: ReadTile, size: number): Promise<string> => rootOf(read, size, { from: 0, to: size });

/** That leaf `index`, from 0, is in the first `size` leaves. Throws when it is not. */
export const inclusionIn = (read: ReadTile, index: number, size: number): Promise<string[]> =>
  Promise.all(inclusionRanges(index, size).map((range) => rootOf(read, size, range)));

/** That the first `size` leaves begin with the first `oldSize`, from 1. Throws when they cannot. */
export const consistencyIn = (read: ReadTile, oldSize: number, size: number): Promise<string[]> =>
  Promise.all(consistencyRanges(oldSize, size).map((range) => rootOf(read, size, range)));

async function rootOf(read: ReadTile, size: number, range: Range): Promise<string> {
  return fold(await Promise.all(fullSubtrees(range).map((subtree) => subtreeIn(read, size, subtree))));
}

/** The full subtrees of the tree of `size` leaves. */
export async function edgeIn(read: ReadTile, size: number): Promise<Edge> {
  const subtrees = fullSubtrees({ from: 0, to: size });
  return { size, roots: await Promise.all(subtrees.map((subtree) => subtreeIn(read, size, subtree))) };
}

/** A full subtree's root is made of hashes of one tile: 2^(height mod 8) of them. */
async function subtreeIn(read: ReadTile, size: number, { height, index }: Subtree): Promise<string> {
  const level = Math.floor(height / TILE_HEIGHT);
  const count = 2 ** (height % TILE_HEIGHT);
  const first = index * count;
  const tile = { level, index: Math.floor(first / TILE_WIDTH) };
  const hashes = await read({ ...tile, width: widthIn(size, tile) });
  const from = first % TILE_WIDTH;
  return rootWithin(hashes, from, count);
}

/** Of tiles that somebody still has: what was folded of them, by where it begins and how many hashes it is made of. */
const folded = new WeakMap<readonly string[], Map<number, string>>();

/** The root over a power of two of a tile's hashes; each is folded once, as long as whoever reads tiles keeps this one. */
function rootWithin(hashes: readonly string[], from: number, count: number): string {
  if (count === 1) return hashes[from]!;
  const known = folded.get(hashes) ?? new Map<number, string>();
  folded.set(hashes, known);
  const key = from * 2 * TILE_WIDTH + count;
  const half = count / 2;
  const root = known.get(key) ?? nodeHash(rootWithin(hashes, from, half), rootWithin(hashes, from + half, half));
  known.set(key, root);
  return root;
}

/** A tile as it travels: its hashes after each other. */
export const tileBytes = (hashes: readonly string[]): Uint8Array =>
  fromHex(hashes.map((hash) => hash.slice(2)).join(""));
