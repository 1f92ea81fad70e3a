import { rm } from "node:fs/promises";
import { desc, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Action } from "../../lib/audit/entry.ts";
import { EVENTS_PAGE, type EventFilter, listEvents } from "../../lib/audit/events.ts";
import { actionGroups, actionsIn } from "../../lib/audit/groups.ts";
import { pseudonymOf } from "../../lib/visits/pseudonym.ts";
import { mira } from "../admin.fixture.ts";
import { madeFolder, migrations } from "../storage/made.fixture.ts";
import * as tables from "../storage/schema.ts";
import { openStorage, type Storage } from "../storage/storage.ts";
import { openEvents } from "./events.ts";
import { openFollowing } from "./live.ts";
import { openSearch } from "./search.ts";
import { openViews } from "./views.ts";

const START = Date.parse("2026-10-01T08:00:00.000Z");
const hex = (n: number, bytes: number) => `0x${n.toString(16).padStart(bytes * 2, "0")}`;
const visitId = (n: number) => n.toString(16).padStart(32, "0");
const code = (n: number) => pseudonymOf(hex(n, 20));

let folder: string;
let storage: Storage;
let clock = START;
const now = () => new Date(clock);
let events: ReturnType<typeof openEvents>;
let seeded: number;

/** 60 visits of six lines, one an hour; the clock is set back by a month for the 31st visit. */
const VISITS = 60;
const at = (n: number) => START + n * 3_600_000 - (n === 30 ? 30 * 86_400_000 : 0);

beforeAll(async () => {
  folder = await madeFolder("events");
  storage = await openStorage(folder, migrations, now);
  events = openEvents({ storage });
  await storage.keepBooks(async (tx) => {
    for (const [id, name] of [
      ["esi", "Dr. Esi Osei"],
      ["liam", "Dr. Liam Brandt"],
      ["mira", "Mira Thoma"],
    ] as const)
      await tx
        .insert(tables.user)
        .values({ id, name, email: `${id}@x.org`, roles: "clinician", createdAt: now(), updatedAt: now() });
    await tx.insert(tables.clinicianKey).values({
      ...{ signer: "0x01", userId: "esi", recipient: "", binding: "", person: "", voucher: "", device: "" },
      askedAt: now(),
    });
    for (let n = 0; n < VISITS; n++)
      await tx.insert(tables.visit).values({
        ...{ id: visitId(n), clinicianId: "esi", signer: "0x01", claimHash: "", state: "over" },
        ...{ createdAt: new Date(at(n)), linkExpiresAt: now() },
      });
  });
  for (let n = 0; n < VISITS; n++) {
    clock = at(n);
    const patient = { is: "patient", id: code(n) } as const;
    const doctor = { is: "staff", id: n % 3 === 0 ? "liam" : "esi" } as const;
    await storage.transact(async (tx, finish) => {
      await tx.insert(tables.act).values({
        ...{ id: `a${n}`, kind: "record", call: {}, visitId: visitId(n), object: hex(n, 32) },
        ...{ state: n === 7 ? "parked" : n === 59 ? "sent" : "final", transaction: hex(9000 + n, 32) },
        ...{ savedAt: now(), movedAt: now() },
      });
      return finish(
        [
          { actor: { is: "staff", id: "mira" }, action: n === 11 ? "key.enrolled" : "staff.signed-in" },
          { actor: { is: "nobody", id: "stranger" }, action: "link.opened", visitId: visitId(n) },
          { actor: patient, action: "link.claimed", visitId: visitId(n) },
          {
            ...{ actor: patient, action: "consent.granted" as const, visitId: visitId(n) },
            ...{ object: hex(500 + n, 32), consent: hex(500 + n, 32) },
          },
          {
            ...{ actor: doctor, action: "record.added" as const, visitId: visitId(n), object: hex(n, 32) },
            ...{ consent: hex(500 + n, 32), actId: `a${n}` },
          },
          {
            ...{ actor: doctor, action: "record.refused" as const, visitId: visitId(n) },
            refusal: n % 5 === 0 ? "auth.not-allowed" : "consent.not-live",
          },
        ],
        null,
      );
    });
  }
  clock = at(VISITS);
  seeded = VISITS * 6;
}, 60_000);

afterAll(async () => {
  await storage.close();
  await rm(folder, { recursive: true });
});

/** All lines of the beginning that the filter has, page by page. */
async function all(filter: Omit<EventFilter, "before">, from = events) {
  const lines = [];
  let before: number | undefined = seeded + 1;
  while (before !== undefined) {
    const page = listEvents.answer.parse(await from.list(mira, { ...filter, before }));
    expect(page.lines.length).toBeLessThanOrEqual(EVENTS_PAGE);
    lines.push(...page.lines);
    before = page.older ?? undefined;
  }
  return lines.map(({ entry }) => entry.number);
}

const every = Array.from({ length: VISITS * 6 }, (_, i) => VISITS * 6 - i);
const visitOf = (number: number) => Math.floor((number - 1) / 6);
const place = (number: number) => (number - 1) % 6;
const day = (n: number) => new Date(START + n * 86_400_000).toISOString();

