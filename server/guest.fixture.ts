import { scopesOf } from "../lib/consent/grant.ts";
import { guestChoices, guestTermsText } from "../lib/consent/guest-terms.ts";
import { termsHash } from "../lib/consent/terms.ts";
import { consentId, digestOf } from "../lib/consent/typed-data.ts";
import { randomHex } from "../lib/keyring/bytes.ts";
import { type Keys, newSeed, patientKeys } from "../lib/keyring/keyring.ts";
import type { GuestRole } from "../lib/visits/guest.ts";
import { allowGuest, claimGuestLink, inviteGuest } from "../lib/visits/guest-api.ts";
import { sealGuestName } from "../lib/visits/guest-name.ts";
import { newLink, tokenOf, visitTopic } from "../lib/visits/link.ts";
import type { Browser, Clinic, Doctor, InCall } from "./clinic.fixture.ts";

interface GuestLink {
  guestId: string;
  secret: string;
  role: GuestRole;
}

/** A link for an interpreter, asked for by the doctor or the patient of a visit. */
export async function guestLink(by: Browser, visit: InCall): Promise<GuestLink> {
  const { visitId: guestId, secret, claimHash } = await newLink();
  const asked = { visitId: visit.planned.visitId, id: guestId, claimHash, role: "interpreter", details: null } as const;
  const answer = await by.ask(inviteGuest, asked);
  if (answer.status !== 200) throw new Error(answer.code);
  return { guestId, secret, role: "interpreter" };
}

export async function guestClaim(link: GuestLink, keys: Keys, recipients: readonly string[], name = "Maria Lopes") {
  const at = Math.floor(Date.now() / 1000);
  const { guestId, role } = link;
  const { signer, recipient } = keys;
  return {
    ...{ guestId, token: await tokenOf(link.secret), signer, recipient, at, role },
    proof: await keys.sign(digestOf("Claim", { visit: guestId, signer, recipient, at })),
    details: await sealGuestName({ id: guestId, role, name }, keys, recipients),
  };
}

export interface GuestThere {
  browser: Browser;
  keys: Keys;
  link: GuestLink;
}

/** Maria has opened her link and asked to join. */
export async function maria(clinic: Clinic, doctor: Doctor, visit: InCall, link: GuestLink): Promise<GuestThere> {
  const browser = clinic.browser();
  const keys = await patientKeys(newSeed(), link.guestId);
  const recipients = [doctor.keys.recipient, visit.patient.keys.recipient];
  const answer = await browser.ask(claimGuestLink, await guestClaim(link, keys, recipients));
  if (answer.status !== 200) throw new Error(answer.code);
  return { browser, keys, link };
}

/** What the patient signs to let the guest in. */
export async function guestConsent(visit: InCall, guest: GuestThere, change: object = {}) {
  const text = guestTermsText({
    ...{ clinic: "Riverside Practice", clinician: "Dr. Esi Osei", role: guest.link.role, version: 1 },
    validUntil: visit.consent.validUntil,
  });
  const consent = {
    patient: visit.patient.keys.signer,
    grantee: guest.keys.signer,
    visit: await visitTopic(visit.planned.visitId),
    scopes: scopesOf(guestChoices),
    validFrom: Math.floor(Date.now() / 1000) - 60,
    validUntil: visit.consent.validUntil,
    terms: await termsHash(text),
    salt: randomHex(32),
    ...change,
  };
  const signature = await visit.patient.keys.sign(digestOf("Consent", consent, visit.ledger));
  return {
    id: consentId(consent),
    ask: { visitId: visit.planned.visitId, guestId: guest.link.guestId, consent, signature },
  };
}

/** Maria was asked for by the doctor, and Ana let her in. */
export async function guestInCall(clinic: Clinic, doctor: Doctor, visit: InCall) {
  const guest = await maria(clinic, doctor, visit, await guestLink(doctor.browser, visit));
  const { id, ask } = await guestConsent(visit, guest);
  const answer = await visit.patient.browser.ask(allowGuest, ask);
  if (answer.status !== 200) throw new Error(answer.code);
  return { ...guest, consentId: id };
}
