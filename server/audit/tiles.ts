import { and, asc, eq, gte, lt } from "drizzle-orm";
import { leafOf } from "../../lib/audit/log.ts";
import { leafHash } from "../../lib/audit/merkle.ts";
import { type ReadTile, TILE_WIDTH, type Tile, tilePath } from "../../lib/audit/tiles.ts";
import { entry, logSubtree } from "../storage/schema.ts";
import type { Reader } from "../storage/storage.ts";

/** Full tiles that are kept in memory, about 20 KB each. */
const MOST_KEPT = 256;

/** The leaves `from` to before `to` as the trail has them now; fewer where it has fewer. */
export async function leavesBetween(read: Reader, birth: Uint8Array, from: number, to: number): Promise<Uint8Array[]> {
  const rows = await read
    .select({ hash: entry.hash })
    .from(entry)
    .where(and(gte(entry.number, Math.max(1, from)), lt(entry.number, to)))
    .orderBy(asc(entry.number));
  return [...(from === 0 && to > 0 ? [birth] : []), ...rows.map(({ hash }) => leafOf(hash))];
}

/** Reads the tree's tiles: leaves from the trail, what is above from the subtrees that were kept when they were complete. */
export function openTiles(read: Reader, birth: Uint8Array): ReadTile {
  const kept = new Map<string, Promise<readonly string[]>>();

  async function fromTables({ level, index, width }: Tile): Promise<readonly string[]> {
    const from = index * TILE_WIDTH;
    if (level === 0) return (await leavesBetween(read, birth, from, from + width)).map(leafHash);
    const { level: of, index: at, root } = logSubtree;
    const rows = await read
      .select({ root })
      .from(logSubtree)
      .where(and(eq(of, level), gte(at, from), lt(at, from + width)))
      .orderBy(asc(at));
    return rows.map((row) => row.root);
  }

  async function whole(tile: Tile): Promise<readonly string[]> {
    const found = await fromTables(tile);
    if (found.length !== tile.width) throw new Error(`The log lacks hashes of its tile ${tilePath(tile)}.`);
    return found;
  }

  return (tile) => {
    const path = tilePath(tile);
    // A proof asks for the same tile at several heights, at once.
    const asked = kept.get(path) ?? whole(tile);
    kept.delete(path);
    kept.set(path, asked);
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
    const forget = () => {
      if (kept.get(path) === asked) kept.delete(path);
    };
    // What is still growing, or could not be read, is read again.
    asked.then(() => tile.width < TILE_WIDTH && forget(), forget);
    return asked;
  };
}
