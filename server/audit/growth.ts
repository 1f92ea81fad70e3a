import { asc, desc, eq, gte } from "drizzle-orm";
import type { LogHalt } from "../../lib/audit/api.ts";
import type { TreeHead } from "../../lib/audit/checkpoint.ts";
import type { Entry } from "../../lib/audit/entry.ts";
import { entryHash, GENESIS, leafOf } from "../../lib/audit/log.ts";
import { type Edge, EMPTY_EDGE, fold, grow, leafHash, type Subtree } from "../../lib/audit/merkle.ts";
import { edgeIn, type ReadTile, rootIn, TILE_HEIGHT } from "../../lib/audit/tiles.ts";
import { checkpoint as checkpoints, entry, type logSubtree, trailHead } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";

/** Thrown where the log must not go on. */
export class Halted extends Error {
  readonly halt: LogHalt;
  constructor(halt: LogHalt) {
    super(`The audit log signs nothing: ${JSON.stringify(halt)}`);
    this.halt = halt;
  }
}

/** The tree as far as it grew, and what of it is to be kept. */
export interface Grown {
  readonly head: TreeHead;
  readonly edge: Edge;
  /** The hash of its last line. */
  readonly last: string;
  readonly subtrees: readonly (typeof logSubtree.$inferInsert)[];
}

export interface Growth {
  /** From what was kept to `size` leaves, every line re-derived from what it says. Throws `Halted`. */
  to(size: number): Promise<Grown>;
  /** From here on it goes on from there. */
  keep(grown: Grown): void;
  /** The root of the first `size` leaves, of which the trail has as many. Throws `Halted`. */
  rootAt(size: number): Promise<string>;
}

/** Lines that are read at a time. */
const AT_ONCE = 1_000;

/** The tree as the database has it at its last checkpoint. Throws `Halted` where the two do not fit. */
export async function openGrowth(storage: Storage, tiles: ReadTile, birth: Uint8Array): Promise<Growth> {
  const signed = await lastCheckpoint(storage);
  let edge = signed ? await edgeIn(tiles, signed.size) : grow(EMPTY_EDGE, leafHash(birth));
  if (signed && fold(edge.roots) !== signed.root)
    throw new Halted({ is: "other", known: "database", size: signed.size });
  let last = await hashOf(storage, edge.size - 1);

  async function to(size: number): Promise<Grown> {
    const subtrees: (typeof logSubtree.$inferInsert)[] = [];
    const full = ({ height, index }: Subtree, root: string) => {
      if (height > 0 && height % TILE_HEIGHT === 0) subtrees.push({ level: height / TILE_HEIGHT, index, root });
    };
    let next = edge;
    let previous = last;
    while (next.size < size) {
      const lines = await linesFrom(storage, next.size, Math.min(AT_ONCE, size - next.size));
      if (lines.length === 0) throw new Halted({ is: "changed", line: next.size });
      for (const line of lines) {
        if (line.number !== next.size || line.previous !== previous || entryHash(line) !== line.hash)
          throw new Halted({ is: "changed", line: next.size });
        next = grow(next, leafHash(leafOf(line.hash)), full);
        previous = line.hash;
      }
    }
    return { head: { size: next.size, root: fold(next.roots) }, edge: next, last: previous, subtrees };
  }

  return {
    to,
    keep: (grown) => {
      edge = grown.edge;
      last = grown.last;
    },
    rootAt: async (size) => (size <= edge.size ? rootIn(tiles, size) : (await to(size)).head.root),
  };
}

/** The checkpoint that the database has as its last. */
export async function lastCheckpoint({ read }: Pick<Storage, "read">) {
  const [row] = await read.select().from(checkpoints).orderBy(desc(checkpoints.size)).limit(1);
  return row ?? null;
}

/** How many leaves the trail has now, the one of the contract's birth among them. */
export async function sizeNow({ read }: Pick<Storage, "read">): Promise<number> {
  const [head] = await read.select({ number: trailHead.number }).from(trailHead);
  return (head?.number ?? 0) + 1;
}

async function linesFrom({ read }: Storage, number: number, most: number): Promise<Entry[]> {
  const rows = await read.select().from(entry).where(gte(entry.number, number)).orderBy(asc(entry.number)).limit(most);
  return rows.map(({ actId: _, ...line }) => line);
}

async function hashOf({ read }: Storage, number: number): Promise<string> {
  if (number === 0) return GENESIS;
  const [line] = await read.select({ hash: entry.hash }).from(entry).where(eq(entry.number, number));
  if (!line) throw new Halted({ is: "changed", line: number });
  return line.hash;
}
