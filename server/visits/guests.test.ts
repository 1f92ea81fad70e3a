import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readSession } from "../../lib/audit/api.ts";
import { revoke } from "../../lib/consent/api.ts";
import { scopesOf } from "../../lib/consent/grant.ts";
import { guestTermsText } from "../../lib/consent/guest-terms.ts";
import { termsHash } from "../../lib/consent/terms.ts";
import { digestOf } from "../../lib/consent/typed-data.ts";
import { newSeed, patientKeys } from "../../lib/keyring/keyring.ts";
import { sealFor } from "../../lib/keyring/sealed.ts";
import { createVisit, endVisit, readJoin, readVisit, reportNotPrivate } from "../../lib/visits/api.ts";
import {
  acceptGuest,
  allowGuest,
  claimGuestLink,
  inviteGuest,
  leaveAsGuest,
  openGuestLink,
  readGuest,
  revokeGuest,
  turnAwayGuest,
} from "../../lib/visits/guest-api.ts";
import { openGuestName, sealGuestName } from "../../lib/visits/guest-name.ts";
import { newLink, tokenOf } from "../../lib/visits/link.ts";
import { pseudonymOf } from "../../lib/visits/pseudonym.ts";
import { Clinic, type Doctor, drOsei, type InCall, inCall, plan } from "../clinic.fixture.ts";
import { guestClaim, guestConsent, guestInCall, guestLink, maria } from "../guest.fixture.ts";

let clinic: Clinic;
let doctor: Doctor;
let visit: InCall;
const choices = { video: "allow", prescriptions: "ask", files: "ask" } as const;

beforeAll(async () => {
  clinic = await Clinic.open();
  doctor = await drOsei(clinic);
});
afterAll(() => clinic.close());
beforeEach(async () => {
  visit = await inCall(clinic, doctor, choices);
});

const visitId = () => visit.planned.visitId;
const seenByPatient = async () => (await visit.patient.browser.ask(readJoin, { visitId: visitId() })).value;
const seenByDoctor = async () => (await doctor.browser.ask(readVisit, { visitId: visitId() })).value;
const trail = async () =>
  (await doctor.browser.ask(readSession, { visitId: visitId() })).value.lines.map(({ entry, act }) => ({
    action: entry.action,
    act: act?.kind ?? null,
    object: entry.object,
    consent: entry.consent,
    detail: entry.detail as Record<string, unknown>,
    refusal: entry.refusal,
  }));

test("the doctor asks, the guest gives a name, and the patient alone lets them in, under a consent of the guest’s own", async () => {
  const link = await guestLink(doctor.browser, visit);
  expect((await seenByPatient()).guests).toMatchObject([{ id: link.guestId, state: "invited", askedBy: "clinician" }]);
  const guest = await maria(clinic, doctor, visit, link);
  const [asking] = (await seenByPatient()).guests;
  expect(asking).toMatchObject({ state: "asking", role: "interpreter", signer: guest.keys.signer });
  expect(asking!.acceptedAt).not.toBeNull();
  expect(await openGuestName(asking!, visit.patient.keys)).toBe("Maria Lopes");
  expect(await openGuestName((await seenByDoctor()).guests[0]!, doctor.keys)).toBe("Maria Lopes");

  const { id, ask } = await guestConsent(visit, guest);
  const allowed = await visit.patient.browser.ask(allowGuest, ask);
  expect(allowed.value).toMatchObject({ id, state: "live" });
  expect((await guest.browser.ask(readGuest, { guestId: link.guestId })).value).toMatchObject({
    ...{ state: "allowed", visit: "in-call", visitId: visitId(), consent: { id } },
    patient: { signer: visit.patient.keys.signer },
  });
  expect((await seenByPatient()).consent!.id).toBe(visit.consentId);
  const line = (await trail()).find(({ action }) => action === "guest.allowed");
  expect(line).toMatchObject({
    ...{ act: "grant", object: id, consent: id },
    detail: { prescriptions: "deny", files: "deny", role: "interpreter", guest: pseudonymOf(guest.keys.signer) },
  });
});

