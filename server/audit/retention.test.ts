import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { asc, eq, sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Entry } from "../../lib/audit/entry.ts";
import { emptied, emptiedIn, openGo } from "../../lib/audit/retained.ts";
import { clinicianKey, consent, entry, erasure, review, user, visit } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import { written } from "./lines.fixture.ts";
import { behindItsBack, type LogHouse, openLogHouse } from "./log.fixture.ts";
import { retainLines } from "./retain-command.ts";
import { isNight, openRetention } from "./retention.ts";

const OLD = "2015-03-01T08:00:00.000Z";
const YOUNG = new Date(Date.now() - 86_400_000).toISOString();
const visitOf = (n: number) => n.toString(16).padStart(32, "0");

let house: LogHouse;
beforeEach(async () => {
  house = await openLogHouse();
});
afterEach(() => house.close());

const retention = (years = 6, now = () => new Date()) => openRetention({ storage: house.storage, years, now });
const all = () => house.storage.read.select().from(entry).orderBy(asc(entry.number));
const old = (times: number, part: Partial<Entry> = {}) =>
  Array.from({ length: times }, () => ({ at: OLD, visitId: null, ofVisit: null, ...part }));
/** A visit from then that is over; one that somebody may still read has a permission that goes on. */
async function aVisit(storage: Storage, id: string, at: Date, goesOn: boolean): Promise<void> {
  await storage.keepBooks(async (tx) => {
    const made = { createdAt: at, updatedAt: at };
    await tx
      .insert(user)
      .values({ id: "esi", name: "Dr. Esi Osei", email: "esi@x.org", roles: "clinician", ...made })
      .onConflictDoNothing();
    const nothing = { recipient: "", binding: "", person: "", voucher: "", device: "" };
    await tx
      .insert(clinicianKey)
      .values({ ...nothing, signer: "0xesi", userId: "esi", askedAt: at, enrolledAt: at })
      .onConflictDoNothing();
    const link = { claimHash: "", createdAt: at, linkExpiresAt: at };
    await tx.insert(visit).values({ id, ...link, clinicianId: "esi", signer: "0xesi", state: "over" });
    const validUntil = Math.floor(Date.now() / 1_000) + (goesOn ? 3_600 : -3_600);
    await tx
      .insert(consent)
      .values({ id: `0x${id}`, visitId: id, consent: { validUntil } as never, signature: "", grantedAt: at });
  });
}
async function isEmptied(): Promise<boolean[]> {
  return (await all()).map((line) => emptiedIn(line) !== null);
}

