import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { ed25519 } from "@noble/curves/ed25519.js";
import type { Knower, LogHalt } from "../../lib/audit/api.ts";
import { checkpointText, ledgerKey, openCheckpoint, originOf, type TreeHead } from "../../lib/audit/checkpoint.ts";
import { birthLeaf } from "../../lib/audit/log.ts";
import { ED25519, keyText, NotANote, type NoteKey, signatureLine, signText } from "../../lib/audit/note.ts";
import { consistencyIn, inclusionIn, type ReadTile, TILE_WIDTH, type Tile, widthIn } from "../../lib/audit/tiles.ts";
import { fromHex } from "../../lib/keyring/bytes.ts";
import type { LedgerLog } from "../ledger/act.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { withoutValues } from "../log.ts";
import { writeDurably } from "../storage/durably.ts";
import { checkpoint as checkpoints, logSubtree } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import { type Growth, Halted, lastCheckpoint, openGrowth, sizeNow } from "./growth.ts";
import { leavesBetween, openTiles } from "./tiles.ts";
import { openWitnesses } from "./witnesses.ts";

/** A checkpoint that was signed. */
export interface Signed extends TreeHead {
  readonly note: string;
  readonly signedAt: Date;
}

export interface LogStanding {
  /** Leaves under the last checkpoint, and when it was signed. */
  readonly size: number;
  readonly signedAt: Date | null;
  /** Leaves under the checkpoint that the contract keeps; null while it could not be asked. */
  readonly anchored: number | null;
  readonly halt: LogHalt | null;
}

/** The log of the trail: its tree, what was signed of it, and what the contract keeps. */
export interface Log {
  /** The log's key as other tools take it. */
  readonly key: string;
  /** The last checkpoint; null before there is one. */
  signed(): Signed | null;
  standing(): LogStanding;
  /** Signs what is there now, unless it is signed already or the log is halted. */
  seal(): Promise<void>;
  /** Sends the last checkpoint to the contract, unless one is on its way or nothing is new. */
  anchor(): Promise<void>;
  /** Asks all witnesses to cosign the last checkpoint. */
  witnesses(): Promise<void>;
  /** That the last checkpoint begins with the first `since` leaves; null where it has fewer. */
  consistency(since: number): Promise<string[] | null>;
  /**
   * A checkpoint, that each of these leaves is under it, and that of it and the tree of the first `anchored` leaves one begins
   * with the other; null where it is not so yet. It is one that a witness cosigned, where that can be had in a moment.
   */
  under(
    leaves: readonly number[],
    anchored: number,
  ): Promise<{ signed: Signed; proofs: string[][]; consistency: string[] } | null>;
  /** Hashes of a tile under the last checkpoint, or leaves; null where there are none. */
  tile(tile: Tile): Promise<readonly string[] | null>;
  leaves(tile: Tile): Promise<Uint8Array[] | null>;
  close(): Promise<void>;
}

/** `noted`: what is signed is in the journal, and not in the database. `kept`: it is. `anchoring`: an anchor is to be queued. */
export type LogPoint = "noted" | "kept" | "anchoring";

export interface LogOptions {
  storage: Storage;
  ledger: Pick<Ledger, "about" | "logKey" | "signHead" | "lastAnchored" | "anchor">;
  /** The install's data folder: what was signed is noted in `log/`. */
  folder: string;
  /** The log's own Ed25519 key, 32 bytes in hex. */
  secret: string;
  /** Hosts that may be asked to cosign wherever they are: others only on the public internet. */
  witnessHosts?: readonly string[] | undefined;
  now: () => Date;
  log: LedgerLog;
  /** Milliseconds between two looks whether there is something to sign; null never looks by itself. */
  every?: number | null | undefined;
  /** Called at the moments between which the process may die; for tests. */
  at?: ((point: LogPoint) => void) | undefined;
}

