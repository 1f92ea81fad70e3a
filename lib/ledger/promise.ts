import { digestOf, type LedgerDomain } from "../consent/typed-data.ts";
import { signedBy } from "../keyring/signature.ts";
import type { Receipt } from "./receipt.ts";
import type { Act, LedgerOfFile } from "./submission.ts";

/** A server that promises later than this, in seconds after the act, promises nothing. Clocks may differ a little. */
export const LATEST_PROMISE = 3_900;
/** How long, in seconds, an act that was never answered is waited for. */
const PATIENCE = 600;
/** The contract takes no record that was signed longer ago than this, in seconds. */
export const TOO_OLD = 24 * 3_600;

/** What the log key signs. */
export function receiptDigest({ act, number, deadline }: Omit<Receipt, "signature" | "savedAt">, ledger: LedgerDomain) {
  return digestOf("Receipt", { act, number, deadline }, ledger);
}

/** Whether the ledger's log key promised exactly this act. */
export function isPromised(
  act: string,
  receipt: Receipt | null,
  { ledger, logKey }: { ledger: LedgerDomain; logKey: string },
): receipt is Receipt {
  return receipt?.act === act && signedBy(logKey, receiptDigest(receipt, ledger), receipt.signature);
}

/** A signed act this browser remembers until it has seen it on the ledger. Holds no names and no content. */
export interface Kept {
  /** The act's identity. */
  id: string;
  visitId: string;
  ledger: LedgerOfFile;
  act: Act;
  /** The patient's signature under the permission, so that a record can be submitted after its permission. */
  granted: string | null;
  receipt: Receipt | null;
  /** The server has said that it keeps the act. */
  answered: boolean;
  /** When it was first kept here, in Unix seconds by this device's clock. */
  since: number;
}

/** What was found out about an act, by asking a node. `unknown` when none could be asked. */
export interface Seen {
  on: "nothing" | "block" | "final" | "unknown";
  /** The contract's, or null while nobody could be asked. */
  logKey: string | null;
}

/**
 * Where a kept act stands: `waiting` is no reason to worry; `on-ledger` is in a block that may still be undone; `done` may be
 * forgotten. The others are to be told: `unpromised` has no receipt that holds, `broken` is late, `unseen` is late and no
 * node could be asked.
 */
export type Standing = "waiting" | "on-ledger" | "done" | "unpromised" | "broken" | "unseen";

export function standing(kept: Kept, seen: Seen, now: number): Standing {
  if (seen.on === "final") return "done";
  if (seen.on === "block") return "on-ledger";
  if (!kept.answered) return unanswered(kept, now);
  const { receipt } = kept;
  if (!receipt || receipt.act !== kept.id || receipt.deadline > kept.since + LATEST_PROMISE) return "unpromised";
  if (seen.logKey !== null && !isPromised(kept.id, receipt, { ledger: kept.ledger, logKey: seen.logKey }))
    return "unpromised";
  if (now <= receipt.deadline) return "waiting";
  return seen.on === "unknown" ? "unseen" : "broken";
}

/**
 * Nobody said that it is kept. The page that sent it has said so, and what is not on the ledger in a day can't be any more.
 * Only a permission taken back must not be lost for want of an answer.
 */
function unanswered(kept: Kept, now: number): Standing {
  if (kept.act.is === "revoke") return now > kept.since + PATIENCE ? "unpromised" : "waiting";
  return now > kept.since + TOO_OLD ? "done" : "waiting";
}

/** When to look next, in Unix seconds: at the deadline, and while something is wrong or unsure every now and then. */
export function nextLook(kept: Kept, standing: Standing, now: number): number {
  const deadline = kept.receipt?.deadline ?? kept.since + PATIENCE;
  if (standing === "waiting" && deadline >= now) return deadline + 1;
  return now + (standing === "on-ledger" ? 15 : 30);
}