test("a guest whom the patient asks for needs the doctor’s yes before the patient’s signature counts", async () => {
  const guest = await maria(clinic, doctor, visit, await guestLink(visit.patient.browser, visit));
  const { ask } = await guestConsent(visit, guest);
  expect((await visit.patient.browser.ask(allowGuest, ask)).code).toBe("guest.not-asking");
  const { guestId } = guest.link;
  expect((await doctor.browser.ask(acceptGuest, { visitId: visitId(), guestId })).value.acceptedAt).not.toBeNull();
  expect((await visit.patient.browser.ask(allowGuest, ask)).status).toBe(200);
  expect((await doctor.browser.ask(acceptGuest, { visitId: visitId(), guestId })).code).toBe("guest.not-asking");
});

test("the doctor says yes to who asks, not before, and to the role in which they ask", async () => {
  const link = await guestLink(visit.patient.browser, visit);
  const asked = { visitId: visitId(), guestId: link.guestId };
  expect((await doctor.browser.ask(acceptGuest, asked)).code).toBe("guest.not-asking");
  await maria(clinic, doctor, visit, link);
  expect((await doctor.browser.ask(acceptGuest, asked)).status).toBe(200);

  const own = await guestLink(doctor.browser, visit);
  const other = await maria(clinic, doctor, visit, { ...own, role: "relative" });
  expect((await seenByDoctor()).guests[1]).toMatchObject({ role: "relative", acceptedAt: null });
  const { ask } = await guestConsent(visit, other);
  expect((await visit.patient.browser.ask(allowGuest, ask)).code).toBe("guest.not-asking");
  await doctor.browser.ask(acceptGuest, { visitId: visitId(), guestId: own.guestId });
  expect((await visit.patient.browser.ask(allowGuest, ask)).status).toBe(200);
});

test("nothing but exactly what the card for this guest shows is accepted", async () => {
  const guest = await maria(clinic, doctor, visit, await guestLink(doctor.browser, visit));
  const { validUntil } = visit.consent;
  const as = (role: "relative") =>
    guestTermsText({ clinic: "Riverside Practice", clinician: "Dr. Esi Osei", role, validUntil, version: 1 });
  const changes = {
    "another grantee": { grantee: doctor.keys.signer },
    "files too": { scopes: scopesOf({ video: "allow", prescriptions: "deny", files: "allow" }) },
    "longer than the visit": { validUntil: validUntil + 60 },
    "another role’s text": { terms: await termsHash(as("relative")) },
    "another visit": { visit: `0x${"2".repeat(64)}` },
    "a beginning long ago": { validFrom: 1 },
  };
  for (const [what, change] of Object.entries(changes)) {
    const { ask } = await guestConsent(visit, guest, change);
    expect([what, (await visit.patient.browser.ask(allowGuest, ask)).code]).toEqual([what, "consent.mismatch"]);
  }
  const { ask } = await guestConsent(visit, guest);
  const forged = { ...ask, signature: await guest.keys.sign(digestOf("Consent", ask.consent, visit.ledger)) };
  expect((await visit.patient.browser.ask(allowGuest, forged)).code).toBe("signature.wrong");
  expect((await seenByPatient()).guests[0]).toMatchObject({ state: "asking", consent: null });
});

test("a link is one browser’s: another key is turned away, the same one comes back with the name it first gave", async () => {
  const link = await guestLink(doctor.browser, visit);
  const recipients = [visit.patient.keys.recipient];
  const guest = await maria(clinic, doctor, visit, link);
  const other = await patientKeys(newSeed(), link.guestId);
  expect((await clinic.browser().ask(claimGuestLink, await guestClaim(link, other, recipients))).code).toBe(
    "visit.claimed",
  );
  const again = await guestClaim({ ...link, role: "student" }, guest.keys, recipients, "Dr. Esi Osei");
  const before = (await seenByPatient()).guests[0]!;
  expect((await clinic.browser().ask(claimGuestLink, again)).value).toMatchObject({ role: "interpreter" });
  expect((await seenByPatient()).guests[0]).toEqual(before);
  // A key that is only said to be theirs, and a link that is only half there.
  const stolen = { ...again, proof: await other.sign(digestOf("Claim", { visit: link.guestId, ...pick(again) })) };
  expect((await clinic.browser().ask(claimGuestLink, stolen)).code).toBe("signature.wrong");
  const wrong = await tokenOf((await newLink()).secret);
  const missing = { guestId: "0".repeat(32), token: wrong };
  const there = await clinic.browser().ask(openGuestLink, { guestId: link.guestId, token: wrong });
  expect([there.code, there.status]).toEqual(["visit.not-found", 404]);
  expect(await clinic.browser().ask(openGuestLink, missing)).toEqual(there);
});

