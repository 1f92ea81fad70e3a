import { rm } from "node:fs/promises";
import { and, desc, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type * as z from "zod/mini";
import type { Entry } from "../../lib/audit/entry.ts";
import {
  listFindings,
  listReviews,
  readReview,
  readWaiting,
  type Step,
  stepHolds,
  takeStep,
} from "../../lib/audit/review.ts";
import type { Staff } from "../../lib/auth/person.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Endpoint } from "../../lib/wire.ts";
import { mira } from "../admin.fixture.ts";
import type { Door } from "../http.ts";
import { madeFolder, migrations } from "../storage/made.fixture.ts";
import * as tables from "../storage/schema.ts";
import { openStorage, type Storage } from "../storage/storage.ts";
import { wrongSteps } from "./fsck.ts";
import { answerReviews } from "./reviews.ts";
import { openWatch, type Watch } from "./watch.ts";

const noor: Staff = { ...mira, id: "noor", name: "Noor Rahman" };
const now = () => new Date("2026-11-24T12:00:00.000Z");
const visitId = (n: number) => n.toString(16).padStart(32, "0");
const session = visitId(1);

let folder: string;
let storage: Storage;
let watch: Watch;
const handlers = new Map<unknown, (asked: never, staff: Staff) => Promise<never>>();
const guards = new Set<string>();
/** As the door asks, without the wire. */
const ask = <In extends z.ZodMiniType, Out extends z.ZodMiniType>(
  staff: Staff,
  endpoint: Endpoint<In, Out>,
  asked: z.input<In>,
): Promise<z.output<Out>> => handlers.get(endpoint)!(endpoint.ask.parse(asked) as never, staff);
const take = (staff: Staff, about: string, version: number, step: Step) =>
  ask(staff, takeStep, { about, version, step });
const refusal = (what: Promise<unknown>) =>
  what.then(
    () => null,
    (error: unknown) => (error instanceof Refusal ? error.code : error),
  );

beforeAll(async () => {
  folder = await madeFolder("reviews");
  storage = await openStorage(folder, migrations, now);
  watch = openWatch({
    ...{ storage, timeZone: "UTC", every: null },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const on = (endpoint: unknown, guard: string, handler: never) => {
    handlers.set(endpoint, handler);
    guards.add(guard);
  };
  answerReviews({ on } as unknown as Door, { storage, now });
  await storage.transact(async (tx, finish) => {
    const at = now();
    for (const [id, name, roles] of [
      ["esi", "Dr. Esi Osei", "clinician"],
      ["mira", "Mira Thoma", "admin"],
      ["noor", "Noor Rahman", "clinician,admin"],
    ] as const)
      await tx
        .insert(tables.user)
        .values({ id, name, email: `${id}@practice.org`, roles, createdAt: at, updatedAt: at });
    await tx.insert(tables.clinicianKey).values({
      ...{ signer: "0xesi", userId: "esi", recipient: "", binding: "", person: "", voucher: "", device: "" },
      askedAt: at,
    });
    const visit = { clinicianId: "esi", signer: "0xesi", claimHash: "", createdAt: at, linkExpiresAt: at } as const;
    for (const n of [1, 2]) await tx.insert(tables.visit).values({ id: visitId(n), state: "over", ...visit });
    const line = (action: Entry["action"], who: string, n: number) =>
      ({ actor: { is: "staff", id: who }, action, visitId: visitId(n) }) as const;
    return finish(
      [line("visit.created", "esi", 1), line("visit.created", "esi", 2), line("record.read", "liam", 2)],
      undefined,
    );
  });
  await watch.advance();
}, 60_000);
afterAll(async () => {
  await storage.close();
  await rm(folder, { recursive: true });
});

const found = "elsewhere-3";
const lastLine = async () => {
  const [line] = await storage.read.select().from(tables.entry).orderBy(desc(tables.entry.number)).limit(1);
  return line!;
};
const secret = "The locum asked Esi by phone.";

test("every one of these is for admins alone", () => {
  expect([...guards]).toEqual(["admin"]);
  expect(handlers.size).toBe(5);
});

test("a session is given, commented, closed and opened again, each with a line and its hash", async () => {
  const steps: [Step, Entry["action"]][] = [
    [{ is: "assign", to: "noor" }, "review.assigned"],
    [{ is: "comment", text: secret }, "review.commented"],
    [{ is: "close", code: "explained" }, "review.closed"],
    [{ is: "reopen" }, "review.reopened"],
  ];
  for (const [version, [step, action]] of steps.entries()) {
    const review = await take(mira, session, version, step);
    expect(review.version).toBe(version + 1);
    expect(review.steps.every(stepHolds)).toBe(true);
    const line = await lastLine();
    expect(line).toMatchObject({ action, actor: { is: "staff", id: "mira" }, visitId: session, object: session });
    expect(review.steps.at(-1)!.line).toEqual({ number: line.number, step: line.detail.step });
    // What somebody wrote is in no line.
    expect(JSON.stringify(line)).not.toContain(secret);
  }
  expect(await ask(noor, readReview, { about: session })).toMatchObject({
    state: "open",
    assignee: { id: "noor", name: "Noor Rahman" },
    admins: [{ id: "mira" }, { id: "noor" }],
  });
  expect(await lastLine()).toMatchObject({ action: "audit.read", object: session, visitId: session });
});

test("a comment that somebody changed in the database does not hold, nor one that no line tells of", async () => {
  const before = await ask(mira, readReview, { about: session });
  const at = eq(tables.reviewStep.text, secret);
  await storage.keepBooks((tx) => tx.update(tables.reviewStep).set({ text: "All was well." }).where(at));
  const changed = await ask(mira, readReview, { about: session });
  expect(changed.steps.map(stepHolds)).toEqual([true, false, true, true]);
  expect(await wrongSteps(storage.read)).toEqual([{ is: "step", about: session, version: 2 }]);
  await storage.keepBooks((tx) =>
    tx.update(tables.reviewStep).set({ text: secret }).where(eq(tables.reviewStep.text, "All was well.")),
  );
  const { line: _, ...step } = before.steps[1]!;
  const made = { ...step, is: "comment", version: 99 } as const;
  await storage.keepBooks((tx) => tx.insert(tables.reviewStep).values(made));
  const more = await ask(mira, readReview, { about: session });
  expect(more.steps.map(stepHolds)).toEqual([true, true, true, true, false]);
  expect(await wrongSteps(storage.read)).toEqual([{ is: "step", about: session, version: 99 }]);
  await storage.keepBooks((tx) => tx.delete(tables.reviewStep).where(eq(tables.reviewStep.version, 99)));
  expect(await wrongSteps(storage.read)).toEqual([]);
});

test("what was written may be erased with its visit, and not without", async () => {
  const of = eq(tables.reviewStep.text, secret);
  const [kept] = await storage.read.select().from(tables.reviewStep).where(of);
  const mine = and(eq(tables.reviewStep.about, session), eq(tables.reviewStep.version, kept!.version));
  const set = (values: Partial<typeof kept>) =>
    storage.keepBooks((tx) => tx.update(tables.reviewStep).set(values!).where(mine));
  const visitIs = (erasedAt: Date | null) =>
    storage.keepBooks((tx) => tx.update(tables.visit).set({ erasedAt }).where(eq(tables.visit.id, session)));
  await set({ text: null, salt: null });
  expect(await wrongSteps(storage.read)).toEqual([{ is: "step", about: session, version: kept!.version }]);
  await visitIs(new Date());
  expect(await wrongSteps(storage.read)).toEqual([]);
  await visitIs(null);
  await set({ text: secret, salt: kept!.salt });
});

test("a step that was thrown away is missed", async () => {
  const second = eq(tables.reviewStep.version, 2);
  const [row] = await storage.read.select().from(tables.reviewStep).where(second);
  await storage.keepBooks((tx) => tx.delete(tables.reviewStep).where(second));
  expect(await wrongSteps(storage.read)).toEqual([{ is: "step", about: session, version: 2 }]);
  await storage.keepBooks((tx) => tx.insert(tables.reviewStep).values(row!));
});

test("of two admins at once the second is told, and nothing is changed", async () => {
  const { version } = await ask(mira, readReview, { about: session });
  await take(mira, session, version, { is: "comment", text: "Mine came first." });
  const line = await lastLine();
  expect(await refusal(take(noor, session, version, { is: "close", code: "in-order" }))).toBe("review.newer");
  expect(await lastLine()).toEqual(line);
  expect((await ask(mira, readReview, { about: session })).state).toBe("open");
});

test.each<[string, string, Step, string]>([
  ["what nobody opened is not closed", visitId(2), { is: "close", code: "in-order" }, "review.newer"],
  ["what nobody opened is not commented", visitId(2), { is: "comment", text: "a" }, "review.newer"],
  ["what is not closed is not opened again", visitId(2), { is: "reopen" }, "review.newer"],
  ["nobody but an admin is given one", visitId(2), { is: "assign", to: "esi" }, "staff.not-found"],
  ["there is no such session", visitId(9), { is: "assign", to: "mira" }, "visit.not-found"],
  ["there is no such finding", "many-3", { is: "assign", to: "mira" }, "request.not-found"],
  ["a session is not dismissed", visitId(2), { is: "dismiss", code: "expected", times: 1 }, "review.newer"],
  ["what was not dismissed is not taken back", found, { is: "restore" }, "review.newer"],
  ["more has come than was looked at", found, { is: "dismiss", code: "expected", times: 7 }, "review.newer"],
])("%s", async (_, about, step, code) => {
  expect(await refusal(take(mira, about, 0, step))).toBe(code);
});

test("what an admin did themselves another admin dismisses, where there is one", async () => {
  const actor = { is: "staff", id: "mira" } as const;
  const own = { id: "night-4", rule: "night", number: 4, actor, at: "2026-11-20T02:00:00.000Z" } as const;
  await storage.keepBooks((tx) =>
    tx.insert(tables.finding).values({ ...own, until: own.at, times: 1, lines: [4], why: null, visitId: null }),
  );
  const dismiss: Step = { is: "dismiss", code: "expected", times: 1 };
  expect(await refusal(take(mira, own.id, 0, dismiss))).toBe("review.own");
  const rolesAre = (roles: string) =>
    storage.keepBooks((tx) => tx.update(tables.user).set({ roles }).where(eq(tables.user.id, "noor")));
  await rolesAre("clinician");
  await take(mira, own.id, 0, dismiss);
  await rolesAre("admin");
  await take(noor, own.id, 1, { is: "restore" });
  await storage.keepBooks((tx) => tx.delete(tables.finding).where(eq(tables.finding.id, own.id)));
});

test("a dismissal leaves a line, can be taken back, and ends when more comes", async () => {
  const open = () => ask(mira, listFindings, { state: "open" });
  expect((await open()).findings).toMatchObject([
    { id: found, rule: "elsewhere", times: 1, lines: [{ number: 3, visitId: visitId(2) }], dismissal: null },
  ]);
  expect(await ask(mira, readWaiting, {})).toEqual({ unusual: 1, mine: 0 });

  await take(mira, found, 0, { is: "dismiss", code: "agreed", times: 1, text: secret });
  expect(await lastLine()).toMatchObject({ action: "finding.dismissed", object: found, detail: { code: "agreed" } });
  expect((await open()).findings).toEqual([]);
  expect((await ask(mira, listFindings, { state: "dismissed" })).findings).toMatchObject([
    { id: found, dismissal: { by: "mira", code: "agreed", text: secret } },
  ]);

  await take(noor, found, 1, { is: "restore" });
  expect(await lastLine()).toMatchObject({ action: "finding.restored", object: found });
  expect((await open()).findings).toHaveLength(1);

  await take(noor, found, 2, { is: "dismiss", code: "expected", times: 1 });
  expect((await ask(mira, readWaiting, {})).unusual).toBe(0);
  await storage.transact((_, finish) =>
    finish({ actor: { is: "staff", id: "liam" }, action: "file.read", visitId: visitId(2) }, undefined),
  );
  await watch.advance();
  expect((await open()).findings).toMatchObject([{ id: found, times: 2, dismissal: null }]);
});

test("reviews are listed by whose they are and how they stand", async () => {
  await take(mira, found, 3, { is: "assign", to: "mira" });
  const list = async (staff: Staff, which: "mine" | "open" | "closed") =>
    (await ask(staff, listReviews, { which })).reviews.map(({ about, rule, session }) => [
      about,
      rule ?? session?.clinician,
    ]);
  const ofSession = [session, "Dr. Esi Osei"];
  expect(await list(mira, "mine")).toEqual([[found, "elsewhere"]]);
  expect(await list(noor, "mine")).toEqual([ofSession]);
  expect((await list(mira, "open")).sort()).toEqual([ofSession, [found, "elsewhere"]]);
  await take(mira, found, 4, { is: "close", code: "put-right" });
  expect(await list(noor, "closed")).toEqual([[found, "elsewhere"]]);
});

test("what was written of a finding may be erased with any visit that it rests on", async () => {
  const actor = { is: "staff", id: "esi" } as const;
  const many = { id: "many-1", rule: "many", number: 1, actor, at: "2026-11-20T10:00:00.000Z" } as const;
  await storage.keepBooks((tx) =>
    tx.insert(tables.finding).values({ ...many, until: many.at, times: 2, lines: [1, 2], why: null, visitId: session }),
  );
  await take(mira, many.id, 0, { is: "assign", to: "noor" });
  await take(mira, many.id, 1, { is: "comment", text: secret });
  const mine = eq(tables.reviewStep.about, many.id);
  await storage.keepBooks((tx) => tx.update(tables.reviewStep).set({ text: null, salt: null }).where(mine));
  const wrong = async () =>
    (await wrongSteps(storage.read)).filter((one) => one.is === "step" && one.about === many.id);
  expect(await wrong()).toEqual([{ is: "step", about: many.id, version: 2 }]);
  const other = [visitId(1), visitId(2)].find((id) => id !== session)!;
  const erasedAt = (at: Date | null) =>
    storage.keepBooks((tx) => tx.update(tables.visit).set({ erasedAt: at }).where(eq(tables.visit.id, other)));
  await erasedAt(new Date());
  expect(await wrong()).toEqual([]);
});
