import { afterEach, beforeEach, expect, test } from "vitest";
import { listLines } from "../../lib/audit/api.ts";
import { readMe, signIn } from "../../lib/auth/api.ts";
import { deviceDigest, deviceKeys, newKey } from "../../lib/auth/device.ts";
import {
  acceptInvitation,
  bringKey,
  changeRoles,
  confirmSelf,
  enrolKey,
  INVITATION_HOURS,
  openInvitation,
  readOwnKeys,
  readPeople,
  removeKey,
  removePerson,
  withdrawInvitation,
} from "../../lib/auth/people-api.ts";
import type { NewKey } from "../../lib/auth/person.ts";
import { authorize } from "../../lib/consent/api.ts";
import { digestOf } from "../../lib/consent/typed-data.ts";
import { clinicianKeys, type Keys, newSeed } from "../../lib/keyring/keyring.ts";
import { addRecord, answerAsk, askApproval, listRecords } from "../../lib/records/api.ts";
import { listColleagues } from "../../lib/records/share.ts";
import { holdVisit, readVisit } from "../../lib/visits/api.ts";
import {
  ana,
  type Browser,
  Clinic,
  cetirizine,
  consentOf,
  type Doctor,
  drOsei,
  inCall,
  plan,
  sessionStart,
  signed,
} from "../clinic.fixture.ts";
import { colleague, invited, joined, password } from "../colleague.fixture.ts";

let clinic: Clinic;
let admin: Doctor;
let ahead = 0;
const email = "liam@riverside.example";
const choices = { video: "allow", prescriptions: "allow", files: "allow" } as const;

beforeEach(async () => {
  ahead = 0;
  clinic = await Clinic.open(undefined, {}, { now: () => new Date(Date.now() + ahead) });
  admin = await drOsei(clinic);
});
afterEach(() => clinic.close());

const people = async () => (await admin.browser.ask(readPeople, {})).value;
const someKey = async () => {
  const keys = await clinicianKeys(newSeed());
  return newKey(keys, keys, "Safari on iPhone");
};
const liam = async () => (await people()).people.find((one) => one.name === "Dr. Liam Brandt")!;

test("whoever is invited joins once, with a key that signs nothing before it is enrolled", async () => {
  const doctor = await joined(clinic, admin, email);
  const { browser, keys } = doctor;
  expect((await browser.ask(readMe, {})).value).toMatchObject({
    name: "Dr. Liam Brandt",
    roles: ["clinician"],
    keys: [],
  });
  await expect(plan(doctor)).rejects.toThrow("key.not-enrolled");
  expect((await browser.ask(readOwnKeys, {})).value.keys).toMatchObject([{ card: keys.card, enrolledAt: null }]);

  expect((await admin.browser.ask(enrolKey, { signer: keys.signer, by: null })).status).toBe(200);
  const visit = await inCall(clinic, doctor, choices);
  expect(visit.consent.grantee).toBe(keys.signer);
  expect((await liam()).keys).toMatchObject([{ device: "Chrome on Windows", enrolledBy: "Dr. Esi Osei" }]);
  expect((await people()).invitations).toEqual([]);
});