/** A line is under a checkpoint within this, and a checkpoint before the witnesses, in milliseconds. */
const SEALED_WITHIN = 2_000;
const WITNESSED_WITHIN = 30_000;
/** Milliseconds that evidence waits for a witness. */
const PATIENCE = 3_000;
/** Milliseconds between two anchors: on our own ledger they cost nothing, on a network their gas. */
const ANCHORED_WITHIN = { local: 60_000, network: 3_600_000 };

/** Opens the log. What must not go on is told by `standing`, and everything else works. */
export async function openLog(options: LogOptions): Promise<Log> {
  const { storage, ledger, folder, now, log, witnessHosts: named = [] } = options;
  const domain = ledger.about;
  const birth = birthLeaf(domain);
  const origin = originOf(domain);
  const secret = fromHex(options.secret);
  const key: NoteKey = { name: origin, kind: ED25519, key: ed25519.getPublicKey(secret) };
  const journal = join(folder, "log", "signed");
  const tiles: ReadTile = openTiles(storage.read, birth);
  let growth: Growth | null = null;
  let signed: Signed | null = await lastCheckpoint(storage);
  let anchored: number | null = null;
  let halt: LogHalt | null = null;

  /** Opens the tree, and holds it to everybody who knows of one. */
  async function begin(): Promise<Growth> {
    const begun = await openGrowth(storage, tiles, birth);
    const noted = await readFile(journal, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    for (const note of [noted, signed?.note]) if (note) await assertBegins(begun, opened(note), "journal");
    // A network that is away is asked again before the next anchor.
    const kept = await ledger.lastAnchored().catch(() => null);
    if (kept) await assertBegins(begun, kept, "ledger");
    return begun;
  }

  function opened(note: string): TreeHead {
    try {
      return openCheckpoint(note, domain, ledger.logKey);
    } catch (error) {
      throw error instanceof NotANote ? new Halted({ is: "unreadable" }) : error;
    }
  }

  async function assertBegins(tree: Growth, head: TreeHead, known: Knower): Promise<void> {
    const has = await sizeNow(storage);
    if (has < head.size) throw new Halted({ is: "shorter", known, size: head.size, has });
    if ((await tree.rootAt(head.size)) !== head.root) throw new Halted({ is: "other", known, size: head.size });
  }

  async function sealOnce(): Promise<void> {
    growth ??= await begin();
    const size = await sizeNow(storage);
    if (signed && size < signed.size)
      throw new Halted({ is: "shorter", known: "journal", size: signed.size, has: size });
    if (size === 1 || size === signed?.size) return;
    const grown = await growth.to(size);
    const { head } = grown;
    const text = checkpointText(origin, head);
    const byLedger = signatureLine(ledgerKey(domain, ledger.logKey), fromHex(ledger.signHead(head)));
    const note = `${text}\n${signText(text, key, secret)}${byLedger}`;
    const signedAt = now();
    // Ours first: what is signed is never signed otherwise, whatever becomes of the database.
    await writeDurably(journal, note);
    options.at?.("noted");
    await storage.keepBooks(async (tx) => {
      if (grown.subtrees.length > 0)
        await tx
          .insert(logSubtree)
          .values([...grown.subtrees])
          .onConflictDoNothing();
      await tx.insert(checkpoints).values({ ...head, note, signedAt });
    });
    options.at?.("kept");
    growth.keep(grown);
    signed = { ...head, note, signedAt };
  }

  async function anchorOnce(): Promise<void> {
    if (!signed || !growth) return;
    const from = await ledger.lastAnchored();
    await assertBegins(growth, from, "ledger");
    anchored = from.size;
    if (from.size >= signed.size) return;
    options.at?.("anchoring");
    const { size, root } = signed;
    const proof = await consistencyIn(tiles, from.size, size);
    await ledger.anchor({ from, to: { size, root }, proof, signature: ledger.signHead({ size, root }) });
  }

  /** The newest checkpoint that somebody cosigned since the start, and who waits for the next. */
  let witnessed: Signed | null = null;
  let next = Promise.withResolvers<void>();
  const proofSince = async (since: number, size: number) =>
    since >= 1 && since <= size ? consistencyIn(tiles, since, size) : null;
  const grew = (by: Signed, from: Signed) =>
    by.size > from.size || (by.size === from.size && by.note.length > from.note.length);
  // Outside of the turn: a witness that is slow holds up no checkpoint.
  const askWitnesses = openWitnesses({
    ...{ storage, named, now, log, newest: () => signed, proof: proofSince },
    took: (cosigned) => {
      if (!witnessed || grew(cosigned, witnessed)) witnessed = cosigned;
      if (signed?.size === cosigned.size && grew(cosigned, signed)) signed = cosigned;
      next.resolve();
      next = Promise.withResolvers<void>();
    },
  });

  // One after the other, and never again once it is halted.
  let last: Promise<void> = Promise.resolve();
  function inTurn(what: () => Promise<void>): Promise<void> {
    last = last.then(async () => {
      if (halt) return;
      try {
        await what();
      } catch (error) {
        if (error instanceof Halted) {
          halt = error.halt;
          log.error({ ...halt }, "The audit log signs nothing any more. See docs/operate.md.");
        } else log.warn(withoutValues(error), "The audit log could not go on for now.");
      }
    });
    return last;
  }

  let anchoredAt = Number.NEGATIVE_INFINITY;
  let askedAt = Number.NEGATIVE_INFINITY;
  const every = options.every === undefined ? SEALED_WITHIN : options.every;
  const anchorWithin = ledger.about.local ? ANCHORED_WITHIN.local : ANCHORED_WITHIN.network;
  async function look(): Promise<void> {
    await inTurn(sealOnce);
    if (!signed) return;
    if (performance.now() - askedAt >= WITNESSED_WITHIN) {
      askedAt = performance.now();
      void askWitnesses("all");
    }
    if (performance.now() - anchoredAt < anchorWithin) return;
    anchoredAt = performance.now();
    await inTurn(anchorOnce);
  }
  // A look that takes longer than that is not queued behind itself.
  let looking = false;
  const tick = () => {
    if (looking) return;
    looking = true;
    void look().finally(() => {
      looking = false;
    });
  };
  const clock = every === null ? null : setInterval(tick, every).unref();
  await inTurn(async () => {
    growth = await begin();
  });

  const has = (tile: Tile) => tile.width >= 1 && tile.width <= widthIn(signed?.size ?? 0, tile);
  return {
    key: keyText(key),
    signed: () => signed,
    standing: () => ({ size: signed?.size ?? 0, signedAt: signed?.signedAt ?? null, anchored, halt }),
    seal: () => inTurn(sealOnce),
    anchor: () => inTurn(anchorOnce),
    witnesses: () => askWitnesses("all"),
    consistency: async (since) => (signed ? proofSince(since, signed.size) : null),
    under: async (leaves, anchored) => {
      const covers = (head: Signed | null) => head !== null && leaves.every((leaf) => leaf < head.size);
      if (!covers(signed) || anchored > signed!.size) return null;
      if (!covers(witnessed)) {
        const asked = Promise.race([askWitnesses("answering"), after(PATIENCE, undefined, { ref: false })]);
        const over = asked.then(() => true);
        // The first that covers them will do, however long the others take.
        while (!covers(witnessed)) if (await Promise.race([over, next.promise])) break;
      }
      const at = covers(witnessed) ? witnessed! : signed!;
      const proofs = await Promise.all(leaves.map((leaf) => inclusionIn(tiles, leaf, at.size)));
      const [first, last] = anchored <= at.size ? [anchored, at.size] : [at.size, anchored];
      return { signed: at, proofs, consistency: await consistencyIn(tiles, first, last) };
    },
    tile: async (tile) => (has(tile) ? tiles(tile) : null),
    leaves: async (tile) => {
      const from = tile.index * TILE_WIDTH;
      return has(tile) ? leavesBetween(storage.read, birth, from, from + tile.width) : null;
    },
    close: async () => {
      if (clock) clearInterval(clock);
      await inTurn(sealOnce);
    },
  };
}
