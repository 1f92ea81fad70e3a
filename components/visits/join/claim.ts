import { rememberVisit } from "@/components/records/mine/known-visits.ts";
import { digestOf } from "@/lib/consent/typed-data.ts";
import { loadAge } from "@/lib/keyring/age.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { assertKnownKey } from "@/lib/keyring/known.browser.ts";
import { sealFor } from "@/lib/keyring/sealed.ts";
import { cardHolds } from "@/lib/keyring/signature.ts";
import { claimLink, type JoinView, tellName } from "@/lib/visits/api.ts";
import { tokenOf } from "@/lib/visits/link.ts";
import { forgetSecret } from "@/lib/visits/link-secret.browser.ts";
import { ask } from "@/lib/wire.ts";
import { makeKeys } from "./patient-keys.ts";

/** The doctor's card doesn't hold together: nothing may be sealed to it. */
export class DoctorUnknown extends Error {
  override readonly name = "DoctorUnknown";
}

/** Throws `DoctorUnknown` and `KeyChanged`: nothing is sealed to this doctor then. */
export function assertKnown({ clinician, consent }: JoinView): void {
  if (!cardHolds(clinician.key)) throw new DoctorUnknown("the doctor’s keys don’t vouch for each other");
  if (consent && consent.consent.grantee !== clinician.key.signer)
    throw new DoctorUnknown("the permission was given to another");
  assertKnownKey(`clinician/${clinician.id}`, clinician.key);
}

/**
 * Takes the link for this browser, then tells the doctor the name: sealed, and only after the doctor's keys were checked.
 * May be done again with the same keys, so an answer that was lost costs nothing.
 */
export async function claim(visitId: string, secret: string, name: string): Promise<{ join: JoinView; keys: Keys }> {
  if (name !== "") void loadAge().catch(() => {});
  const keys = await makeKeys(visitId);
  const { signer, recipient } = keys;
  const at = Math.floor(Date.now() / 1000);
  const digest = digestOf("Claim", { visit: visitId, signer, recipient, at });
  const join = await ask(claimLink, {
    visitId,
    token: await tokenOf(secret),
    signer,
    recipient,
    at,
    proof: await keys.sign(digest),
    binding: keys.card.binding,
    details: null,
  });
  assertKnown(join);
  if (name !== "") {
    const details = await sealFor([join.clinician.key.recipient], { name });
    await ask(tellName, { visitId, details });
  }
  forgetSecret(visitId);
  rememberVisit(visitId);
  return { join, keys };
}
