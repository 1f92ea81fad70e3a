import { authorize } from "@/lib/consent/api.ts";
import { type Choices, type Consent, type ConsentView, scopesOf } from "@/lib/consent/grant.ts";
import { termsHash, termsText, windowFrom } from "@/lib/consent/terms.ts";
import { digestOf } from "@/lib/consent/typed-data.ts";
import { randomHex } from "@/lib/keyring/bytes.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { sendKept } from "@/lib/ledger/keep.ts";
import { shelf } from "@/lib/ledger/shelf.browser.ts";
import type { JoinView } from "@/lib/visits/api.ts";
import { visitTopic } from "@/lib/visits/link.ts";
import { ask } from "@/lib/wire.ts";

export interface SignedConsent {
  readonly consent: Consent;
  readonly signature: string;
}

/** The one tap: the text as shown, hashed, and with it everything else that is agreed, signed. */
export async function signConsent(about: {
  join: JoinView;
  keys: Keys;
  choices: Choices;
  /** As shown. */
  validUntil: number;
}): Promise<SignedConsent> {
  const { join, keys, choices, validUntil } = about;
  const text = termsText({ clinic: join.clinic, clinician: join.clinician.name, choices, validUntil, version: 1 });
  const consent: Consent = {
    patient: keys.signer,
    grantee: join.clinician.key.signer,
    visit: await visitTopic(join.id),
    scopes: scopesOf(choices),
    validFrom: windowFrom(new Date()).validFrom,
    validUntil,
    terms: await termsHash(text),
    salt: randomHex(32),
  };
  return { consent, signature: await keys.sign(digestOf("Consent", consent, join.ledger)) };
}

/** Sends the patient's yes; this browser remembers it until it is on the ledger. */
export function giveConsent({ id: visitId, ledger }: JoinView, signed: SignedConsent): Promise<ConsentView> {
  return sendKept(
    shelf,
    { visitId, ledger, granted: null, act: { is: "grant", ...signed } },
    () => ask(authorize, { visitId, ...signed }),
    (view) => view.receipt,
  );
}
