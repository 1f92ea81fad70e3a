import { afterAll, beforeAll, expect, test } from "vitest";
import { balpFaults } from "../../lib/audit/balp.fixture.ts";
import type { Entry } from "../../lib/audit/entry.ts";
import { type ExportAsked, ITEMS_HEADER, MAKE_EXPORT } from "../../lib/audit/export.ts";
import type { AuditEvent } from "../../lib/audit/fhir.ts";
import { entryHash } from "../../lib/audit/log.ts";
import { verifyEvidence } from "../../lib/audit/verify-evidence.ts";
import { faultsIn } from "../../lib/records/fhir-r4.fixture.ts";
import { SIDE_HEADER } from "../../lib/wire.ts";
import { Clinic, type Doctor, drOsei, type InCall, plan } from "../clinic.fixture.ts";
import { aVisit } from "./evidence.fixture.ts";

let clinic: Clinic;
let doctor: Doctor;
let visit: InCall;

beforeAll(async () => {
  clinic = await Clinic.open();
  doctor = await drOsei(clinic);
  visit = await aVisit(clinic, doctor);
  await plan(doctor);
}, 60_000);
afterAll(() => clinic.close());

async function exported(asked: ExportAsked) {
  const { browser } = doctor;
  const headers = { origin: browser.origin, [SIDE_HEADER]: "staff", "content-type": "application/json" };
  const answer = await browser.send("POST", MAKE_EXPORT, headers, JSON.stringify(asked));
  expect([answer.status, answer.text.slice(0, 200)]).toEqual([200, expect.any(String)]);
  const lines = answer.text.trimEnd().split("\n");
  expect(lines).toHaveLength(Number(answer.headers[ITEMS_HEADER]) + 1);
  return lines.map((line) => JSON.parse(line) as unknown);
}

test("every line of a practice's own trail is a valid AuditEvent of its profile", async () => {
  const events = (await exported({ format: "fhir", filter: {} })) as AuditEvent[];
  expect(events.flatMap((event) => [...faultsIn(event), ...balpFaults(event)])).toEqual([]);
  const decisions = events.filter(({ meta }) => meta.profile?.[0].endsWith("AuthZconsent"));
  expect(decisions.length).toBeGreaterThan(1);
  const names = JSON.stringify(events);
  expect(names).not.toContain(visit.patient.keys.signer);
});

test("the lines come as they are on the trail: whoever has them makes their hashes again", async () => {
  const lines = (await exported({ format: "jsonl", filter: {} })) as { entry: Entry; act: unknown }[];
  lines.forEach(({ entry }, i) => {
    expect([entry.number, entry.hash]).toEqual([i + 1, entryHash(entry)]);
    if (i > 0) expect(entry.previous).toBe(lines[i - 1]!.entry.hash);
  });
  expect(lines.some(({ act }) => act !== null)).toBe(true);
});

test("evidence comes a session a line, each of which verifies by itself, and leaves a line that its patient sees", async () => {
  const [found, none, end] = (await exported({ format: "evidence", filter: {} })) as [object, object, { entry: Entry }];
  const { checks } = await verifyEvidence(JSON.stringify(found));
  expect(checks.filter(({ holds }) => !holds)).toEqual([]);
  expect(none).toEqual({ visitId: expect.any(String), refusal: "evidence.none" });
  expect(end.entry).toMatchObject({ action: "export.made", detail: { format: "evidence", sessions: 2 } });
  const { visitId } = visit.planned;
  const told = (await exported({ format: "jsonl", filter: { visitId } })) as { entry: Entry }[];
  expect(told.map(({ entry }) => entry.action)).toContain("evidence.made");
});

test("whoever asks for what is no export is refused", async () => {
  const { browser } = doctor;
  const headers = { origin: browser.origin, [SIDE_HEADER]: "staff", "content-type": "application/json" };
  for (const body of ["", "[]", '{"format":"pdf","filter":{}}', '{"format":"csv","filter":{"patient":"Ana"}}'])
    expect((await browser.send("POST", MAKE_EXPORT, headers, body)).status).toBe(400);
});
