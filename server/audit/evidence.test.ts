import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Evidence, readSessionEvidence, readVisitEvidence, textOf } from "../../lib/audit/evidence.ts";
import { type Verified, verifyAtNode, verifyEvidence } from "../../lib/audit/verify-evidence.ts";
import { readLooks } from "../../lib/records/looks.ts";
import { type Browser, Clinic, type Doctor, drOsei, type InCall, inWaitingRoom, plan } from "../clinic.fixture.ts";
import { aVisit, openedFor } from "./evidence.fixture.ts";

let clinic: Clinic;
let doctor: Doctor;
let visit: InCall;
let evidence: Evidence;

beforeAll(async () => {
  clinic = await Clinic.open();
  doctor = await drOsei(clinic);
  visit = await aVisit(clinic, doctor);
  evidence = await openedFor(visit);
  if (process.env.EVIDENCE_EXAMPLE) writeFileSync(process.env.EVIDENCE_EXAMPLE, textOf(evidence));
}, 60_000);
afterAll(() => clinic.close());

const failing = ({ checks }: Verified) => checks.filter(({ holds }) => !holds);
const node = (browser: Browser) => async (method: string, params: unknown[]) => {
  const headers = { "content-type": "application/json" };
  const { text } = await browser.send(
    "POST",
    "/api/ledger/rpc",
    headers,
    JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  );
  return (JSON.parse(text) as { result: unknown }).result;
};

describe("the evidence of a visit", () => {
  test("holds with nothing but the file", async () => {
    const verified = await verifyEvidence(textOf(evidence));
    expect(failing(verified)).toEqual([]);
    expect(verified.blocks.length).toBeGreaterThan(1);
    expect(evidence.opened).toHaveLength(3);
    expect(evidence.consents).toHaveLength(2);
    expect(evidence.transactions.length).toBeGreaterThan(1);
  });

  test("rests on blocks and a log key that any node of the chain has", async () => {
    const verified = await verifyEvidence(textOf(evidence));
    expect(await verifyAtNode(verified, node(clinic.browser()))).toEqual({ name: "node", holds: true, faults: [] });
    const forked = async (method: string, params: unknown[]) => {
      const told = await node(clinic.browser())(method, params);
      return method === "eth_getBlockByNumber" ? { ...(told as object), hash: `0x${"0".repeat(64)}` } : told;
    };
    expect((await verifyAtNode(verified, forked)).faults[0]).toMatchObject({ why: "node-block" });
    expect((await verifyAtNode(verified, async () => Promise.reject(new Error("away")))).faults).toEqual([
      { at: "", why: "node-away" },
    ]);
  });

  test("is given to the visit's doctor, its patient and an admin, without any content, and that is on its trail", async () => {
    const { visitId } = visit.planned;
    for (const told of [
      await doctor.browser.ask(readVisitEvidence, { visitId }),
      await doctor.browser.ask(readSessionEvidence, { visitId }),
      await visit.patient.browser.ask(readVisitEvidence, { visitId }),
    ]) {
      expect(told.status).toBe(200);
      expect(told.value.opened).toEqual([]);
      expect(JSON.stringify(told.value)).not.toContain("Cetirizine");
      expect(failing(await verifyEvidence(textOf(told.value)))).toEqual([]);
    }
    const { looks } = (await visit.patient.browser.ask(readLooks, { visitId })).value;
    expect(looks.filter(({ action }) => action === "evidence.made").map(({ who }) => who)).toEqual(
      expect.arrayContaining(["you", "doctor"]),
    );
  });

  test("is given to no stranger, and to nobody of a visit without a permission", async () => {
    const { visitId } = visit.planned;
    expect((await clinic.browser().ask(readVisitEvidence, { visitId })).code).toBe("visit.not-found");
    expect((await visit.patient.browser.ask(readSessionEvidence, { visitId })).status).toBeGreaterThanOrEqual(400);
    const { visitId: bare } = await plan(doctor);
    expect((await doctor.browser.ask(readVisitEvidence, { visitId: bare })).code).toBe("evidence.none");
  });

  test("holds for a visit that is not over and of which nothing is recorded", async () => {
    const waiting = await inWaitingRoom(clinic, doctor, { video: "allow", prescriptions: "deny", files: "deny" });
    const told = await doctor.browser.ask(readVisitEvidence, { visitId: waiting.planned.visitId });
    expect(told.value.records).toEqual([]);
    expect(failing(await verifyEvidence(textOf(told.value)))).toEqual([]);
  });
});
