import { rm } from "node:fs/promises";
import { SigningKey } from "ethers";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Entry } from "../../lib/audit/entry.ts";
import { type Report, readReport } from "../../lib/audit/report.ts";
import { mira } from "../admin.fixture.ts";
import type { Door } from "../http.ts";
import { signEip1559 } from "../ledger/eip1559.ts";
import { madeFolder, migrations } from "../storage/made.fixture.ts";
import * as tables from "../storage/schema.ts";
import { openStorage, type Storage } from "../storage/storage.ts";
import { answerReport } from "./report.ts";
import { trendsOf } from "./trends.ts";

const MINUTE = 60_000;
const id = (n: number) => n.toString(16).padStart(32, "0");
const root = (n: number) => `0x${n.toString(16).padStart(64, "0")}`;
const domain = { chainId: "31337", address: `0x${"11".repeat(20)}` };
const october = (day: number, hour = 12) => new Date(Date.UTC(2026, 9, day, hour));

let folder: string;
let storage: Storage;
let clock = october(1);
const reports = new Map<boolean, (asked: never, staff: unknown) => Promise<Report>>();
const report = (month: string, local = true) => reports.get(local)!({ month } as never, mira);

beforeAll(async () => {
  folder = await madeFolder("report");
  storage = await openStorage(folder, migrations, () => clock);
  for (const local of [true, false])
    answerReport(
      {
        on: (endpoint: unknown, _: string, handler: never) => {
          if (endpoint === readReport) reports.set(local, handler);
        },
      } as unknown as Door,
      { storage, ledger: { ...domain, local }, log: { key: "the log's" }, timeZone: "Europe/Lisbon", now: () => clock },
    );
  await storage.keepBooks(async (tx) => {
    const at = october(1);
    await tx
      .insert(tables.user)
      .values({ id: "esi", name: "Dr. Esi Osei", email: "esi@practice.org", createdAt: at, updatedAt: at });
    await tx.insert(tables.clinicianKey).values({
      ...{ signer: "0xesi", userId: "esi", recipient: "", binding: "", person: "", voucher: "", device: "" },
      askedAt: at,
    });
    const visit = { clinicianId: "esi", signer: "0xesi", claimHash: "" } as const;
    const made = (n: number, createdAt: Date, waited: number | null, end: "ended" | "declined" | null) => ({
      ...{
        ...visit,
        id: id(n),
        createdAt,
        linkExpiresAt: createdAt,
        end,
        state: end ? ("over" as const) : ("planned" as const),
      },
      waitingSince: waited === null ? null : createdAt,
      admittedAt: waited === null ? null : new Date(createdAt.getTime() + waited * MINUTE),
    });
    await tx.insert(tables.visit).values([
      // The last evening of September in UTC is October in Lisbon, which is an hour ahead.
      made(1, new Date("2026-09-30T23:30:00Z"), 1, "ended"),
      made(2, october(5), 3, "ended"),
      made(3, october(5), 11, "ended"),
      made(4, october(9), null, "declined"),
      made(5, october(30), null, null),
      made(6, new Date("2026-11-01T00:30:00Z"), 50, "ended"),
    ]);
    const tx1 = signEip1559(new SigningKey(root(7)), {
      ...{
        chainId: "31337",
        nonce: 0,
        to: domain.address,
        data: "0x00",
        gas: 90_000,
        highestFee: 2_000_000_000n,
        tip: 1n,
      },
    });
    await tx.insert(tables.ledgerTransaction).values({
      ...{ hash: tx1.hash, first: tx1.hash, account: "0x", nonce: 0, raw: tx1.raw, gas: 60_000 },
      ...{ state: "mined", block: 12, blockHash: root(3), signedAt: october(5) },
    });
    const act = { kind: "record", call: {}, state: "final", transaction: tx1.hash, block: 12 } as const;
    for (const [n, seconds] of [
      [1, 2],
      [2, 4],
    ] as const)
      await tx.insert(tables.act).values({
        ...{ ...act, id: `a${n}`, object: root(n), savedAt: october(5), movedAt: october(5) },
        ledgerAt: new Date(october(5).getTime() + seconds * 1_000),
      });
    await tx.insert(tables.act).values({
      ...{ ...act, id: "anchor", kind: "anchor", object: root(8), savedAt: october(6), movedAt: october(6) },
      call: { is: "anchor", to: { size: 41, root: root(8) } },
      ledgerAt: october(6),
    });
    for (const [size, day] of [
      [31, 4],
      [41, 6],
      [51, 40],
    ] as const)
      await tx.insert(tables.checkpoint).values({ size, root: root(size), note: "", signedAt: october(day) });
    await tx.insert(tables.finding).values({
      ...{ id: "night-3", rule: "night", number: 3, actor: { is: "staff", id: "esi" }, times: 1, lines: [3] },
      ...{ at: october(5).toISOString(), until: october(5).toISOString() },
    });
  });
  const line = (action: Entry["action"], more: object = {}, who = "esi", is: "staff" | "patient" = "staff") =>
    ({ actor: { is, id: who }, action, visitId: id(2), ...more }) as const;
  const write = (...lines: ReturnType<typeof line>[]) =>
    storage.transact((_, finish) => finish(lines as [(typeof lines)[0]], undefined));
  clock = october(5);
  await write(
    line("consent.granted", {}, "K7M-4QD", "patient"),
    line("consent.refused", { refusal: "consent.mismatch" }, "K7M-4QD", "patient"),
    line("record.added", { detail: { kind: "prescription" } }),
    line("record.added", { detail: { kind: "prescription" } }),
    line("record.added", { detail: { kind: "session-end" } }),
    line("record.read"),
    line("record.read", {}, "K7M-4QD", "patient"),
    line("notes.read", {}, "liam"),
    line("record.read", { refusal: "record.not-found" }),
    line("record.refused", { refusal: "record.number-taken" }),
    line("evidence.made"),
    line("review.assigned"),
    line("review.closed", { detail: { code: "explained" } }),
    line("finding.dismissed", { detail: { code: "expected" } }),
  );
  clock = october(33);
  await write(line("consent.revoked", {}, "K7M-4QD", "patient"));
}, 60_000);
afterAll(async () => {
  await storage.close();
  await rm(folder, { recursive: true });
});

