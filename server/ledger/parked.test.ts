import { rm } from "node:fs/promises";
import { desc, eq, inArray } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type * as z from "zod/mini";
import type { Staff } from "../../lib/auth/person.ts";
import { listParked, retryParked } from "../../lib/ledger/api.ts";
import { mira } from "../admin.fixture.ts";
import type { Door } from "../http.ts";
import { act as acts, entry } from "../storage/schema.ts";
import { answerLedger } from "./answer.ts";
import { enroll, grant, type House, openHouse, person, record } from "./ledger.fixture.ts";

let house: House;
/** What the door would call, by path, after it made sure who asks. */
const handlers = new Map<string, (asked: unknown, staff: Staff) => Promise<unknown>>();
const guards = new Map<string, string>();
const list = async () => listParked.answer.parse(await handlers.get(listParked.path)!({}, mira));
const retry = (id: string) => handlers.get(retryParked.path)!({ id } satisfies z.infer<typeof retryParked.ask>, mira);

beforeAll(async () => {
  house = await openHouse();
  const on = (
    endpoint: { path: string },
    guard: string,
    handler: (asked: unknown, staff: Staff) => Promise<unknown>,
  ) => {
    handlers.set(endpoint.path, handler);
    guards.set(endpoint.path, guard);
  };
  answerLedger({ on, raw: () => undefined } as unknown as Door, house);
}, 60_000);
afterAll(async () => {
  await house.close();
  await rm(house.folder, { recursive: true, force: true });
});

test("what the ledger refused is told newest first with its reason, and tried again goes through once the reason is gone", async () => {
  const [ana, doctor] = [person(), person()];
  const { about } = house.ledger;
  const given = grant(about, ana, doctor);
  await house.queue([given, record(about, given, doctor, 1, "session-start"), record(about, given, doctor, 2)]);
  await house.ledger.whenIdle();
  const { acts: refused, more } = await list();
  expect(more).toBe(false);
  expect(refused.map(({ kind, recordKind, reason }) => [kind, recordKind, reason])).toEqual([
    ["record", "prescription", "NumberLeavesGap"],
    ["record", "session-start", "ClinicianIsNotEnrolled"],
  ]);

  await house.queue([enroll(doctor)]);
  await house.ledger.whenIdle();
  for (const { id } of refused.toReversed()) {
    await retry(id);
    const row = async () => (await house.storage.read.select().from(acts).where(eq(acts.id, id)))[0];
    // By itself: nothing but trying again wakes the outbox.
    await expect.poll(row, { timeout: 10_000 }).toMatchObject({ state: "final", reason: null });
  }
  expect((await list()).acts).toEqual([]);
});

test("a record of no known kind is told without one, and the others with theirs", async () => {
  const [ana, doctor] = [person(), person()];
  const { about } = house.ledger;
  const given = grant(about, ana, doctor);
  const strange = record(about, given, doctor, 2);
  const ids = await house.queue([
    ...[given, record(about, given, doctor, 1)],
    { ...strange, entry: { ...strange.entry, kind: 99 } },
  ]);
  await house.ledger.whenIdle();
  const { acts: told } = await list();
  const kindsOf = (some: string[]) => some.map((id) => told.find((act) => act.id === id)?.recordKind);
  expect(kindsOf(ids.slice(1))).toEqual(["prescription", null]);
  await house.storage.keepBooks((tx) => tx.delete(acts).where(inArray(acts.id, ids)));
});

test("trying again leaves a line with who did it; what is not parked is refused and leaves none", async () => {
  const [ana, doctor] = [person(), person()];
  const given = grant(house.ledger.about, ana, doctor);
  const [, id = ""] = await house.queue([given, record(house.ledger.about, given, doctor, 1)]);
  await house.ledger.whenIdle();
  await retry(id);
  const line = async () => (await house.storage.read.select().from(entry).orderBy(desc(entry.number)).limit(1))[0];
  const told = await line();
  expect(told).toMatchObject({
    action: "act.retried",
    actor: { is: "staff", id: "mira" },
    detail: { kind: "record", reason: "ClinicianIsNotEnrolled" },
  });
  await expect(retry("nothing of this name")).rejects.toThrow("act.not-parked");
  expect(await line()).toEqual(told);
  await house.ledger.whenIdle();
  expect((await list()).acts).toMatchObject([{ id, reason: "ClinicianIsNotEnrolled" }]);
});

test("both are for admins and for nobody else", () => {
  expect([guards.get(listParked.path), guards.get(retryParked.path)]).toEqual(["admin", "admin"]);
});