test("an invitation works once, for three days, for whoever has the whole link, and not once it was taken back", async () => {
  const { invitationId, token } = await invited(admin, email);
  const stranger = clinic.browser();
  const opened = await stranger.ask(openInvitation, { invitationId, token });
  expect(opened.value).toEqual({
    clinic: "Riverside Practice",
    name: "Dr. Liam Brandt",
    email,
    roles: ["clinician"],
  });
  const other = `0x${"1".repeat(64)}`;
  expect((await stranger.ask(openInvitation, { invitationId, token: other })).code).toBe("invitation.not-found");
  const nowhere = { invitationId: "1".repeat(32), token };
  expect((await stranger.ask(openInvitation, nowhere)).code).toBe("invitation.not-found");

  ahead = INVITATION_HOURS * 3_600_000 - 60_000;
  expect((await stranger.ask(openInvitation, { invitationId, token })).status).toBe(200);
  ahead += 120_000;
  expect((await stranger.ask(openInvitation, { invitationId, token })).code).toBe("invitation.expired");
  const late = { invitationId, token, password, key: null };
  expect((await stranger.ask(acceptInvitation, late)).code).toBe("invitation.expired");

  // What ran out is in nobody's way.
  await admin.browser.ask(confirmSelf, { password: "a long passphrase" });
  const again = await invited(admin, email);
  expect(again.status).toBe(200);
  const accept = (key: NewKey | null) =>
    clinic.browser().ask(acceptInvitation, { invitationId: again.invitationId, token: again.token, password, key });
  expect((await accept(await someKey())).status).toBe(200);
  expect((await accept(null)).code).toBe("invitation.not-found");

  const third = await invited(admin, "noor@riverside.example");
  await admin.browser.ask(withdrawInvitation, { invitationId: third.invitationId });
  expect((await stranger.ask(openInvitation, { invitationId: third.invitationId, token: third.token })).code).toBe(
    "invitation.not-found",
  );
});

test("nobody is invited twice, and nobody brings a key that is somebody else's", async () => {
  expect((await invited(admin, "ESI@riverside.example")).code).toBe("staff.exists");
  await invited(admin, email);
  expect((await invited(admin, email)).code).toBe("staff.exists");

  const { invitationId, token } = await invited(admin, "noor@riverside.example");
  const key = await newKey(admin.keys, admin.keys, "Chrome on Windows");
  const taken = await clinic.browser().ask(acceptInvitation, { invitationId, token, password, key });
  expect(taken.code).toBe("key.moved-on");
  const theirs = await someKey();
  const forged = { ...theirs, card: { ...theirs.card, recipient: admin.keys.recipient } };
  const unvouched = await clinic.browser().ask(acceptInvitation, { invitationId, token, password, key: forged });
  expect(unvouched.code).toBe("signature.wrong");
  const unowned = { ...theirs, person: admin.keys.signer };
  const another = await clinic.browser().ask(acceptInvitation, { invitationId, token, password, key: unowned });
  expect(another.code).toBe("signature.wrong");
  // Nothing came of it: the link still works.
  expect((await clinic.browser().ask(openInvitation, { invitationId, token })).status).toBe(200);
});

test("what changes who may sign asks for the password again, five minutes after it was given", async () => {
  const doctor = await joined(clinic, admin, email);
  const personId = (await liam()).id;
  ahead = 6 * 60_000;
  const { signer } = doctor.keys;
  const refused = [
    await invited(admin, "noor@riverside.example"),
    await admin.browser.ask(enrolKey, { signer, by: null }),
    await admin.browser.ask(removeKey, { signer, why: "lost" }),
    await admin.browser.ask(changeRoles, { personId, roles: ["admin"] }),
    await admin.browser.ask(removePerson, { personId }),
    await doctor.browser.ask(bringKey, await someKey()),
  ];
  expect(refused.map(({ code }) => code)).toEqual(refused.map(() => "auth.confirm"));
  expect(await liam()).toMatchObject({ removedAt: null, roles: ["clinician"], keys: [{ enrolledAt: null }] });

  expect((await admin.browser.ask(confirmSelf, { password: "not the passphrase" })).code).toBe("auth.wrong");
  expect((await admin.browser.ask(enrolKey, { signer, by: null })).code).toBe("auth.confirm");
  expect((await admin.browser.ask(confirmSelf, { password: "a long passphrase" })).status).toBe(200);
  expect((await admin.browser.ask(enrolKey, { signer, by: null })).status).toBe(200);
});

test("whoever guesses the password of an open session is stopped after five tries", async () => {
  const tries = Array.from({ length: 6 }, () => admin.browser.ask(confirmSelf, { password: "a guess" }));
  const codes = (await Promise.all(tries)).map(({ code }) => code);
  expect(codes.filter((code) => code === "auth.wrong")).toHaveLength(5);
  expect((await admin.browser.ask(confirmSelf, { password: "a long passphrase" })).code).toBe("request.too-many");
});