test("a month is counted by the practice's clock, and its figures alone", async () => {
  expect(await report("2026-10")).toEqual({
    month: "2026-10",
    from: "2026-09-30T23:00:00.000Z",
    to: "2026-11-01T00:00:00.000Z",
    timeZone: "Europe/Lisbon",
    runs: false,
    lines: 14,
    visits: {
      made: 5,
      open: 1,
      ends: [
        { end: "ended", times: 3 },
        { end: "declined", times: 1 },
      ],
    },
    permissions: { given: 1, refused: 1, takenBack: 0 },
    // Being slower than somebody else is no refusal.
    refusals: [
      { code: "consent.mismatch", times: 1 },
      { code: "record.not-found", times: 1 },
    ],
    waits: { people: 3, median: 3 * MINUTE, ninth: 9.4 * MINUTE },
    records: [
      { code: "prescription", times: 2 },
      { code: "session-end", times: 1 },
    ],
    reads: [
      { reason: "own-visit", times: 1 },
      { reason: "patient", times: 1 },
      { reason: "none", times: 1 },
    ],
    taken: [{ code: "evidence.made", times: 1 }],
    findings: [{ rule: "night", times: 1 }],
    dismissals: [{ code: "expected", times: 1 }],
    reviews: { begun: 1, closed: [{ code: "explained", times: 1 }] },
    ledger: { acts: 3, transactions: 1, gas: 60_000, wei: null, median: 2_000, ninth: 3_600, slowest: 4_000 },
    log: {
      checkpoint: { lines: 40, root: root(41), at: october(6).toISOString() },
      anchor: { lines: 40, root: root(8), block: 12, transaction: expect.any(String) },
      key: "the log's",
      origin: expect.stringContaining("31337"),
    },
  });
});

test("on a network a month's cost is at most what its transactions offered", async () => {
  expect((await report("2026-10", false)).ledger.wei).toBe(String(60_000n * 2_000_000_000n));
});

test("a month without anything says so, and one that runs says that", async () => {
  const empty = await report("2026-05");
  expect(empty).toMatchObject({ lines: 0, visits: { made: 0, open: 0, ends: [] }, waits: { people: 0, median: null } });
  expect(empty.log).toMatchObject({ checkpoint: null, anchor: null });
  expect((await report("2026-11")).runs).toBe(true);
});

test("looking leaves a line that says which month", async () => {
  await report("2026-10");
  const lines = await storage.read.select().from(tables.entry);
  const last = lines.reduce((a, b) => (a.number > b.number ? a : b));
  expect(last).toMatchObject({ action: "audit.read", detail: { month: "2026-10" }, actor: { id: "mira" } });
});

test("waits and cost are told day by day", async () => {
  const days = [october(4, 0), october(5, 0), october(6, 0), october(7, 0)];
  const { waits, cost } = await trendsOf(storage.read, days, true);
  expect(waits.map(({ people, median }) => [people, median])).toEqual([
    [0, null],
    [2, 7 * MINUTE],
    [0, null],
  ]);
  expect(cost.map(({ acts, gas }) => [acts, gas])).toEqual([
    [0, 0],
    [2, 60_000],
    [1, 0],
  ]);
});
