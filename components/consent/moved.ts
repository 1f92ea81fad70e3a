import type { ConsentView } from "@/lib/consent/grant.ts";
import type { LedgerState } from "@/lib/wire.ts";

/** A permission after it, or its revocation, moved on its way to the ledger. What is another's leaves it as it is. */
export function consentMoved(consent: ConsentView, id: string, state: LedgerState): ConsentView {
  if (consent.id !== id) return consent;
  return { ...consent, ...(consent.revokedAt ? { revocation: state } : { ledger: state }) };
}
