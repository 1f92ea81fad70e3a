import { afterEach, beforeEach, expect, test } from "vitest";
import { listLines } from "../../lib/audit/api.ts";
import { readMe, signIn } from "../../lib/auth/api.ts";
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
import { clinicianKeys, newSeed } from "../../lib/keyring/keyring.ts";
import { addRecord } from "../../lib/records/api.ts";
import { readVisit } from "../../lib/visits/api.ts";
import { Clinic, type Doctor, drOsei, inCall, plan, sessionStart, signed } from "../clinic.fixture.ts";
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
const liam = async () => (await people()).people.find((one) => one.name === "Dr. Liam Brandt")!;

test("whoever is invited joins once, with a key that signs nothing before it is enrolled", async () => {
  const doctor = await joined(clinic, admin, email);
  const { browser, keys } = doctor;
  expect((await browser.ask(readMe, {})).value).toMatchObject({
    name: "Dr. Liam Brandt",
    roles: ["clinician"],
    key: null,
  });
  await expect(plan(doctor)).rejects.toThrow("key.not-enrolled");
  expect((await browser.ask(readOwnKeys, {})).value.keys).toMatchObject([{ card: keys.card, enrolledAt: null }]);

  expect((await admin.browser.ask(enrolKey, { signer: keys.signer })).status).toBe(200);
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
  const { card } = await clinicianKeys(newSeed());
  const asked = { ...again, password, key: { card, device: "Chrome on Windows" } };
  const accept = (key: typeof asked.key | null) =>
    clinic.browser().ask(acceptInvitation, { invitationId: again.invitationId, token: again.token, password, key });
  expect((await accept(asked.key)).status).toBe(200);
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
  const key = { card: admin.keys.card, device: "Chrome on Windows" };
  const taken = await clinic.browser().ask(acceptInvitation, { invitationId, token, password, key });
  expect(taken.code).toBe("key.moved-on");
  const forged = { card: { ...key.card, recipient: (await clinicianKeys(newSeed())).recipient }, device: key.device };
  const unvouched = await clinic.browser().ask(acceptInvitation, { invitationId, token, password, key: forged });
  expect(unvouched.code).toBe("signature.wrong");
  // Nothing came of it: the link still works.
  expect((await clinic.browser().ask(openInvitation, { invitationId, token })).status).toBe(200);
});

test("what changes who may sign asks for the password again, five minutes after it was given", async () => {
  const doctor = await joined(clinic, admin, email);
  const personId = (await liam()).id;
  ahead = 6 * 60_000;
  const { signer } = doctor.keys;
  const { card } = await clinicianKeys(newSeed());
  const refused = [
    await invited(admin, "noor@riverside.example"),
    await admin.browser.ask(enrolKey, { signer }),
    await admin.browser.ask(removeKey, { signer, why: "lost" }),
    await admin.browser.ask(changeRoles, { personId, roles: ["admin"] }),
    await admin.browser.ask(removePerson, { personId }),
    await doctor.browser.ask(bringKey, { card, device: "Safari on iPhone" }),
  ];
  expect(refused.map(({ code }) => code)).toEqual(refused.map(() => "auth.confirm"));
  expect(await liam()).toMatchObject({ removedAt: null, roles: ["clinician"], keys: [{ enrolledAt: null }] });

  expect((await admin.browser.ask(confirmSelf, { password: "not the passphrase" })).code).toBe("auth.wrong");
  expect((await admin.browser.ask(enrolKey, { signer })).code).toBe("auth.confirm");
  expect((await admin.browser.ask(confirmSelf, { password: "a long passphrase" })).status).toBe(200);
  expect((await admin.browser.ask(enrolKey, { signer })).status).toBe(200);
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
  const again = { card: doctor.keys.card, device: "Chrome on Windows" };
  expect((await doctor.browser.ask(bringKey, again)).code).toBe("key.moved-on");
  expect((await admin.browser.ask(enrolKey, { signer })).code).toBe("key.moved-on");

  await expect.poll(async () => (await liam()).keys[0]?.ledger, { timeout: 20_000 }).toBe("final");
  expect((await liam()).keys).toMatchObject([{ signed: 1, removedAt: expect.any(String) }]);
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

test("whoever is a doctor no longer has no key any more", async () => {
  const doctor = await colleague(clinic, admin, email);
  const { id } = doctor.staff;
  expect((await admin.browser.ask(changeRoles, { personId: id, roles: ["admin"] })).status).toBe(200);
  expect((await doctor.browser.ask(readMe, {})).value).toMatchObject({ roles: ["admin"], key: null });
  expect((await liam()).keys[0]?.removedAt).not.toBeNull();
});
