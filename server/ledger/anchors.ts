import { and, desc, eq, inArray } from "drizzle-orm";
import { keccak256 } from "ethers";
import type { TreeHead } from "../../lib/audit/checkpoint.ts";
import { birthLeaf } from "../../lib/audit/log.ts";
import { leafHash } from "../../lib/audit/merkle.ts";
import { act as acts } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import { anchoredData, anchoredIn, type KeptCall, topicOf } from "./contract.ts";
import { logsOf, view } from "./node.ts";
import type { Party } from "./plan.ts";

/** What the contract was made with: a log of one leaf, that names it. */
const born = (ledger: Party["domain"]): TreeHead => ({ size: 1, root: leafHash(birthLeaf(ledger)) });

/**
 * The checkpoint that the contract anchored last, whoever sent it. It keeps a hash alone: what we sent last fits it mostly,
 * else its events are searched. Throws `NotNow` or `RpcError` where the chain cannot be asked.
 */
export async function lastAnchored(storage: Storage, { chain, domain, since }: Party): Promise<TreeHead> {
  const kept = String(await view(chain, domain.address, "anchored", []));
  const [sent] = await storage.read
    .select({ call: acts.call })
    .from(acts)
    .where(and(eq(acts.kind, "anchor"), inArray(acts.state, ["ledger", "final"])))
    .orderBy(desc(acts.order))
    .limit(1);
  const call = sent?.call as KeptCall | undefined;
  const likely = call?.is === "anchor" ? call.to : born(domain);
  if (keccak256(anchoredData(likely)) === kept) return likely;
  const logs = await logsOf(chain, domain.address, [topicOf("Anchored")], since);
  const found = logs.map(anchoredIn).find((head) => keccak256(anchoredData(head)) === kept);
  if (!found) throw new Error("The ledger’s node has no event of the checkpoint that the contract keeps.");
  return found;
}

/** Whether a checkpoint is on its way to the contract. */
export async function isAnchoring(storage: Storage): Promise<boolean> {
  return (await storage.read.$count(acts, and(eq(acts.kind, "anchor"), inArray(acts.state, ["saved", "sent"])))) > 0;
}
