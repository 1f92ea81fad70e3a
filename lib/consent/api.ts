import * as z from "zod/mini";
import { ReceiptOrNone } from "../ledger/receipt.ts";
import { VisitId } from "../visits/visit.ts";
import { endpoint, Signature } from "../wire.ts";
import { Consent, ConsentView } from "./grant.ts";

/** The patient's one tap. The server checks it, simulates it against the contract, and only then keeps it. */
export const authorize = endpoint({
  method: "POST",
  path: "/api/visits/:visitId/consent",
  ask: z.strictObject({ visitId: VisitId, consent: Consent, signature: Signature }),
  answer: ConsentView,
});

/** Effective at once here, on the ledger as soon as the chain hears of it. */
export const revoke = endpoint({
  method: "POST",
  path: "/api/visits/:visitId/consent/revoke",
  ask: z.strictObject({ visitId: VisitId, signature: Signature }),
  answer: z.strictObject({ receipt: ReceiptOrNone }),
});