test("every line is there, newest first, also those of no visit, and pages meet without a hole", async () => {
  expect(await all({})).toEqual(every);
});

describe("a filter keeps exactly its lines", () => {
  test.each<[string, Omit<EventFilter, "before">, (number: number) => boolean]>([
    ["a doctor's", { staff: "liam" }, (n) => place(n) >= 4 && visitOf(n) % 3 === 0],
    ["a patient's, all of their visit", { patient: code(12) }, (n) => visitOf(n) === 12 && place(n) > 0],
    ["one kind of act", { act: "link.claimed" }, (n) => place(n) === 2],
    ["a group of acts", { act: "links" }, (n) => place(n) === 1 || place(n) === 2],
    ["a rare act", { act: "keys" }, (n) => visitOf(n) === 11 && place(n) === 0],
    ["done", { outcome: "done" }, (n) => place(n) !== 5],
    ["refused", { outcome: "refused" }, (n) => place(n) === 5],
    ["refused for who it was", { outcome: "person" }, (n) => place(n) === 5 && visitOf(n) % 5 === 0],
    ["parked", { ledger: "parked" }, (n) => n === 7 * 6 + 5],
    ["waiting", { ledger: "waiting" }, (n) => n === 59 * 6 + 5],
    ["final", { ledger: "final" }, (n) => place(n) === 4 && visitOf(n) !== 7 && visitOf(n) !== 59],
    ["a visit's", { visit: visitId(3) }, (n) => visitOf(n) === 3 && place(n) > 0],
    ["about a permission", { about: hex(503, 32) }, (n) => visitOf(n) === 3 && (place(n) === 3 || place(n) === 4)],
    [
      "several at once",
      { staff: "liam", outcome: "refused", act: "records" },
      (n) => place(n) === 5 && visitOf(n) % 3 === 0,
    ],
  ])("%s", async (_, filter, keeps) => {
    expect(await all(filter)).toEqual(every.filter(keeps));
    // Also where few lines are gone over at once.
    expect(await all(filter, openEvents({ storage, walk: 20 }))).toEqual(every.filter(keeps));
  });

  test.each([
    ["a day", day(1), day(2), (n: number) => at(n) >= START + 86_400_000 && at(n) < START + 2 * 86_400_000],
    ["since", day(2), undefined, (n: number) => at(n) >= START + 2 * 86_400_000],
    ["until, with those of a clock that was set back", undefined, day(0), (n: number) => at(n) < START],
    ["before anything", undefined, "2020-01-01T00:00:00Z", () => false],
  ])("by date: %s", async (_, from, to, keeps) => {
    expect(await all({ from, to })).toEqual(every.filter((number) => keeps(visitOf(number))));
  });

  test("by their numbers", async () => {
    expect(await all({ numbers: "3,17,18" })).toEqual([18, 17, 3]);
  });
});

test("every act is in one group", () => {
  expect(actionGroups.flatMap(actionsIn).sort()).toEqual([...Action.options].sort());
});

