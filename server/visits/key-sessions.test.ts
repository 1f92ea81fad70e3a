import { afterAll, beforeAll, expect, test } from "vitest";
import { readSession } from "../../lib/audit/api.ts";
import type { Keys } from "../../lib/keyring/keyring.ts";
import { signOpening } from "../../lib/keyring/opening.ts";
import { openVisit, readJoin } from "../../lib/visits/api.ts";
import { Browser, Clinic, type Doctor, drOsei, type InCall, inCall } from "../clinic.fixture.ts";

let clinic: Clinic;
let doctor: Doctor;
let visit: InCall;
let other: InCall;
let phone: Browser;
let clock: Date | undefined;

beforeAll(async () => {
  clinic = await Clinic.open(undefined, {}, { now: () => clock ?? new Date() });
  doctor = await drOsei(clinic);
  const choices = { video: "allow", prescriptions: "allow", files: "allow" } as const;
  [visit, other] = [await inCall(clinic, doctor, choices), await inCall(clinic, doctor, choices)];
  phone = new Browser(clinic.port);
  phone.side = "patient";
});
afterAll(() => clinic.close());

const open = async (keys: Keys, of: InCall, what = `visit/${of.planned.visitId}`, at = new Date()) =>
  phone.ask(openVisit, { visitId: of.planned.visitId, ...(await signOpening(what, keys, at)) });
const reads = (session: string, of: InCall) => {
  const headers = { authorization: `Bearer ${session}`, "x-assent-side": "patient" };
  return phone.send("GET", `/api/join/${of.planned.visitId}`, headers);
};

test("who holds a visit's key is its patient on any device, without its link", async () => {
  expect((await phone.ask(readJoin, { visitId: visit.planned.visitId })).code).toBe("visit.not-found");
  const { session } = (await open(visit.patient.keys, visit)).value;
  expect((await reads(session, visit)).status).toBe(200);
  // The one who took the link is not sent away.
  expect((await visit.patient.browser.ask(readJoin, { visitId: visit.planned.visitId })).status).toBe(200);
  const { lines } = (await doctor.browser.ask(readSession, { visitId: visit.planned.visitId })).value;
  expect(lines.map(({ entry }) => entry.action)).toContain("visit.opened");
});

test("a session opens its own visit and no other, and a made-up one none", async () => {
  const { session } = (await open(visit.patient.keys, visit)).value;
  expect((await reads(session, other)).status).toBe(404);
  expect((await reads("a".repeat(43), visit)).status).toBe(404);
});

test("another's key, another visit's proof and an old one open nothing, and say no more than of a visit that isn't there", async () => {
  expect((await open(other.patient.keys, visit)).code).toBe("visit.not-found");
  expect((await open(doctor.keys, visit)).code).toBe("visit.not-found");
  expect((await open(visit.patient.keys, visit, `visit/${other.planned.visitId}`)).code).toBe("signature.wrong");
  expect((await open(visit.patient.keys, visit, undefined, new Date(Date.now() - 600_000))).code).toBe(
    "signature.expired",
  );
});

test("who keeps trying is slowed down, leaves no more on the trail, and keeps the patient out of nothing", async () => {
  let code: string | undefined;
  for (let tries = 0; tries < 40 && code !== "request.too-many"; tries += 1)
    code = (await open(visit.patient.keys, visit, "something else")).code;
  expect(code).toBe("request.too-many");
  expect((await open(visit.patient.keys, visit)).status).toBe(200);
  const refusals = async () =>
    (await doctor.browser.ask(readSession, { visitId: visit.planned.visitId })).value.lines.filter(
      ({ entry }) => entry.action === "link.refused",
    ).length;
  const before = await refusals();
  await open(visit.patient.keys, visit, "something else");
  expect(await refusals()).toBe(before);
});

test("it stands for the patient for an hour", async () => {
  const { session } = (await open(visit.patient.keys, visit)).value;
  clock = new Date(Date.now() + 3_601_000);
  expect((await reads(session, visit)).status).toBe(404);
});
