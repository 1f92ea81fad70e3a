import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newSeed, patientKeys } from "../../lib/keyring/keyring.ts";
import {
  type Background,
  openBackground,
  readBackground,
  sealBackground,
  shareBackground,
  withdrawBackground,
} from "../../lib/records/background.ts";
import { seenOf } from "../../lib/records/seal.ts";
import { endVisit } from "../../lib/visits/api.ts";
import { Clinic, type Doctor, drOsei, type InCall, inCall } from "../clinic.fixture.ts";

let clinic: Clinic;
let doctor: Doctor;
beforeAll(async () => {
  clinic = await Clinic.open();
  doctor = await drOsei(clinic);
});
afterAll(() => clinic.close());

let visit: InCall;
let visitId: string;
beforeEach(async () => {
  visit = await inCall(clinic, doctor, { video: "allow", prescriptions: "allow", files: "allow" });
  visitId = visit.planned.visitId;
});

const noted: Background = { allergies: "Penicillin", medicines: "Metformin 500 mg" };
const here = async () => (await doctor.browser.ask(readBackground, { visitId })).value.background;
const share = async (more: { background?: Background; by?: typeof doctor.keys; to?: string } = {}) => {
  const { background = noted, by = visit.patient.keys, to = doctor.keys.recipient } = more;
  const kept = (await visit.patient.browser.ask(readBackground, { visitId })).value.background;
  const about = { doctor: to, before: kept && (await seenOf(kept)), keys: by };
  return visit.patient.browser.ask(shareBackground, { visitId, ...(await sealBackground(visitId, background, about)) });
};

test("what a patient noted is read by the doctor to whom they show it, and by nobody before", async () => {
  expect(await here()).toBeNull();
  await share();
  const kept = (await here())!;
  expect(await openBackground(visitId, kept, visit.patient.keys.signer, doctor.keys)).toEqual(noted);
  expect(atob(kept.sealed)).not.toContain("Penicillin");
  const changed = { ...noted, allergies: "None known" };
  expect((await share({ background: changed })).status).toBe(200);
  expect(await openBackground(visitId, (await here())!, visit.patient.keys.signer, doctor.keys)).toEqual(changed);
});

test("they stop showing it, and there is nothing to read", async () => {
  await share();
  await visit.patient.browser.ask(withdrawBackground, { visitId });
  expect(await here()).toBeNull();
});

test("nobody reads it any more once the visit is over", async () => {
  await share();
  await doctor.browser.ask(endVisit, { visitId });
  expect(await here()).toBeNull();
});

test("it is refused when another signed it, when it is for others, when it is older, and once the visit is over", async () => {
  const stranger = await patientKeys(newSeed(), visitId);
  expect((await share({ by: stranger })).code).toBe("signature.wrong");
  expect((await share({ to: stranger.recipient })).code).toBe("record.mismatch");
  const about = { doctor: doctor.keys.recipient, before: null, keys: visit.patient.keys };
  const first = await sealBackground(visitId, noted, about);
  await visit.patient.browser.ask(shareBackground, { visitId, ...first });
  expect((await visit.patient.browser.ask(shareBackground, { visitId, ...first })).code).toBe("record.number-taken");
  await doctor.browser.ask(endVisit, { visitId });
  expect((await share()).code).toBe("visit.over");
});

test("the doctor opens none that the patient did not sign, or that belongs to another visit", async () => {
  const kept = await sealBackground(visitId, noted, {
    doctor: doctor.keys.recipient,
    before: null,
    keys: await patientKeys(newSeed(), visitId),
  });
  const { signer } = visit.patient.keys;
  await expect(openBackground(visitId, kept, signer, doctor.keys)).rejects.toThrow("not what was kept");
  await share();
  await expect(openBackground("a".repeat(32), (await here())!, signer, doctor.keys)).rejects.toThrow();
});
