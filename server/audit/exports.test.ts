import { rm } from "node:fs/promises";
import { asc, desc } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type ExportAsked, type Sized, WITHOUT_APPROVAL } from "../../lib/audit/export.ts";
import { mira } from "../admin.fixture.ts";
import { madeFolder, migrations } from "../storage/made.fixture.ts";
import * as tables from "../storage/schema.ts";
import { openStorage, type Storage } from "../storage/storage.ts";
import { sizeIn } from "./export-size.ts";
import { fixedIn } from "./exported-lines.ts";
import { openExports } from "./exports.ts";
import { written } from "./lines.fixture.ts";
import { behindItsBack } from "./log.fixture.ts";

const LINES = 900;
/** The tests' own lines are later. */
const TO = "2026-11-05T00:00:00.000Z";
const DAY_2 = "2026-11-03T00:00:00.000Z";
const visitOf = (n: number) => n.toString(16).padStart(32, "0");
let at = new Date("2026-11-01T08:00:00.000Z");
const warnings: unknown[] = [];
let folder: string;
let storage: Storage;
let exports: ReturnType<typeof openExports>;

beforeAll(async () => {
  folder = await madeFolder("exports");
  storage = await openStorage(folder, migrations, () => at);
  exports = openExports({
    storage,
    evidence: { ofSession: async () => Promise.reject(new Error("not asked for here")) },
    ledger: { chainId: "31337", address: `0x${"ab".repeat(20)}` },
    clinicName: async () => "Riverside Practice",
    address: "https://visits.example.org",
    now: () => at,
    warn: (error) => warnings.push(error),
  });
  await storage.keepBooks(async (tx) => {
    for (const id of ["esi", "liam"])
      await tx
        .insert(tables.user)
        .values({ id, name: `Dr. ${id}`, email: `${id}@x.org`, roles: "clinician", createdAt: at, updatedAt: at });
    for (const id of ["esi", "liam"])
      await tx.insert(tables.clinicianKey).values({
        ...{ signer: `0x${id}`, userId: id, recipient: "", binding: "", person: "", voucher: "", device: "" },
        ...{ askedAt: at, enrolledAt: at },
      });
    for (const n of [0, 1, 2])
      await tx.insert(tables.visit).values({
        ...{ id: visitOf(n), clinicianId: n === 2 ? "liam" : "esi", claimHash: "", details: null, state: "over" },
        ...{ signer: n === 2 ? "0xliam" : "0xesi", end: n === 1 ? "revoked" : "ended", endedAt: at },
        ...{ createdAt: at, linkExpiresAt: at },
      });
  });
  // A day for each third of them; every fourth is of no visit.
  for (let day = 0; day < 3; day++) {
    const told = new Date(Date.UTC(2026, 10, 2 + day, 9)).toISOString();
    await written(
      storage,
      Array.from({ length: LINES / 3 }, (_, n) => ({
        ...(n % 4 === 0
          ? { action: "visit.listed" as const, visitId: null }
          : { action: "visit.read" as const, visitId: visitOf((n % 4) - 1) }),
        ...{ at: told, detail: { why: "=1+1" } },
      })),
    );
  }
  at = new Date(TO);
});
afterAll(async () => {
  await storage.close();
  await rm(folder, { recursive: true, force: true });
});

async function fileOf(asked: ExportAsked): Promise<{ text: string; items: number }> {
  const { stream, items } = await exports.make(mira, { ...asked, filter: { to: TO, ...asked.filter } });
  return { text: Buffer.from(await new Response(stream as never).arrayBuffer()).toString("utf8"), items };
}
const entriesIn = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { entry: typeof tables.entry.$inferSelect }).entry);
const lastLine = async () => {
  const [last] = await storage.read.select().from(tables.entry).orderBy(desc(tables.entry.number)).limit(1);
  return last!;
};

