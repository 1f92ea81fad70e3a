import { type Consent, type ConsentView, scopesOf } from "@/lib/consent/grant.ts";
import { guestChoices, guestTermsText } from "@/lib/consent/guest-terms.ts";
import { termsHash, windowFrom } from "@/lib/consent/terms.ts";
import { digestOf } from "@/lib/consent/typed-data.ts";
import { randomHex } from "@/lib/keyring/bytes.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { sendKept } from "@/lib/ledger/keep.ts";
import { shelf } from "@/lib/ledger/shelf.browser.ts";
import { Refusal } from "@/lib/refusal.ts";
import type { JoinView } from "@/lib/visits/api.ts";
import { allowGuest, type GuestView, revokeGuest } from "@/lib/visits/guest-api.ts";
import { visitTopic } from "@/lib/visits/link.ts";
import { ask } from "@/lib/wire.ts";

/** The visit as far as its patient signs for a guest in it. */
export type GuestVisit = Pick<JoinView, "id" | "clinic" | "clinician" | "ledger"> & { consent: ConsentView };

/** The patient's yes: the text as shown, for exactly this guest's key, and no longer than the visit's own permission. */
export async function allow(visit: GuestVisit, guest: GuestView & { signer: string }, keys: Keys): Promise<void> {
  const { id: visitId, ledger, clinic } = visit;
  const { validUntil } = visit.consent.consent;
  const text = guestTermsText({ clinic, clinician: visit.clinician.name, role: guest.role, validUntil, version: 1 });
  const consent: Consent = {
    patient: keys.signer,
    grantee: guest.signer,
    visit: await visitTopic(visitId),
    scopes: scopesOf(guestChoices),
    validFrom: windowFrom(new Date()).validFrom,
    validUntil,
    terms: await termsHash(text),
    salt: randomHex(32),
  };
  const signature = await keys.sign(digestOf("Consent", consent, ledger));
  await sendKept(
    shelf,
    { visitId, ledger, granted: null, act: { is: "grant", consent, signature } },
    () => ask(allowGuest, { visitId, guestId: guest.id, consent, signature }),
    (view) => view.receipt,
  );
}

/** The patient's no, signed: the guest is out at once, then on the ledger. Asked twice it is the same act. */
export async function revokeForGuest(visit: GuestVisit, guest: GuestView, keys: Keys): Promise<void> {
  const { id: visitId, ledger } = visit;
  const { consent } = guest;
  if (!consent) return;
  const signature = await keys.sign(digestOf("Revocation", { consent: consent.id }, ledger));
  try {
    await sendKept(
      shelf,
      { visitId, ledger, granted: consent.signature, act: { is: "revoke", consent: consent.consent, signature } },
      () => ask(revokeGuest, { visitId, guestId: guest.id, signature }),
      ({ receipt }) => receipt,
    );
  } catch (fault) {
    if (!(fault instanceof Refusal && fault.code === "consent.not-live")) throw fault;
  }
}
