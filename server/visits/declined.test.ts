import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { signOpening } from "../../lib/keyring/opening.ts";
import { openSealed, sealFor } from "../../lib/keyring/sealed.ts";
import { readBackground, sealBackground, shareBackground } from "../../lib/records/background.ts";
import { askErasure, confirmErasure, erasureOf, listErasures } from "../../lib/records/erasure.ts";
import { decline, readJoin, readVisit, tellEmail, tellName } from "../../lib/visits/api.ts";
import { Clinic, type Doctor, drOsei, type InCall, inWaitingRoom } from "../clinic.fixture.ts";
import { guestLink, maria } from "../guest.fixture.ts";

let clinic: Clinic;
let doctor: Doctor;
let visit: InCall;
let visitId: string;

beforeAll(async () => {
  clinic = await Clinic.open();
  doctor = await drOsei(clinic);
});
afterAll(() => clinic.close());

/** A patient in the waiting room has typed all that can be typed there, and somebody asks to join them; the doctor says no. */
beforeEach(async () => {
  visit = await inWaitingRoom(clinic, doctor, { video: "allow", prescriptions: "allow", files: "allow" });
  visitId = visit.planned.visitId;
  const { browser, keys } = visit.patient;
  await done(browser.ask(tellName, { visitId, details: await sealFor([doctor.keys.recipient], "Ana Duarte") }));
  await done(browser.ask(tellEmail, { visitId, email: "ana.duarte@example.org" }));
  const noted = { allergies: "Penicillin", medicines: "Metformin 500 mg" };
  const shown = await sealBackground(visitId, noted, { doctor: doctor.keys.recipient, before: null, keys });
  await done(browser.ask(shareBackground, { visitId, ...shown }));
  await maria(clinic, doctor, visit, await guestLink(browser, visit));
  expect(await typed()).toEqual({ name: "Ana Duarte", mail: true, guest: true, background: true });
  await done(doctor.browser.ask(decline, { visitId }));
});

async function done(answer: Promise<{ status: number; code: string | undefined }>) {
  const { status, code } = await answer;
  if (status !== 200) throw new Error(code);
}

/** What its two people still find of it. */
async function typed() {
  const { patient, guests } = (await doctor.browser.ask(readVisit, { visitId })).value;
  const { mail } = (await visit.patient.browser.ask(readJoin, { visitId })).value;
  const { background } = (await doctor.browser.ask(readBackground, { visitId })).value;
  const details = patient?.details ?? null;
  return {
    name: details && (await openSealed(doctor.keys, details)),
    mail: mail.asked,
    guest: guests[0]?.details !== null,
    background: background !== null,
  };
}

test("declined, where to write, what was shown for the visit and the name of who asked to join are gone at once", async () => {
  expect(await typed()).toMatchObject({ mail: false, guest: false, background: false });
});

test("a declined patient's name stays with the doctor's visit, sealed, until the patient has it erased", async () => {
  expect((await typed()).name).toBe("Ana Duarte");
  const { at, proof } = await signOpening(erasureOf(visitId), visit.patient.keys, new Date());
  await done(visit.patient.browser.ask(askErasure, { visitId, at, proof }));
  const { asked } = (await doctor.browser.ask(listErasures, {})).value;
  const { id, version } = asked.find((one) => one.visitId === visitId)!;
  await done(doctor.browser.ask(confirmErasure, { id, version, kept: [], keptNotes: null }));
  expect((await typed()).name).toBeNull();
});