describe("lines that are older than the practice keeps them", () => {
  test("are emptied, and what proofs need stays; the go is a line of its own", async () => {
    await written(house.storage, [
      ...old(3, { object: "a key", detail: { why: "left" } }),
      { at: YOUNG, visitId: null, ofVisit: null },
    ]);
    await house.log.seal();
    const before = await all();
    expect(await retention().run()).toBe(3);
    const after = await all();
    expect(await isEmptied()).toEqual([true, true, true, false, false]);
    after.slice(0, 3).forEach((line, i) => {
      const { number, at, visitId, ofVisit, previous, hash, actId } = before[i]!;
      expect(line).toMatchObject({ number, at, visitId, ofVisit, previous, hash, actId, ...emptied });
    });
    const go = openGo();
    for (const line of after.slice(0, 3)) go.add(line);
    expect(after.at(-1)).toMatchObject({
      action: "trail.retained",
      detail: { ...go.told(), first: 1, last: 3, lines: 3 },
    });
    expect(await retention().run()).toBe(0);
  });

  test("are in no file of the database any more, also where it stopped before it could see to that", async () => {
    const secret = "a-word-that-nothing-else-has";
    await written(house.storage, old(3, { object: secret }));
    await house.log.seal();
    let windows = 0;
    const scoured = vi.spyOn(house.storage, "scour").mockRejectedValueOnce(new Error("out of power"));
    await expect(retention().run({ stopped: () => windows++ >= 1 })).rejects.toThrow("out of power");
    expect(await retention().run()).toBe(0);
    expect(scoured).toHaveBeenCalledTimes(2);
    await retention().run();
    expect(scoured).toHaveBeenCalledTimes(2);
    const folder = join(house.folder, "database");
    for (const file of await readdir(folder, { recursive: true, withFileTypes: true }))
      if (file.isFile()) expect((await readFile(join(file.parentPath, file.name))).includes(secret)).toBe(false);
  });

  test("leave the tree, its proofs and the log as they were, and it goes on growing", async () => {
    await written(house.storage, old(300));
    await house.log.seal();
    const first = house.log.signed()!;
    const proofs = await house.log.under([5, 299], 200);
    await retention().run();
    expect(await house.log.under([5, 299], 200)).toEqual(proofs);
    await house.happens(2);
    await house.reopen();
    await house.log.seal();
    expect(house.alarms).toEqual([]);
    expect(house.log.signed()!.size).toBe(first.size + 3);
    expect(await house.log.consistency(first.size)).not.toBeNull();
  });

  test("are told but not emptied where only asked what would be", async () => {
    await written(house.storage, old(3));
    await house.log.seal();
    expect(await retention().run({ really: false })).toBe(3);
    expect(await isEmptied()).toEqual([false, false, false]);
  });

  test("stay while no checkpoint covers them, are of keys or reviews, or younger than the setting", async () => {
    await written(house.storage, [
      ...old(1, { action: "key.enrolled" }),
      ...old(1, { action: "review.closed" }),
      ...old(1),
    ]);
    expect(await retention().run()).toBe(0);
    await house.log.seal();
    expect(await retention(40).run()).toBe(0);
    await retention().run();
    expect(await isEmptied()).toEqual([false, false, true, false]);
  });

  test("go a month at a time, once all of it is old enough", async () => {
    await written(house.storage, old(1, { at: "2020-11-10T08:00:00.000Z" }));
    await house.log.seal();
    const due = (at: string) => retention(6, () => new Date(at)).run({ really: false });
    expect(await due("2026-11-30T23:59:59.000Z")).toBe(0);
    expect(await due("2026-12-01T00:00:00.000Z")).toBe(1);
  });

  test("of a visit go together, once all of them are old and nothing of it is open", async () => {
    const { storage } = house;
    const lines = (n: number, ofVisit: number, at = OLD): Partial<Entry> => ({ at, visitId: visitOf(n), ofVisit });
    for (const n of [1, 2, 3, 4, 5]) await aVisit(storage, visitOf(n), new Date(OLD), n === 4);
    await storage.keepBooks(async (tx) => {
      await tx
        .insert(erasure)
        .values({ id: "e".repeat(32), visitId: visitOf(2), at: 1, proof: "", askedAt: new Date(OLD) });
      await tx
        .insert(review)
        .values({ about: visitOf(3), state: "open", version: 1, changedAt: new Date(OLD) } as never);
    });
    await written(
      storage,
      [1, 2, 3, 4, 5].flatMap((n) => [lines(n, 1), lines(n, 2, n === 5 ? YOUNG : OLD)]),
    );
    await house.log.seal();
    await retention().run();
    const found = await all();
    expect(
      [1, 2, 3, 4, 5].map((n) =>
        found.filter(({ visitId }) => visitId === visitOf(n)).map((line) => emptiedIn(line) !== null),
      ),
    ).toEqual([
      [true, true],
      [false, false],
      [false, false],
      [false, false],
      [false, false],
    ]);
    await storage.keepBooks((tx) =>
      tx
        .update(review)
        .set({ state: "closed" })
        .where(eq(review.about, visitOf(3))),
    );
    expect(await retention().run()).toBe(2);
  });

  test("stay as they are where the log takes no line that tells of it, and where it is halted", async () => {
    const { storage } = house;
    await written(storage, old(3));
    await house.log.seal();
    expect(await openRetention({ storage, halted: () => true, years: 6, now: () => new Date() }).run()).toBe(0);
    const run = (statement: string) => storage.keepBooks((tx) => tx.execute(sql.raw(statement)));
    await run("RESET ROLE");
    await run(
      "CREATE FUNCTION no_line() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no line'; END $$",
    );
    await run('CREATE TRIGGER no_line BEFORE INSERT ON "entry" FOR EACH ROW EXECUTE FUNCTION no_line()');
    await run("SET ROLE assent");
    await expect(retention().run()).rejects.toMatchObject({ code: "trail.closed" });
    expect(await isEmptied()).toEqual([false, false, false]);
  });

  test("stay where they are not what their hash was made of, and that is told", async () => {
    await written(house.storage, old(3, { object: "what was" }));
    await house.log.seal();
    await behindItsBack(house.storage, (tx) =>
      tx.update(entry).set({ object: "what was not" }).where(eq(entry.number, 2)),
    );
    const doubted: number[] = [];
    const run = () =>
      openRetention({
        ...{ storage: house.storage, years: 6, now: () => new Date() },
        doubted: (line) => void doubted.push(line),
      }).run();
    expect(await run()).toBe(2);
    expect(await isEmptied()).toEqual([true, false, true, false]);
    const before = (await all()).length;
    expect(await run()).toBe(0);
    expect((await all()).length).toBe(before);
    expect(doubted).toEqual([2, 2]);
  });

  test("that were emptied in part before a crash are emptied to the end, each once", async () => {
    await written(house.storage, old(4_500));
    await house.log.seal();
    let windows = 0;
    const first = await retention().run({ stopped: () => windows++ >= 1 });
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(4_500);
    await house.reopen();
    expect(first + (await retention().run())).toBe(4_500);
    const goes = (await all()).filter(({ action }) => action === "trail.retained");
    expect(goes.reduce((sum, { detail }) => sum + Number(detail.lines), 0)).toBe(4_500);
  });
});

