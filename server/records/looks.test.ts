import { afterAll, beforeAll, expect, test } from "vitest";
import { readSession } from "../../lib/audit/api.ts";
import { listRecords } from "../../lib/records/api.ts";
import { readLooks } from "../../lib/records/looks.ts";
import { readVisit } from "../../lib/visits/api.ts";
import { Clinic, type Doctor, drOsei, type InCall, inCall } from "../clinic.fixture.ts";

let clinic: Clinic;
let doctor: Doctor;
let visit: InCall;
let other: InCall;

beforeAll(async () => {
  clinic = await Clinic.open();
  doctor = await drOsei(clinic);
  const choices = { video: "allow", prescriptions: "allow", files: "allow" } as const;
  [visit, other] = [await inCall(clinic, doctor, choices), await inCall(clinic, doctor, choices)];
});
afterAll(() => clinic.close());

const looks = async (before?: number) =>
  (await visit.patient.browser.ask(readLooks, { visitId: visit.planned.visitId, ...(before ? { before } : {}) })).value;

test("a patient sees every look at their visit and every try that was refused, their own among them", async () => {
  const { visitId } = visit.planned;
  await doctor.browser.ask(readVisit, { visitId });
  await doctor.browser.ask(readSession, { visitId });
  await other.patient.browser.ask(listRecords, { visitId });
  const seen = (await looks()).looks;
  expect(seen[0]!.number).toBeGreaterThan(seen.at(-1)!.number);
  expect(seen).toContainEqual(expect.objectContaining({ who: "doctor", action: "visit.read", refusal: null }));
  expect(seen).toContainEqual(expect.objectContaining({ who: "doctor", action: "audit.read" }));
  expect(seen).toContainEqual(expect.objectContaining({ who: "you", action: "consent.granted" }));
  expect((await looks()).looks[0]).toMatchObject({ who: "you", action: "looks.read" });
});

test("nothing of another visit is among them, and they go on where they ended", async () => {
  const all = (await looks()).looks;
  const [first] = all;
  expect((await looks(first!.number)).looks.map(({ number }) => number)).toEqual(
    all.slice(1).map(({ number }) => number),
  );
  expect((await other.patient.browser.ask(readLooks, { visitId: visit.planned.visitId })).code).toBe("visit.not-found");
});
