import { eq } from "drizzle-orm";
import type { Patient } from "../../lib/auth/person.ts";
import { digestOf } from "../../lib/consent/typed-data.ts";
import { signedBy } from "../../lib/keyring/signature.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Ledger } from "../ledger/ledger.ts";
import * as tables from "../storage/schema.ts";
import type { Writer } from "../storage/storage.ts";
import type { Whole } from "../storage/whole.ts";

/**
 * Takes a permission back by the patient's signature and queues that for the ledger. Resolves to the server's promise to
 * put it there, and to what the trail's line says of it. Whom it lets out of the call is for the caller to close.
 */
export async function takeBack(tx: Writer, ledger: Ledger, { patient, visitId, consent, signature, at }: Asked) {
  if (!consent) throw new Refusal("consent.missing");
  const { id } = consent;
  if (consent.revokedAt) throw new Refusal("consent.not-live");
  if (!signedBy(patient.signer, digestOf("Revocation", { consent: id }, ledger.about), signature))
    throw new Refusal("signature.wrong");
  await tx.update(tables.consent).set({ revokedAt: at, revocation: signature }).where(eq(tables.consent.id, id));
  const call = { is: "revoke", consent: consent.consent, signature } as const;
  const { id: actId, receipt } = await ledger.queue(tx, { call, visitId, object: id });
  return { receipt, about: { visitId, object: id, consent: id, actId } };
}

interface Asked {
  patient: Patient;
  visitId: string;
  consent: Whole["consent"];
  signature: string;
  at: Date;
}