describe("npm run audit -- retain", () => {
  const retained = async (dry = false) => {
    const said: string[] = [];
    const { storage, log } = house;
    const code = await retainLines(
      { storage, log, years: 6, now: () => new Date() },
      { dry, say: (line) => said.push(line) },
    );
    return { code, said: said.join(" ") };
  };

  test("says what it did, or would do, and which lines it left", async () => {
    await written(house.storage, old(3));
    await house.log.seal();
    await behindItsBack(house.storage, (tx) => tx.update(entry).set({ object: "x" }).where(eq(entry.number, 2)));
    expect(await retained(true)).toMatchObject({ code: 1, said: expect.stringContaining("Nothing was changed.") });
    expect(await isEmptied()).toEqual([false, false, false]);
    const { code, said } = await retained();
    expect([code, said]).toEqual([1, expect.stringMatching(/^2 lines are older .* Line 2 is not what/)]);
  });

  test("touches nothing where the tree is not the one that was signed", async () => {
    await written(house.storage, old(3));
    await house.log.seal();
    await house.reopen(() =>
      behindItsBack(house.storage, (tx) =>
        tx
          .update(entry)
          .set({ hash: `0x${"1".repeat(64)}` })
          .where(eq(entry.number, 2)),
      ),
    );
    expect(await retained()).toMatchObject({ code: 2, said: expect.stringContaining("signs nothing") });
    expect(await isEmptied()).toEqual([false, false, false]);
  });
});

test.each([
  ["2026-01-10T01:00:00Z", "Europe/Berlin", true],
  ["2026-01-10T04:00:00Z", "Europe/Berlin", false],
  ["2026-01-10T02:00:00Z", "UTC", true],
  ["2026-01-10T00:30:00Z", "UTC", false],
])("at %s it is night in %s: %s", (at, timeZone, night) => {
  expect(isNight(new Date(at), timeZone)).toBe(night);
});

describe("the trail's trigger", () => {
  const to = { actor: { is: "system", id: "retention" }, action: "line.retained", salt: emptied.salt };
  const change = (set: Record<string, unknown>, number: number) =>
    house.storage.keepBooks((tx) =>
      tx
        .update(entry)
        .set({ object: null, consent: null, refusal: null, ...to, ...set } as never)
        .where(eq(entry.number, number)),
    );
  const detail = { since: new Date().toISOString(), batch: "a".repeat(32) };
  const refused = { cause: { message: "The trail only grows." } };

  test("lets an old line be emptied, and nothing else be done to it", async () => {
    const almost = new Date(Date.now() - 6 * 365.2 * 86_400_000 + 3 * 86_400_000).toISOString();
    await written(house.storage, [...old(2, { object: "x" }), { at: almost, visitId: null, ofVisit: null }]);
    // Not even whoever has every right.
    await house.storage.keepBooks((tx) => tx.execute(sql`RESET ROLE`));
    for (const wrong of [
      { detail: { ...detail, more: "Ana" } },
      { detail: { since: "soon", batch: detail.batch } },
      { detail: { ...detail, batch: "b" } },
      { detail, object: "x" },
      { detail, salt: `0x${"1".repeat(32)}` },
      { detail, actor: { is: "system", id: "clock" } },
      { detail, action: "visit.read" },
      { detail, hash: `0x${"1".repeat(64)}` },
      { detail, previous: `0x${"1".repeat(64)}` },
      { detail, at: YOUNG },
      { detail, visitId: visitOf(1) },
      { detail, ofVisit: 4 },
      { detail, actId: "another" },
      { detail, number: 9 },
    ])
      await expect(change(wrong, 1)).rejects.toMatchObject(refused);
    await expect(change({ detail }, 3)).rejects.toMatchObject(refused);
    await change({ detail }, 1);
    await expect(change({ detail: { ...detail, batch: "b".repeat(32) } }, 1)).rejects.toMatchObject(refused);
    for (const rest of [sql`DELETE FROM entry`, sql`TRUNCATE entry`, sql`UPDATE entry SET at = at WHERE number = 2`])
      await expect(house.storage.keepBooks((tx) => tx.execute(rest))).rejects.toMatchObject(refused);
  });
});
