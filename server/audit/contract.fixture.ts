import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { computeAddress, SigningKey } from "ethers";
import { headDigest, type TreeHead } from "../../lib/audit/checkpoint.ts";
import { birthLeaf } from "../../lib/audit/log.ts";
import { isConsistent, leafHash } from "../../lib/audit/merkle.ts";
import { writeDurably } from "../storage/durably.ts";
import type { LogOptions } from "./log.ts";

/**
 * What the contract does with anchors, in a file instead of on a chain: it takes one that begins with the last, and throws
 * for any other. The real one takes seconds to come back, and is killed in server/ledger/crash.test.ts.
 */
export function contractIn(folder: string): LogOptions["ledger"] {
  const about = { label: "Test", local: true, chainId: "31337", address: `0x${"12".repeat(20)}` };
  const key = new SigningKey(`0x${"07".repeat(32)}`);
  const path = join(folder, "anchored.json");
  const last = (): TreeHead =>
    existsSync(path)
      ? (JSON.parse(readFileSync(path, "utf8")) as TreeHead)
      : { size: 1, root: leafHash(birthLeaf(about)) };
  return {
    about,
    logKey: computeAddress(key).toLowerCase(),
    signHead: (head) => key.sign(headDigest(head, about)).serialized,
    lastAnchored: async () => last(),
    anchor: async ({ from, to, proof }) => {
      if (from.root !== last().root || !isConsistent(from, to, proof))
        throw new Error("The contract refuses an anchor.");
      await writeDurably(path, JSON.stringify(to));
    },
  };
}
