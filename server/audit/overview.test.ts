import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Action } from "../../lib/audit/entry.ts";
import { type Overview, readOverview } from "../../lib/audit/overview.ts";
import { mira } from "../admin.fixture.ts";
import { madeFolder, migrations } from "../storage/made.fixture.ts";
import * as tables from "../storage/schema.ts";
import { openStorage, type Storage } from "../storage/storage.ts";
import { openAudit } from "./audit.ts";
import { openOverview } from "./overview.ts";

const HOUR = 3_600_000;
/** Midnights in Lisbon around the day its clock was put back: 25 October 2026 has 25 hours. */
const days = Array.from({ length: 15 }, (_, i) => {
  const summer = i < 8;
  return new Date(Date.UTC(2026, 9, 18 + i, 0) - (summer ? HOUR : 0));
});
const today = days[13]!;
let clock = new Date(today.getTime() + 12 * HOUR);
const at = (day: number, hours: number) => new Date(days[day]!.getTime() + hours * HOUR);
const id = (n: number) => n.toString(16).padStart(32, "0");

let folder: string;
let storage: Storage;
let audit: ReturnType<typeof openAudit>;
const look = () => {
  const space = async () => ({ total: 2_000, free: 500 });
  const stores = async () => ({ stores: [], lost: 0 });
  return openOverview({ storage, mail: { folder: null }, space, stores, now: () => clock })(days);
};

beforeAll(async () => {
  folder = await madeFolder("overview");
  storage = await openStorage(folder, migrations, () => clock);
  audit = openAudit({ storage, now: () => clock });
  await storage.keepBooks(async (tx) => {
    const made = days[0]!;
    for (const [user, name] of [
      ["esi", "Dr. Esi Osei"],
      ["mira", "Mira Thoma"],
    ] as const)
      await tx
        .insert(tables.user)
        .values({ id: user, name, email: `${user}@x.org`, roles: "admin", createdAt: made, updatedAt: made });
    await tx.insert(tables.clinicianKey).values({
      signer: "0xesi",
      userId: "esi",
      recipient: "",
      binding: "",
      person: "",
      voucher: "",
      device: "",
      askedAt: made,
      enrolledAt: made,
    });
  });
}, 60_000);
afterAll(async () => {
  await storage.close();
  await rm(folder, { recursive: true });
});

let visits = 0;
async function visit(how: Partial<typeof tables.visit.$inferInsert>, grantedAt?: Date): Promise<string> {
  const visitId = id(++visits);
  await storage.keepBooks(async (tx) => {
    const createdAt = grantedAt ?? today;
    await tx.insert(tables.visit).values({
      id: visitId,
      clinicianId: "esi",
      signer: "0xesi",
      claimHash: "",
      details: "sealed: Ana Lima, a rash",
      state: "over",
      createdAt,
      linkExpiresAt: createdAt,
      ...how,
    });
    if (!grantedAt) return;
    const consent = {} as typeof tables.consent.$inferInsert.consent;
    await tx.insert(tables.consent).values({ id: visitId, visitId, consent, signature: "", grantedAt });
  });
  return visitId;
}

async function refused(when: Date, refusal: string, visitId?: string, action: Action = "record.refused") {
  const back = clock;
  clock = when;
  await storage.transact((_, finish) =>
    finish({ actor: { is: "staff", id: "esi" }, action, visitId, refusal }, undefined),
  );
  clock = back;
}

let acts = 0;
const receipt = {
  act: `0x${"1".repeat(64)}`,
  number: 1,
  savedAt: 1_700_000_000,
  deadline: 1_700_000_600,
  signature: "",
};
const queued = (savedAt: Date, took: number | null) =>
  storage.keepBooks((tx) =>
    tx.insert(tables.act).values({
      id: `act-${++acts}`,
      kind: "record",
      call: {},
      object: "",
      receipt: took === null ? null : receipt,
      state: took === null ? "saved" : "final",
      savedAt,
      movedAt: new Date(savedAt.getTime() + (took ?? 0) + HOUR),
      ledgerAt: took === null ? null : new Date(savedAt.getTime() + took),
    }),
  );

test("a clinic in which nothing happened has nothing to show, and no figure that pretends", async () => {
  expect(await look()).toEqual({
    at: clock.toISOString(),
    visits: Array.from({ length: 14 }, () => ({ authorized: 0, refused: 0 })),
    ahead: 0,
    waiting: { people: 0, longest: null },
    refusals: [],
    mailFolder: null,
    ratings: [0, 0, 0, 0, 0],
    ledger: { latest: null, slowest: [], waitingSince: null, promised: null },
    storage: { files: 0, free: 500, total: 2_000, stores: [], lost: 0 },
    verified: null,
  } satisfies Overview);
});

