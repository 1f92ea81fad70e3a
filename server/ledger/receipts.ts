import type { SigningKey } from "ethers";
import type { LedgerDomain } from "../../lib/consent/typed-data.ts";
import { receiptDigest } from "../../lib/ledger/promise.ts";
import type { Receipt } from "../../lib/ledger/receipt.ts";

/** Who promises, with the log key. `minutes` is how long the ledger may take. */
interface Issuer {
  logKey: SigningKey;
  domain: LedgerDomain;
  minutes: number;
}

/** The receipt of an act, known by its identity, with its place in the outbox. */
export function issueReceipt(act: string, number: number, savedAt: Date, by: Issuer): Receipt {
  const saved = Math.floor(savedAt.getTime() / 1000);
  const bare = { act, number, deadline: saved + Math.ceil(by.minutes * 60) };
  return { ...bare, savedAt: saved, signature: by.logKey.sign(receiptDigest(bare, by.domain)).serialized };
}