const pick = ({ signer, recipient, at }: { signer: string; recipient: string; at: number }) => ({
  signer,
  recipient,
  at,
});

test("a name that the guest’s key did not sign for this link and role is not shown", async () => {
  const guest = await patientKeys(newSeed(), "1");
  const ana = visit.patient.keys;
  const told = { id: "a".repeat(32), role: "interpreter", name: "Maria Lopes" } as const;
  const details = await sealGuestName(told, guest, [ana.recipient]);
  const view = { ...told, signer: guest.signer, details };
  expect(await openGuestName(view, ana)).toBe("Maria Lopes");
  await expect(openGuestName({ ...view, role: "relative" }, ana)).rejects.toThrow();
  await expect(openGuestName({ ...view, signer: doctor.keys.signer }, ana)).rejects.toThrow();
  await expect(openGuestName({ ...view, id: "b".repeat(32) }, ana)).rejects.toThrow();
});

test("a refused guest is told so, and their name is not kept", async () => {
  const guest = await maria(clinic, doctor, visit, await guestLink(doctor.browser, visit));
  const { guestId } = guest.link;
  const refused = await visit.patient.browser.ask(turnAwayGuest, { visitId: visitId(), guestId });
  expect(refused.value).toMatchObject({ state: "over", end: "refused", details: null });
  expect((await guest.browser.ask(readGuest, { guestId })).value).toMatchObject({ state: "over", end: "refused" });
  const { ask } = await guestConsent(visit, guest);
  expect((await visit.patient.browser.ask(allowGuest, ask)).code).toBe("guest.not-asking");
  const claim = await guestClaim(guest.link, guest.keys, [doctor.keys.recipient]);
  expect((await guest.browser.ask(claimGuestLink, claim)).code).toBe("visit.over");
  expect((await seenByPatient()).state).toBe("in-call");
});

test("revoked, the guest is out and the visit goes on; the revocation goes to the ledger", async () => {
  const guest = await guestInCall(clinic, doctor, visit);
  const { guestId } = guest.link;
  const sign = (by: typeof guest.keys) => by.sign(digestOf("Revocation", { consent: guest.consentId }, visit.ledger));
  const asked = { visitId: visitId(), guestId };
  expect((await visit.patient.browser.ask(revokeGuest, { ...asked, signature: await sign(guest.keys) })).code).toBe(
    "signature.wrong",
  );
  const signature = await sign(visit.patient.keys);
  expect((await visit.patient.browser.ask(revokeGuest, { ...asked, signature })).status).toBe(200);
  expect((await guest.browser.ask(readGuest, { guestId })).value).toMatchObject({
    ...{ state: "over", end: "revoked", visit: "over" },
    consent: { state: "revoked" },
  });
  expect(await seenByPatient()).toMatchObject({ state: "in-call", consent: { state: "live" } });
  expect((await trail()).find(({ action }) => action === "guest.revoked")).toMatchObject({
    ...{ act: "revoke", consent: guest.consentId },
  });
  expect((await visit.patient.browser.ask(revokeGuest, { ...asked, signature })).code).toBe("consent.not-live");
});

test("a guest who leaves is gone for good, and so is everyone when the visit ends", async () => {
  const first = await guestInCall(clinic, doctor, visit);
  const second = await maria(clinic, doctor, visit, await guestLink(visit.patient.browser, visit));
  expect((await first.browser.ask(leaveAsGuest, { guestId: first.link.guestId })).status).toBe(200);
  expect((await seenByPatient()).guests[0]).toMatchObject({ state: "over", end: "left", consent: { state: "ended" } });
  expect((await first.browser.ask(leaveAsGuest, { guestId: first.link.guestId })).code).toBe("visit.over");
  await doctor.browser.ask(endVisit, { visitId: visitId() });
  expect((await second.browser.ask(readGuest, { guestId: second.link.guestId })).value).toMatchObject({
    ...{ state: "over", end: "visit", visit: "over" },
  });
  expect((await seenByDoctor()).guests[1]).toMatchObject({ details: null });
});