describe("visits", () => {
  test("count on the reader's day on which the patient gave a permission, by her clock when it was put back", async () => {
    await visit({}, new Date(days[0]!.getTime() - 1));
    await visit({}, days[0]);
    await visit({}, at(7, 24.5));
    const one = await visit({}, at(8, 0.5));
    await visit({}, at(13, 11));
    await visit({ createdAt: at(13, 9) });
    await refused(at(13, 8), "consent.kind-not-allowed", one);
    await refused(at(13, 8.1), "consent.not-live", one);
    const told = (await look()).visits;
    expect(told.map(({ authorized }) => authorized)).toEqual([1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1]);
    expect(told.map(({ refused }) => refused)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
  });

  test("of today that have not begun, and people who wait now, are told with whom they wait for", async () => {
    await visit({ state: "planned", plannedFor: at(13, 15) });
    await visit({ state: "planned", plannedFor: at(13, 24) });
    await visit({ state: "planned", plannedFor: null });
    await visit({ state: "waiting", waitingSince: at(13, 11.9) });
    await visit({ state: "waiting", waitingSince: at(13, 11.7) });
    const { ahead, waiting } = await look();
    expect(ahead).toBe(1);
    expect(waiting).toEqual({
      people: 2,
      longest: { clinician: "Dr. Esi Osei", since: at(13, 11.7).toISOString() },
    });
  });
});

test("refusals of seven days are counted by kind; who was too late is none, and what is older is none of these", async () => {
  await refused(at(6, 23.9), "consent.not-live");
  await refused(at(7, 0.1), "consent.kind-not-allowed");
  await refused(at(13, 1), "record.number-taken");
  await refused(at(13, 2), "auth.wrong", undefined, "staff.sign-in-refused");
  // It may have been a slip; it may have been somebody who looks for what listens inside.
  await refused(at(13, 3), "witness.inside");
  expect((await look()).refusals).toEqual([
    { code: "consent.kind-not-allowed", times: 2 },
    { code: "auth.wrong", times: 1 },
    { code: "consent.not-live", times: 1 },
    { code: "witness.inside", times: 1 },
  ]);
});

test("the ledger's delay is from saved to seen in a block, the slowest of each half hour, and who still waits", async () => {
  await queued(new Date(today.getTime() - 10_000), 2_000);
  await queued(at(13, 9.1), 4_000);
  await queued(at(13, 9.2), 38_000);
  await queued(at(13, 9.6), 3_000);
  await queued(at(13, 11.9), null);
  await queued(at(13, 11.8), null);
  const { ledger } = await look();
  const arrival = (saved: Date, took: number) => ({ at: new Date(saved.getTime() + took).toISOString(), took });
  expect(ledger).toEqual({
    slowest: [arrival(at(13, 9.2), 38_000), arrival(at(13, 9.6), 3_000)],
    latest: arrival(at(13, 9.6), 3_000),
    waitingSince: at(13, 11.8).toISOString(),
    promised: 600_000,
  });
});

test("how calls were is counted over seven days and both sides, and what is older is not", async () => {
  const on = (day: number) => at(day, 12).toISOString().slice(0, 10);
  await storage.keepBooks((tx) =>
    tx.insert(tables.rating).values([
      { day: on(13), side: "patient", score: 5, times: 3 },
      { day: on(9), side: "clinician", score: 5, times: 1 },
      { day: on(8), side: "patient", score: 2, times: 2 },
      { day: on(3), side: "patient", score: 1, times: 9 },
    ]),
  );
  expect((await look()).ratings).toEqual([0, 2, 0, 0, 4]);
});

test("the bytes of files are told beside the disk they are on", async () => {
  const blob = { visitId: id(1), size: 3_000_000_000, byPatient: false, pieces: "", storedAt: today };
  const rows = [
    { ...blob, hash: "0x1", key: "1" },
    { ...blob, hash: "0x2", key: "2", size: 5 },
  ];
  await storage.keepBooks((tx) => tx.insert(tables.blob).values(rows));
  expect((await look()).storage).toMatchObject({ files: 3_000_000_005, free: 500, total: 2_000 });
});

describe("integrity", () => {
  test("is what the last check of the whole log found, who made it, and the first line that did not hold", async () => {
    await audit.verified(mira, { lines: 7, failed: 0 });
    expect((await look()).verified).toMatchObject({ by: "Mira Thoma", lines: 7, failed: 0, line: null });
    await audit.verified(mira, { lines: 8, failed: 2, first: 1 });
    const { verified } = await look();
    expect(verified).toEqual({
      at: clock.toISOString(),
      by: "Mira Thoma",
      lines: 8,
      failed: 2,
      line: { number: 1, at: at(13, 8).toISOString(), visitId: expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
    // Checking one session since says nothing of the others.
    await audit.verified(mira, { visitId: id(1), lines: 3, failed: 0 });
    expect((await look()).verified).toEqual(verified);
  });

  test("a line that is gone meanwhile still failed", async () => {
    await audit.verified(mira, { lines: 8, failed: 1, first: 4_000 });
    expect((await look()).verified).toMatchObject({ failed: 1, line: null });
  });
});

test("no patient is in it, and looking leaves no line", async () => {
  const before = await storage.read.$count(tables.entry);
  const text = JSON.stringify(await look());
  expect(text).not.toMatch(/Ana|rash|sealed/);
  expect(await storage.read.$count(tables.entry)).toBe(before);
});

test.each([
  ["a day too few", days.slice(1)],
  ["a day out of order", days.with(3, days[5]!)],
  ["a year called a day", days.with(14, new Date("2027-10-31T00:00:00Z"))],
])("%s is no fortnight", (_, wrong) => {
  const text = (those: Date[]) => ({ days: those.map((day) => day.toISOString()).join() });
  expect(readOverview.ask.safeParse(text(wrong)).success).toBe(false);
  expect(readOverview.ask.parse(text(days)).days).toEqual(days);
});