test("a removed key signs nothing any more, here at once and on the ledger, and what it signed stays", async () => {
  const doctor = await colleague(clinic, admin, email);
  const visit = await inCall(clinic, doctor, choices);
  const record = async (number: number) =>
    signed(visit, doctor.keys, [visit.patient.keys.recipient], sessionStart(), number);
  expect((await doctor.browser.ask(addRecord, await record(1))).status).toBe(200);

  const { signer } = doctor.keys;
  expect((await admin.browser.ask(removeKey, { signer, why: "lost" })).status).toBe(200);
  // Whoever has the laptop is out, and the password alone brings no key back.
  expect((await doctor.browser.ask(readMe, {})).code).toBe("auth.needed");
  expect((await doctor.browser.ask(signIn, { email, password })).status).toBe(200);
  expect((await doctor.browser.ask(addRecord, await record(2))).code).toBe("key.not-enrolled");
  await expect(plan(doctor)).rejects.toThrow("key.not-enrolled");
  const again = await newKey(doctor.keys, doctor.keys, "Chrome on Windows");
  expect((await doctor.browser.ask(bringKey, again)).code).toBe("key.moved-on");
  expect((await admin.browser.ask(enrolKey, { signer, by: null })).code).toBe("key.moved-on");

  await expect.poll(async () => (await liam()).keys[0]?.ledger, { timeout: 20_000 }).toBe("final");
  expect((await liam()).keys).toMatchObject([{ signed: 1, removedAt: expect.any(String) }]);
});

test("what a key had asked the patient becomes no record once the key was removed", async () => {
  const doctor = await colleague(clinic, admin, email);
  const visit = await inCall(clinic, doctor, { ...choices, prescriptions: "ask" });
  const question = await signed(visit, doctor.keys, [visit.patient.keys.recipient], cetirizine, 1);
  const { id } = (await doctor.browser.ask(askApproval, question)).value;
  expect((await admin.browser.ask(removeKey, { signer: doctor.keys.signer, why: "lost" })).status).toBe(200);
  const approval = await visit.patient.keys.sign(digestOf("Approval", { record: id }, visit.ledger));
  const answer = { visitId: visit.planned.visitId, id };
  expect((await visit.patient.browser.ask(answerAsk, { ...answer, approval })).code).toBe("consent.device-removed");
  // A no is always heard.
  expect((await visit.patient.browser.ask(answerAsk, { ...answer, approval: null })).status).toBe(200);
});

test("a key is removed by its owner or an admin, and by nobody else", async () => {
  const one = await colleague(clinic, admin, email);
  const other = await colleague(clinic, admin, "noor@riverside.example");
  const { signer } = one.keys;
  expect((await other.browser.ask(removeKey, { signer, why: "other" })).code).toBe("key.not-found");
  expect((await one.browser.ask(removeKey, { signer, why: "replaced" })).status).toBe(200);
});

test("whoever leaves is out at once, their open visits end, and their name stays on what they did", async () => {
  const doctor = await colleague(clinic, admin, email);
  const visit = await inCall(clinic, doctor, choices);
  const before = await liam();
  expect((await admin.browser.ask(removePerson, { personId: before.id })).status).toBe(200);
  expect((await doctor.browser.ask(readVisit, { visitId: visit.planned.visitId })).code).toBe("auth.needed");
  expect((await doctor.browser.ask(signIn, { email, password })).code).toBe("auth.wrong");
  expect(await liam()).toMatchObject({ email: null, keys: [{ card: doctor.keys.card }] });
  const { lines } = (await admin.browser.ask(listLines, { after: 0 })).value;
  const ended = lines.find(({ entry }) => entry.visitId === visit.planned.visitId && entry.action === "visit.ended");
  expect(ended?.entry).toMatchObject({ actor: { is: "system" }, detail: { why: "doctor-left" } });
  // The address is free for whoever comes after, or comes back.
  expect((await invited(admin, email)).status).toBe(200);
});

