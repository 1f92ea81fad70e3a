import { Interface, keccak256, Transaction } from "ethers";
import { consentLedgerAbi } from "../../lib/ledger/abi.ts";
import type { Log, Place } from "../../lib/ledger/read.ts";
import { type Chain, NotNow, type Receipt } from "./chain.ts";
import { anchoredData, eventOf, reasonSkipped, topicOf } from "./contract.ts";
import type { Act } from "./moves.ts";
import { logsOf } from "./node.ts";
import type { Party } from "./plan.ts";

const contract = new Interface(consentLedgerAbi);

/**
 * What a transaction did to an act that it carried: where it is, or why it was refused. A receipt that tells neither is
 * not believed. `raw` is the transaction, signed.
 */
export function resultOf(act: Act, receipt: Receipt, raw: string, address: string): Place | { refused: string } {
  if (!receipt.succeeded) return { refused: "Reverted" };
  const logs = receipt.logs.filter((log) => log.address === address);
  const tells = eventFor(act, raw);
  if (tells && logs.some(tells.is)) return placeOf(receipt);
  const reason = act.call.is === "record" ? reasonSkipped(logs, act.call.recordId!) : null;
  if (reason) return { refused: reason };
  throw new NotNow("node-doubtful", "A receipt does not tell of an act that its transaction carried.");
}

/** Where this very act is on the ledger, by whomever it was sent; null when it is nowhere. `raw` is the transaction that it was part of, if any. */
export async function findOnLedger(
  act: Act,
  raw: string | null,
  { chain, domain, since }: Pick<Party, "chain" | "domain" | "since">,
): Promise<Place | null> {
  const tells = eventFor(act, raw);
  if (!tells) return null;
  const logs = await logsOf(chain, domain.address, tells.topics, since);
  const log = logs.find((one) => one.address === domain.address && tells.is(one));
  return log ? confirmed(log, tells.is, chain, domain.address) : null;
}

/** Whether a receipt tells of this act, as far as that can be seen without the transaction. */
export function tellsOf(act: Act, receipt: Receipt | null, address: string): boolean {
  const topics = topicsFor(act);
  if (!receipt?.succeeded || !topics || receipt.blockHash !== act.blockHash) return false;
  return receipt.logs.some((log) => log.address === address && matches(log, topics, act));
}

/** A search may leave out or make up; its finding counts when the transaction's own receipt tells the same. */
async function confirmed(log: Log, is: (log: Log) => boolean, chain: Chain, address: string): Promise<Place> {
  const [receipt] = await chain.receipts([log.transactionHash]);
  if (!receipt?.succeeded || !receipt.logs.some((one) => one.address === address && is(one)))
    throw new NotNow("node-doubtful", "A search finds what its transaction does not tell.");
  return placeOf(receipt);
}

function placeOf({ transactionHash, blockNumber, blockHash }: Receipt): Place {
  return { transaction: transactionHash, block: blockNumber, blockHash };
}

/** The event that says this very act is on the ledger. An enrollment or removal is known by its epoch, which only a transaction has. */
function eventFor(act: Act, raw: string | null): { topics: (string | null)[]; is(log: Log): boolean } | null {
  const topics = topicsFor(act);
  if (!topics) return null;
  if (act.call.is !== "enroll" && act.call.is !== "remove") return { topics, is: (log) => matches(log, topics, act) };
  const sent = raw && contract.parseTransaction({ data: Transaction.from(raw).data });
  if (!sent) return null;
  const epoch = sent.args.getValue("epoch");
  return { topics, is: (log) => matches(log, topics, act) && contract.parseLog(log)?.args.getValue("epoch") === epoch };
}

function topicsFor({ call }: Act): (string | null)[] | null {
  if (call.is !== "enroll" && call.is !== "remove") return eventOf(call);
  return [topicOf(call.is === "enroll" ? "Enrolled" : "Removed"), keccak256(call.clinician)];
}

function matches(log: Log, topics: (string | null)[], { call }: Act): boolean {
  // An anchor's event names its checkpoint in its data alone.
  if (call.is === "anchor" && log.data !== anchoredData(call.to)) return false;
  return topics.every((topic, i) => topic === null || log.topics[i] === topic);
}
