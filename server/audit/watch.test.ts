import { rm } from "node:fs/promises";
import { asc } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Entry } from "../../lib/audit/entry.ts";
import { addRecord, readEnvelope } from "../../lib/records/api.ts";
import { endVisit, readVisit } from "../../lib/visits/api.ts";
import { Clinic, cetirizine, drOsei, inCall, signed } from "../clinic.fixture.ts";
import { madeFolder, migrations } from "../storage/made.fixture.ts";
import { checkpoint, finding, watch, watchedVisit } from "../storage/schema.ts";
import { openStorage, type Storage } from "../storage/storage.ts";
import { aVisit } from "./evidence.fixture.ts";
import { openRetention } from "./retention.ts";
import { openWatch, standingOf } from "./watch.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const watching = (storage: Storage, more: { atOnce?: number; timeZone?: string } = {}) =>
  openWatch({ storage, timeZone: "Europe/Lisbon", log, every: null, ...more });
const id = (n: number) => n.toString(16).padStart(32, "0");

let folder: string;
let storage: Storage;
let clock: Date;
beforeEach(async () => {
  clock = new Date("2026-07-06T11:00:00Z");
  folder = await madeFolder("watch");
  storage = await openStorage(folder, migrations, () => clock);
});
afterEach(async () => {
  await storage.close();
  await rm(folder, { recursive: true, force: true });
});

const write = (...lines: { action: Entry["action"]; visitId?: string; who?: string; refusal?: string }[]) =>
  storage.transact((_, finish) => {
    const [first, ...rest] = lines.map(({ who = "esi", ...line }) => ({
      actor: { is: "staff", id: who } as const,
      ...line,
    }));
    return finish([first!, ...rest], undefined);
  });
const found = (from = storage) => from.read.select().from(finding).orderBy(asc(finding.id));
const told = async () => (await found()).map(({ id, times, lines }) => [id, times, lines]);
const forget = () =>
  storage.keepBooks(async (tx) => {
    for (const table of [finding, watchedVisit, watch]) await tx.delete(table);
  });

/** Twenty-five visits that one person reads from, then one that another reads from, which is not theirs. */
async function curious(): Promise<void> {
  const visits = Array.from({ length: 25 }, (_, n) => id(n));
  await write(
    ...visits.map((visitId) => ({ action: "visit.created", visitId }) as const),
    ...visits.map((visitId) => ({ action: "record.read", visitId }) as const),
    { action: "record.read", visitId: id(3), who: "liam" },
    { action: "file.read", visitId: id(3), who: "liam" },
  );
}

test("the same is found in however many steps the lines are read, and again after it was thrown away", async () => {
  await curious();
  await watching(storage).advance();
  const once = await found();
  expect(once.map(({ id, times }) => [id, times])).toEqual([
    ["elsewhere-51", 2],
    ["many-45", 25],
  ]);
  for (const atOnce of [5, 13]) {
    await forget();
    await watching(storage, { atOnce }).advance();
    expect(await found()).toEqual(once);
  }
});

test("after a stop it goes on with the next line: none is missed, none counts twice", async () => {
  await curious();
  await watching(storage).advance();
  const before = await told();
  await storage.close();
  storage = await openStorage(folder, migrations, () => clock);
  const again = watching(storage);
  await again.advance();
  expect(await told()).toEqual(before);
  await write(
    { action: "record.read", visitId: id(4), who: "liam" },
    { action: "file.read", visitId: id(3), who: "liam" },
  );
  await again.advance();
  expect(await told()).toEqual([["elsewhere-51", 3, [51, 52, 54]], ["elsewhere-53", 1, [53]], ...before.slice(1)]);
  expect(await standingOf(storage.read)).toEqual({ seen: 54, last: 54 });
});

test("what is found and how far the lines were read are one commit", async () => {
  await curious();
  // Another reader was faster between our read and our commit.
  const books = storage.keepBooks;
  const meddled: Storage = {
    ...storage,
    keepBooks: async (work) => {
      await books((tx) => tx.insert(watch).values({ id: 1, number: 7, rules: "others", recent: {} }));
      return books(work);
    },
  };
  await expect(watching(meddled).advance()).rejects.toThrow("already");
  expect(await found()).toEqual([]);
});

test("another time zone reads the trail anew", async () => {
  await write({ action: "visit.created", visitId: id(1) }, { action: "visit.ended", visitId: id(1) });
  clock = new Date("2026-07-08T12:30:00Z");
  await write({ action: "record.read", visitId: id(1) });
  await watching(storage).advance();
  expect(await told()).toEqual([]);
  await watching(storage, { timeZone: "Asia/Tokyo" }).advance();
  expect(await told()).toEqual([]);
  await watching(storage, { timeZone: "Pacific/Auckland" }).advance();
  expect(await told()).toEqual([["night-3", 1, [3]]]);
});

test("of lines that are kept as proofs only no finding is left, and none is made of them again", async () => {
  const years = 7 * 365 * 86_400_000;
  clock = new Date(Date.now() - years);
  await curious();
  const watch = watching(storage);
  await watch.advance();
  expect(await told()).toHaveLength(2);
  clock = new Date();
  const signed = { size: 53, root: `0x${"1".repeat(64)}`, note: "", signedAt: clock };
  await storage.keepBooks((tx) => tx.insert(checkpoint).values(signed));
  await openRetention({ storage, years: 6, now: () => clock }).run();
  await watch.advance();
  expect(await told()).toEqual([]);
  await write({ action: "record.read", visitId: id(3) });
  await watch.advance();
  await forget();
  await watch.advance();
  expect(await told()).toEqual([]);
});

test("a line that somebody made unreadable is passed over", async () => {
  await write({ action: "visit.created", visitId: id(1) });
  await storage.transact((_, finish) =>
    finish([{ actor: { is: "cat" } as never, action: "record.read", visitId: id(1) }], undefined),
  );
  await watching(storage).advance();
  expect(await told()).toEqual([]);
  expect((await standingOf(storage.read)).seen).toBe(2);
});

test("visits as the services make them raise nothing", async () => {
  const clinic = await Clinic.open();
  const doctor = await drOsei(clinic);
  await aVisit(clinic, doctor);
  const visit = await inCall(clinic, doctor, { video: "allow", prescriptions: "allow", files: "allow" });
  const { visitId } = visit.planned;
  const record = await signed(visit, doctor.keys, [visit.patient.keys.recipient], cetirizine, 1);
  const added = (await doctor.browser.ask(addRecord, record)).value;
  await doctor.browser.ask(readEnvelope, { visitId, id: added.id });
  await visit.patient.browser.ask(readEnvelope, { visitId, id: added.id });
  await doctor.browser.ask(endVisit, { visitId });
  await doctor.browser.ask(readVisit, { visitId });
  await doctor.browser.ask(readEnvelope, { visitId, id: added.id });
  await clinic.close({ keep: true });
  const real = await openStorage(`${clinic.folder}`, migrations);
  await watching(real).advance();
  expect((await standingOf(real.read)).seen).toBeGreaterThan(20);
  expect(await found(real)).toEqual([]);
  await real.close();
  await rm(clinic.folder, { recursive: true, force: true });
}, 30_000);