test("the practice always keeps an admin", async () => {
  const { people: all } = await people();
  const personId = all[0]!.id;
  expect((await admin.browser.ask(removePerson, { personId })).code).toBe("staff.last-admin");
  expect((await admin.browser.ask(changeRoles, { personId, roles: ["clinician"] })).code).toBe("staff.last-admin");
  const second = await colleague(clinic, admin, email, { roles: ["admin", "clinician"] });
  expect((await second.browser.ask(changeRoles, { personId, roles: ["clinician"] })).status).toBe(200);
  expect((await admin.browser.ask(readPeople, {})).code).toBe("auth.not-allowed");
  const { id } = second.staff;
  expect((await second.browser.ask(removePerson, { personId: id })).code).toBe("staff.last-admin");
});

test("whoever is an admin no longer lets nobody in with what they had invited", async () => {
  const second = await colleague(clinic, admin, email, { roles: ["admin", "clinician"] });
  const { id } = second.staff;
  const open = ({ invitationId, token }: { invitationId: string; token: string }) =>
    clinic.browser().ask(openInvitation, { invitationId, token });
  const others = await invited(admin, "noor@riverside.example");
  const before = await invited(second, "another@riverside.example", { roles: ["admin"] });
  expect((await admin.browser.ask(changeRoles, { personId: id, roles: ["clinician"] })).status).toBe(200);
  expect((await open(before)).code).toBe("invitation.not-found");

  await admin.browser.ask(changeRoles, { personId: id, roles: ["admin"] });
  const again = await invited(second, "another@riverside.example", { roles: ["admin"] });
  expect((await admin.browser.ask(removePerson, { personId: id })).status).toBe(200);
  expect((await open(again)).code).toBe("invitation.not-found");
  expect((await open(others)).status).toBe(200);
});

test("whoever is a doctor no longer has no key and no visit any more", async () => {
  const doctor = await colleague(clinic, admin, email);
  const { id } = doctor.staff;
  const { visitId } = (await inCall(clinic, doctor, choices)).planned;
  expect((await doctor.browser.ask(listRecords, { visitId })).status).toBe(200);
  expect((await admin.browser.ask(changeRoles, { personId: id, roles: ["admin"] })).status).toBe(200);
  // Nor the visits that were theirs: those that were open are over, and what they hold is for doctors.
  expect((await doctor.browser.ask(listRecords, { visitId })).code).toBe("auth.not-allowed");
  const { lines } = (await doctor.browser.ask(listLines, { after: 0 })).value;
  expect(lines.find(({ entry }) => entry.visitId === visitId && entry.action === "visit.ended")).toBeDefined();
  expect((await doctor.browser.ask(readMe, {})).value).toMatchObject({ roles: ["admin"], keys: [] });
  expect((await liam()).keys[0]?.removedAt).not.toBeNull();
});

/** Another browser of the same doctor: a key of its own, vouched for by the same recovery kit. */
async function secondDevice(doctor: Doctor & { keys: Keys }, browser: Browser) {
  const keys = await deviceKeys(doctor.keys, await clinicianKeys(newSeed()));
  const brought = await newKey(doctor.keys, keys, "Safari on iPhone");
  expect((await browser.ask(bringKey, brought)).status).toBe(200);
  return { doctor: { ...doctor, browser, keys }, brought };
}

