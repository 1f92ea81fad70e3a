import type { SigningKey } from "ethers";
import type { LedgerDomain } from "../../lib/consent/typed-data.ts";
import { receiptDigest } from "../../lib/ledger/promise.ts";
import type { Receipt } from "../../lib/ledger/receipt.ts";
import { actId } from "../../lib/ledger/submission.ts";
import type { LedgerCall } from "./act.ts";

/** Who promises, with the log key. `minutes` is how long the ledger may take. */
export interface Issuer {
  logKey: SigningKey;
  domain: LedgerDomain;
  minutes: number;
}

/** The receipt of an act with its place in the outbox; null for what no patient or clinician signed. */
export function issueReceipt(call: LedgerCall, number: number, savedAt: Date, by: Issuer): Receipt | null {
  if (call.is === "enroll" || call.is === "remove") return null;
  const saved = Math.floor(savedAt.getTime() / 1000);
  const bare = { act: actId(call), number, deadline: saved + Math.ceil(by.minutes * 60) };
  return { ...bare, savedAt: saved, signature: by.logKey.sign(receiptDigest(bare, by.domain)).serialized };
}
