import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { listLines } from "../lib/audit/api.ts";
import type { Entry } from "../lib/audit/entry.ts";
import { entryHash, GENESIS } from "../lib/audit/log.ts";
import { revoke } from "../lib/consent/api.ts";
import { digestOf } from "../lib/consent/typed-data.ts";
import { readLedgerStatus } from "../lib/ledger/api.ts";
import { addRecord, listRecords, readEnvelope, startUpload } from "../lib/records/api.ts";
import { openRecord } from "../lib/records/envelope.ts";
import { listVisits } from "../lib/visits/api.ts";
import { revokeGuest } from "../lib/visits/guest-api.ts";
import { Clinic, cetirizine, type Doctor, drOsei, type InCall, inCall, plan, signed } from "./clinic.fixture.ts";
import { guestInCall } from "./guest.fixture.ts";
import { leaveFree, smallDisk, unmount } from "./storage/disk.fixture.ts";

const MB = 2 ** 20;
const disk = await smallDisk(384 * MB, "what happens when the disk is full");

/** Lets others fill the disk until this much is free. */
const leave = (free: number) => leaveFree(disk!, free);

describe.skipIf(disk === null)("D3 a disk that fills up", () => {
  let clinic: Clinic;
  let doctor: Doctor;
  let visit: InCall;
  let visitId: string;
  let guest: Awaited<ReturnType<typeof guestInCall>>;

  beforeAll(async () => {
    clinic = await Clinic.open(join(disk!, "data"));
    doctor = await drOsei(clinic);
    visit = await inCall(clinic, doctor, { video: "allow", prescriptions: "allow", files: "allow" });
    visitId = visit.planned.visitId;
    guest = await guestInCall(clinic, doctor, visit);
  });
  afterAll(async () => {
    await clinic.close({ keep: true });
    await unmount(disk!);
  });

  const prescribe = async (number: number) =>
    doctor.browser.ask(addRecord, await signed(visit, doctor.keys, [visit.patient.keys.recipient], cetirizine, number));
  const upload = (size: number) => doctor.browser.ask(startUpload, { visitId, size });
  const health = async () => {
    const { status, text } = await clinic.browser().send("GET", "/api/health", {});
    return { status, storage: (JSON.parse(text) as { storage: string }).storage };
  };
  const waiting = async () => (await doctor.browser.ask(readLedgerStatus, {})).value.behind;
  const full = { status: 507, code: "storage.full" };

  test("takes no new files first, then nothing new, and goes on to read and to close", async () => {
    expect(await health()).toEqual({ status: 200, storage: "ok" });
    const first = await prescribe(1);
    expect(first.status).toBe(200);
    await vi.waitFor(async () => expect(await waiting()).toBe(0), { timeout: 20_000 });

    leave(120 * MB);
    expect(await upload(1_000)).toMatchObject(full);
    expect((await prescribe(2)).status).toBe(200);
    await vi.waitFor(async () => expect(await waiting()).toBe(0), { timeout: 20_000 });

    leave(50 * MB);
    expect(await prescribe(3)).toMatchObject(full);
    await expect(plan(doctor)).rejects.toThrow("storage.full");
    expect(await health()).toEqual({ status: 503, storage: "full" });
    expect((await doctor.browser.ask(listVisits, {})).status).toBe(200);
    expect((await doctor.browser.ask(listRecords, { visitId })).value.records).toHaveLength(2);
    const { envelope, commitment } = (await doctor.browser.ask(readEnvelope, { visitId, id: first.value.id })).value;
    expect(await openRecord({ envelope, commitment, keys: doctor.keys, visitId })).toEqual(cetirizine);
    const revocation = (consent: string) => visit.patient.keys.sign(digestOf("Revocation", { consent }, visit.ledger));
    const forGuest = { visitId, guestId: guest.link.guestId, signature: await revocation(guest.consentId) };
    expect((await visit.patient.browser.ask(revokeGuest, forGuest)).status).toBe(200);
    const forDoctor = { visitId, signature: await revocation(visit.consentId) };
    expect((await visit.patient.browser.ask(revoke, forDoctor)).status).toBe(200);
    expect(await waiting()).toBe(2); // kept; the outbox pauses

    leave(1 * MB);
    for (const answer of [await prescribe(3), await doctor.browser.ask(listVisits, {})])
      expect(answer).toMatchObject(full);
    expect(await health()).toEqual({ status: 503, storage: "full" });
    expect(await waiting()).toBe(2);
  }, 90_000);

  test("goes on by itself once there is room, with nothing torn", async () => {
    leave(200 * MB);
    expect(await health()).toEqual({ status: 200, storage: "ok" });
    await vi.waitFor(async () => expect(await waiting()).toBe(0), { timeout: 20_000 });
    const next = await inCall(clinic, doctor, { video: "allow", prescriptions: "allow", files: "allow" });
    expect((await doctor.browser.ask(startUpload, { visitId: next.planned.visitId, size: 1_000 })).status).toBe(200);

    let last = { number: 0, hash: GENESIS };
    for (let more = true; more; ) {
      const page = (await doctor.browser.ask(listLines, { after: last.number })).value;
      for (const { entry } of page.lines as { entry: Entry }[]) {
        expect(entry).toMatchObject({ number: last.number + 1, previous: last.hash, hash: entryHash(entry) });
        last = entry;
      }
      more = page.more;
    }
    expect(last.number).toBeGreaterThan(10);
  }, 90_000);
});