test("taking back the visit’s permission takes every guest with it", async () => {
  const guest = await guestInCall(clinic, doctor, visit);
  const signature = await visit.patient.keys.sign(digestOf("Revocation", { consent: visit.consentId }, visit.ledger));
  expect((await visit.patient.browser.ask(revoke, { visitId: visitId(), signature })).status).toBe(200);
  expect((await guest.browser.ask(readGuest, { guestId: guest.link.guestId })).value).toMatchObject({
    ...{ state: "over", end: "visit", consent: { state: "ended" } },
  });
});

test("two guests at most are asked for or here at a time, and none before there is a permission", async () => {
  await guestLink(doctor.browser, visit);
  const second = await guestLink(visit.patient.browser, visit);
  await expect(guestLink(doctor.browser, visit)).rejects.toThrow("guest.full");
  await doctor.browser.ask(turnAwayGuest, { visitId: visitId(), guestId: second.guestId });
  await guestLink(doctor.browser, visit);
  await doctor.browser.ask(endVisit, { visitId: visitId() });
  await expect(guestLink(doctor.browser, visit)).rejects.toThrow("visit.over");
});

test("a visit has twenty links for guests, and never one more, whatever becomes of them", async () => {
  for (let made = 0; made < 20; made++) {
    const { guestId } = await guestLink(visit.patient.browser, visit);
    await visit.patient.browser.ask(turnAwayGuest, { visitId: visitId(), guestId });
  }
  await expect(guestLink(visit.patient.browser, visit)).rejects.toThrow("guest.too-many");
  await expect(guestLink(doctor.browser, visit)).rejects.toThrow("guest.too-many");
});

test("no link is a visit’s and a guest’s at once", async () => {
  const { guestId } = await guestLink(doctor.browser, visit);
  const { claimHash } = await newLink();
  const { signer } = doctor.keys;
  const planned = {
    id: guestId,
    signer,
    claimHash,
    details: await sealFor([doctor.keys.recipient], {}),
    plannedFor: null,
  };
  expect((await doctor.browser.ask(createVisit, planned)).code).toBe("visit.wrong-state");
  const other = await plan(doctor);
  const invitation = { visitId: visitId(), id: other.visitId, claimHash, role: "student", details: null } as const;
  expect((await visit.patient.browser.ask(inviteGuest, invitation)).code).toBe("visit.wrong-state");
});

test("what belongs to another visit answers as what is not there", async () => {
  const link = await guestLink(doctor.browser, visit);
  const other = await inCall(clinic, doctor, choices);
  const guest = await guestInCall(clinic, doctor, visit);
  const asked = { visitId: other.planned.visitId, guestId: link.guestId };
  expect((await other.patient.browser.ask(turnAwayGuest, asked)).code).toBe("visit.not-found");
  expect((await doctor.browser.ask(turnAwayGuest, asked)).code).toBe("visit.not-found");
  expect((await guest.browser.ask(readGuest, { guestId: link.guestId })).code).toBe("visit.not-found");
  const { claimHash } = await newLink();
  const invitation = { visitId: visitId(), id: "1".repeat(32), claimHash, role: "student", details: null } as const;
  expect((await other.patient.browser.ask(inviteGuest, invitation)).code).toBe("visit.not-found");
  expect((await guest.browser.ask(inviteGuest, invitation)).code).toBe("visit.not-found");
});

test("a guest whose word was not theirs is out by either one's report, once, and the visit goes on", async () => {
  for (const reporter of [doctor.browser, visit.patient.browser]) {
    const guest = await guestInCall(clinic, doctor, visit);
    const { guestId } = guest.link;
    const report = () => reporter.ask(reportNotPrivate, { visitId: visitId(), guestId, why: "unsigned" });
    expect(await report()).toMatchObject({ status: 200 });
    expect(await report()).toMatchObject({ code: "consent.not-live" });
    expect((await guest.browser.ask(readGuest, { guestId })).value).toMatchObject({
      state: "over",
      end: "not-private",
    });
    expect((await doctor.browser.ask(readVisit, { visitId: visitId() })).value.state).toBe("in-call");
    const lines = (await trail()).filter((one) => one.action === "guest.not-private" && one.object === guestId);
    expect(lines).toMatchObject([{ consent: guest.consentId, detail: { why: "unsigned" } }]);
  }
  const missing = await doctor.browser.ask(reportNotPrivate, {
    visitId: visitId(),
    guestId: "0".repeat(32),
    why: "unsigned",
  });
  expect(missing.code).toBe("visit.not-found");
});