describe("an export", () => {
  test("has every line that was asked for, in order and once, and ends with its own line", async () => {
    const { text, items } = await fileOf({ format: "jsonl", filter: { to: TO } });
    const entries = entriesIn(text);
    const all = await storage.read.select().from(tables.entry).orderBy(asc(tables.entry.number)).limit(LINES);
    expect(entries.slice(0, -1)).toEqual(all.map(({ actId: _, ...entry }) => entry));
    expect(items).toBe(LINES);
    expect(entries.at(-1)).toMatchObject({
      action: "export.made",
      detail: { format: "jsonl", lines: LINES, first: 1, last: LINES, to: TO },
    });
  });

  test.each<[string, ExportAsked["filter"], number]>([
    ["a day", { from: "2026-11-03T00:00:00Z", to: "2026-11-04T00:00:00Z" }, 300],
    ["a visit", { visitId: visitOf(0) }, 225],
    ["a doctor", { clinician: "liam" }, 225],
    ["an outcome", { outcome: "revoked" }, 225],
    [
      "a doctor's visits that ended so, on a day",
      { clinician: "esi", outcome: "ended", from: "2026-11-04T00:00:00Z" },
      75,
    ],
    ["a kind that no visit has", { kind: "prescription" }, 0],
  ])("of %s has that and nothing else", async (_, filter, lines) => {
    const { text, items } = await fileOf({ format: "jsonl", filter });
    expect(items).toBe(lines);
    expect(entriesIn(text)).toHaveLength(lines + 1);
    expect((await exports.size(mira, { to: TO, ...filter })).lines).toBe(lines);
  });

  test("by a name that somebody made up is none, and the name is in no line", async () => {
    for (const [filter, code] of [
      [{ clinician: "Ana Duarte" }, "staff.not-found"],
      [{ visitId: visitOf(99) }, "visit.not-found"],
    ] as const)
      for (const asked of [exports.make(mira, { format: "csv", filter }), exports.size(mira, filter)])
        await expect(asked).rejects.toMatchObject({ code });
    const lines = await storage.read.select({ detail: tables.entry.detail }).from(tables.entry);
    expect(JSON.stringify(lines)).not.toContain("Ana Duarte");
  });

  test("as CSV begins with what says its encoding, has a head, and holds no formula", async () => {
    const { text } = await fileOf({ format: "csv", filter: { visitId: visitOf(1) } });
    const [head, first, ...rest] = text.trimEnd().split("\r\n");
    expect(head).toMatch(/^\uFEFFnumber,at,who is,who,name,patient,action/);
    expect(first).toContain("staff,esi,Dr. esi,,visit.read");
    expect(rest).toHaveLength(225);
    expect(rest.at(-1)).toMatch(/,export\.made,.*""lines"":225/);
  });

  test("as FHIR is an AuditEvent a line, the last one of the export itself", async () => {
    const { text } = await fileOf({ format: "fhir", filter: { visitId: visitOf(1) } });
    const events = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { resourceType: string; meta: { tag: { code: string }[] } });
    expect(new Set(events.map(({ resourceType }) => resourceType))).toEqual(new Set(["AuditEvent"]));
    expect(events).toHaveLength(226);
    expect(events.at(-1)!.meta.tag[0]!.code).toBe("export.made");
  });

  test("is on the trail before its first byte", async () => {
    const { stream } = await exports.make(mira, { format: "csv", filter: { visitId: visitOf(2), to: TO } });
    expect(await lastLine()).toMatchObject({
      actor: { is: "staff", id: mira.id },
      ...{ action: "export.made", visitId: visitOf(2), detail: { format: "csv", lines: 225 } },
    });
    await stream.cancel();
  });

  test("of more than one admin may take along alone is refused, and nothing is told of as made", async () => {
    await written(
      storage,
      Array.from({ length: WITHOUT_APPROVAL.lines }, () => ({ at: TO })),
    );
    const before = (await lastLine()).number;
    await expect(exports.make(mira, { format: "csv", filter: {} })).rejects.toMatchObject({
      code: "export.over-limit",
    });
    expect((await lastLine()).number).toBe(before);
    const size = await exports.size(mira, {});
    expect(size).toEqual({ lines: WITHOUT_APPROVAL.lines + 1, sessions: 3, least: ["lines"] });
  });

  test.each<[string, ExportAsked["filter"], Sized]>([
    ["its doctor", { clinician: "liam" }, { lines: 75, sessions: 1, least: ["lines"] }],
    ["its end", { outcome: "revoked" }, { lines: 75, sessions: 1, least: ["lines", "sessions"] }],
    ["its end on earlier days", { outcome: "revoked", to: DAY_2 }, { lines: 75, sessions: 1, least: ["sessions"] }],
    ["nothing", {}, { lines: 300, sessions: 2, least: ["lines", "sessions"] }],
    ["its visit", { visitId: visitOf(0) }, { lines: 225, sessions: 1, least: [] }],
  ])("found by %s is counted for a page in a stretch of the newest alone, which says so", async (_, filter, told) => {
    const scope = { filter: { to: TO, ...filter }, until: { at, last: 10 ** 9 } };
    expect(await storage.keepBooks((tx) => sizeIn(tx, scope, { lines: 300, sessions: 2 }))).toEqual(told);
  });

  test("of a day that is not UTC's is told of as large as it is, however much came after", async () => {
    const lines = (at: string, number: number) =>
      written(
        storage,
        Array.from({ length: number }, () => ({ at })),
      );
    await lines("2026-11-06T02:00:00.000Z", 200);
    await lines("2026-11-06T20:00:00.000Z", WITHOUT_APPROVAL.lines + 1);
    const filter = { from: "2026-11-05T05:00:00.000Z", to: "2026-11-06T05:00:00.000Z" };
    const scope = { filter, until: { at, last: 10 ** 9 } };
    expect(await storage.keepBooks((tx) => sizeIn(tx, scope))).toMatchObject({ lines: 200, least: [] });
    expect(await fixedIn(storage.read, scope, "csv")).toMatchObject({ lines: 200 });
  });

  test("is of the visits that were so when it began, whatever becomes of them on its way", async () => {
    const { stream, items } = await exports.make(mira, { format: "jsonl", filter: { outcome: "revoked", to: TO } });
    const moved = (n: number, end: "ended" | "revoked") =>
      storage.keepBooks((tx) => tx.execute(`UPDATE "visit" SET "end" = '${end}' WHERE "id" = '${visitOf(n)}'`));
    await moved(1, "ended");
    await moved(0, "revoked");
    const entries = entriesIn(await new Response(stream as never).text());
    expect(entries.slice(0, -1).map(({ visitId }) => visitId)).toEqual(Array(items).fill(visitOf(1)));
    expect(items).toBe(225);
    await moved(1, "revoked");
    await moved(0, "ended");
  });

  test("that comes to less than was told breaks off, so that nobody takes it for whole", async () => {
    const { stream } = await exports.make(mira, { format: "jsonl", filter: { outcome: "revoked" } });
    await behindItsBack(storage, (tx) => tx.execute(`DELETE FROM "entry" WHERE "visit_id" = '${visitOf(1)}'`));
    await expect(new Response(stream as never).text()).rejects.toThrow("The export broke off.");
    expect(warnings.map(String)).toEqual([expect.stringMatching(/An export of \d+ came to 0/)]);
  });

  test("that nobody takes any further is read no further", async () => {
    const select = vi.spyOn(storage.read, "select");
    const { stream } = await exports.make(mira, { format: "jsonl", filter: { visitId: visitOf(0) } });
    select.mockClear();
    await stream.cancel();
    expect(select).not.toHaveBeenCalled();
    select.mockRestore();
  });
});