test("lines tell nothing of what is kept of a visit beside them", async () => {
  expect(JSON.stringify(await events.list(mira, {}))).not.toMatch(/call"|claimHash|receipt/);
});

async function newest(most: number) {
  return storage.read.select().from(tables.entry).orderBy(desc(tables.entry.number)).limit(most);
}

test("a look at lines is a line, and a look how many there are is none", async () => {
  const { last } = await events.last();
  const answer = await events.list(mira, { patient: code(3) });
  const [line] = await newest(1);
  // Of the visit whose patient was looked for, who may see that.
  const visit = answer.lines[0]!.entry.visitId;
  const look = { number: last + 1, action: "audit.read", visitId: visit, detail: { events: answer.lines.length } };
  expect(line).toMatchObject(look);
  expect(visit).not.toBeNull();
  expect(answer.last).toBe(last + 1);
  expect(await events.last()).toEqual({ last: last + 1 });
});

describe("Live", () => {
  const add = (action: "link.opened" | "staff.signed-in") =>
    storage.transact((_, finish) => finish({ actor: { is: "staff", id: "esi" }, action }, null));

  test("tells what comes after it began, with one line at its beginning and one at its end, and none between", async () => {
    const following = openFollowing({ storage });
    const { id, from } = await following.begin(mira);
    expect((await newest(1))[0]).toMatchObject({ number: from, action: "audit.follow-began", detail: { from } });
    await add("link.opened");
    await add("staff.signed-in");
    const first = await following.lines(mira, { id, after: 0 });
    expect(first.lines.map(({ entry }) => entry.number)).toEqual([from + 2, from + 1]);
    const again = await following.lines(mira, { id, after: first.seen });
    expect(again).toMatchObject({ lines: [], seen: from + 2 });
    await add("link.opened");
    expect((await following.lines(mira, { id, after: first.seen, act: "staff" })).lines).toEqual([]);
    await following.end(mira, id);
    expect((await newest(1))[0]).toMatchObject({
      number: from + 4,
      action: "audit.follow-ended",
      detail: { from, lines: 2 },
    });
    await following.close();
  });

  test("says once of a visit that is looked for, for its patient, that it is followed", async () => {
    const following = openFollowing({ storage });
    const { id, from } = await following.begin(mira);
    const visit = visitId(3);
    const add = () =>
      storage.transact((_, finish) =>
        finish({ actor: { is: "staff", id: "esi" }, action: "visit.read", visitId: visit }, null),
      );
    await add();
    const first = await following.lines(mira, { id, after: from, visit });
    expect((await newest(1))[0]).toMatchObject({ number: from + 2, action: "audit.read", visitId: visit });
    const second = await following.lines(mira, { id, after: first.seen, visit });
    expect(second.lines.map(({ entry }) => entry.number)).toEqual([from + 2]);
    expect((await newest(1))[0]).toMatchObject({ number: from + 2 });
    await following.close();
  });

  test("tells nobody anything who did not begin it, or has ended it", async () => {
    const following = openFollowing({ storage });
    const { id } = await following.begin(mira);
    const refused = { code: "audit.not-following" };
    await expect(following.lines({ ...mira, id: "esi" }, { id, after: 0 })).rejects.toMatchObject(refused);
    await following.end(mira, id);
    await expect(following.lines(mira, { id, after: 0 })).rejects.toMatchObject(refused);
    await following.close();
  });

  test("has its last line also where the trail took none at first", async () => {
    let closed = false;
    const transact: typeof storage.transact = (work) =>
      closed ? Promise.reject(new Error("closed")) : storage.transact(work);
    const following = openFollowing({ storage: { ...storage, transact } });
    const { id, from } = await following.begin(mira);
    closed = true;
    await expect(following.end(mira, id)).rejects.toThrow("closed");
    closed = false;
    await following.end(mira, id);
    expect((await newest(1))[0]).toMatchObject({ action: "audit.follow-ended", detail: { from, lines: 0 } });
    await following.close();
  });

  test("has its last line also when the server closes", async () => {
    const following = openFollowing({ storage });
    await following.begin(mira);
    await following.close();
    expect((await newest(1))[0]).toMatchObject({ action: "audit.follow-ended" });
  });
});

describe("Search understands", () => {
  const search = (text: string) => openSearch({ storage })(mira, text).then(({ found }) => found);

  test.each([
    ["a line's number", "#17", { is: "line", number: 17, visitId: visitId(2) }],
    ["a visit's id", visitId(9), { is: "visit", visitId: visitId(9), clinician: "Dr. Esi Osei" }],
    ["a code, however it is typed", ` ${code(4).toLowerCase().replace("-", " ")} `, { is: "patient", code: code(4) }],
    ["a transaction as the console writes it", "0x0000…232d", { is: "transaction", numbers: [35] }],
    ["a doctor's name", "liam", { is: "staff", id: "liam", name: "Dr. Liam Brandt" }],
  ])("%s", async (_, text, found) => {
    expect(await search(text.trim())).toContainEqual(expect.objectContaining(found));
  });

  test("nothing in what means nothing, and no sign of it on the trail", async () => {
    expect(await search("Ana has 50% a_rash")).toEqual([]);
    const [line] = await newest(1);
    expect(line).toMatchObject({ action: "audit.read", detail: { found: 0 } });
    expect(JSON.stringify(line)).not.toContain("Ana");
  });
});

test("views are each admin's own", async () => {
  const views = openViews({ storage, now });
  const { views: kept } = await views.save(mira, { name: "Refused", filters: { tab: "events", result: "refused" } });
  const [view] = kept;
  expect(view).toMatchObject({ name: "Refused", filters: { result: "refused" } });
  const other = { ...mira, id: "esi" };
  expect(await views.list(other)).toEqual({ views: [] });
  const gone = { code: "view.not-found" };
  await expect(views.rename(other, view!.id, "x")).rejects.toMatchObject(gone);
  await expect(views.remove(other, view!.id)).rejects.toMatchObject(gone);
  expect((await views.rename(mira, view!.id, "Not allowed")).views[0]).toMatchObject({ name: "Not allowed" });
  expect(await views.remove(mira, view!.id)).toEqual({ views: [] });
});

test("each way to look for lines has an index of its own", async () => {
  await storage.keepBooks(async (tx) => {
    await tx.execute(sql`SET LOCAL enable_seqscan = off`);
    for (const [where, index] of [
      [sql`(actor ->> 'id') = 'esi'`, "entry_by_actor"],
      [sql`left(at, 10) = '2026-10-01'`, "entry_by_day"],
      [sql`action = 'key.enrolled'`, "entry_by_action"],
      [sql`act_id = 'a1'`, "entry_by_act"],
    ] as const) {
      const { rows } = await tx.execute(
        sql`EXPLAIN SELECT number FROM entry WHERE ${where} AND number < 300 ORDER BY number DESC LIMIT 5`,
      );
      expect(JSON.stringify(rows)).toContain(index);
    }
  });
});