test("a second device has a key of its own, which the first one enrols, and both hold visits", async () => {
  const first = await colleague(clinic, admin, email);
  const phone = clinic.browser();
  await phone.ask(signIn, { email, password });
  const { doctor, brought } = await secondDevice(first, phone);
  await expect(plan(doctor)).rejects.toThrow("key.not-enrolled");
  const { signer } = doctor.keys;

  // Neither a session nor the kit is enough, and nor is another doctor's key.
  const by = async (keys: Keys) => ({
    signer: keys.signer,
    voucher: await keys.sign(deviceDigest(keys.signer, brought.card, brought.device)),
  });
  expect((await phone.ask(enrolKey, { signer, by: null })).code).toBe("key.not-found");
  expect((await phone.ask(enrolKey, { signer, by: await by(doctor.keys) })).code).toBe("key.not-found");
  const noor = await colleague(clinic, admin, "noor@riverside.example", { name: "Dr. Noor Rahman" });
  expect((await noor.browser.ask(enrolKey, { signer, by: await by(noor.keys) })).code).toBe("key.not-found");
  const forged = { ...(await by(first.keys)), voucher: (await by(noor.keys)).voucher };
  expect((await first.browser.ask(enrolKey, { signer, by: forged })).code).toBe("signature.wrong");

  expect((await first.browser.ask(enrolKey, { signer, by: await by(first.keys) })).status).toBe(200);
  for (const one of [first, doctor]) expect((await inCall(clinic, one, choices)).consent.grantee).toBe(one.keys.signer);
  // To a patient they are one doctor all the same.
  const { planned, patient } = await inCall(clinic, noor, choices);
  const { colleagues } = (await patient.browser.ask(listColleagues, { visitId: planned.visitId })).value;
  expect(colleagues.map(({ name }) => name)).toEqual(["Dr. Esi Osei", "Dr. Liam Brandt"]);
  expect((await liam()).keys).toMatchObject([
    { device: "Safari on iPhone", sameKit: true, enrolledBy: "Dr. Liam Brandt" },
    { device: "Chrome on Windows", sameKit: true },
  ]);
});

test("a lost laptop signs nothing from then on, the phone goes on, and takes over what the laptop had planned", async () => {
  const laptop = await colleague(clinic, admin, email);
  const phone = clinic.browser();
  await phone.ask(signIn, { email, password });
  const { doctor } = await secondDevice(laptop, phone);
  const { signer } = doctor.keys;
  await admin.browser.ask(enrolKey, { signer, by: null });
  const planned = await plan(laptop);
  const begun = await inCall(clinic, laptop, choices);
  const { visitId } = begun.planned;

  expect((await phone.ask(removeKey, { signer: laptop.keys.signer, why: "lost" })).status).toBe(200);
  expect((await laptop.browser.ask(readMe, {})).code).toBe("auth.needed");
  await laptop.browser.ask(signIn, { email, password });
  await expect(plan(laptop)).rejects.toThrow("key.not-enrolled");
  const record = (keys: Keys) => signed(begun, keys, [begun.patient.keys.recipient], sessionStart(), 1);
  expect((await laptop.browser.ask(addRecord, await record(laptop.keys))).code).toBe("key.not-enrolled");
  // The patient gave this visit to the laptop's key: no other may record in it.
  expect((await phone.ask(addRecord, await record(doctor.keys))).code).toBe("key.not-enrolled");
  expect((await phone.ask(holdVisit, { visitId, signer })).code).toBe("visit.wrong-state");
  expect((await phone.ask(readVisit, { visitId })).value.heldOn).toEqual({
    device: "Chrome on Windows",
    enrolled: false,
  });

  const patient = await ana(clinic, planned);
  const asked = async (by: Doctor) => {
    const { consent, signature } = await consentOf(clinic, planned, by, patient, choices);
    return patient.browser.ask(authorize, { visitId: planned.visitId, consent, signature });
  };
  expect((await asked(laptop)).code).toBe("consent.device-removed");
  const others = await colleague(clinic, admin, "noor@riverside.example", { name: "Dr. Noor Rahman" });
  const taking = { visitId: planned.visitId, signer };
  expect((await others.browser.ask(holdVisit, { ...taking, signer: others.keys.signer })).code).toBe("visit.not-found");
  expect((await phone.ask(holdVisit, { ...taking, signer: laptop.keys.signer })).code).toBe("key.not-enrolled");
  expect((await phone.ask(holdVisit, taking)).status).toBe(200);
  expect((await asked(doctor)).status).toBe(200);
});

test("a doctor without any of their devices is known by their kit, and whoever has another kit is shown as such", async () => {
  const doctor = await colleague(clinic, admin, email);
  await doctor.browser.ask(bringKey, await someKey());
  expect((await liam()).keys.map(({ sameKit }) => sameKit)).toEqual([false, true]);
});
