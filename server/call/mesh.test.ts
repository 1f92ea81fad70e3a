import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ask, guests, heard, up, visits, type World, world } from "./people.fixture.ts";

let w: World;
beforeEach(async () => {
  w = await world();
});
afterEach(() => w.close());

const enter = { visitId: visits.ana, with: [] as object[] };
const data = { type: "renegotiate", renegotiate: true };
type Present = { member: string; present: boolean; left: boolean; attempt: number };

async function here(name: string, more: { instance?: string } = {}) {
  const socket = w.connect(name, { ...(name === "osei" ? {} : { visitId: visits.ana }), ...more });
  await up(socket);
  const news: Present[] = [];
  socket.on("call:present", (m: Present) => news.push(m));
  const answer = await ask(socket, "call:enter", enter);
  return { socket, news, answer };
}
/** Everything the server said before has been heard. */
const settled = (...all: { socket: Parameters<typeof ask>[0] }[]) =>
  Promise.all(all.map(({ socket }) => ask(socket, "line:probe", {})));

test("a third person is announced to both with a number for each pair, and learns of both", async () => {
  const osei = await here("osei");
  const ana = await here("ana");
  await ask(osei.socket, "call:rebuild", { visitId: visits.ana, with: "patient", attempt: 1 });
  const gil = await here("gil");
  await settled(osei, ana);
  expect(gil.answer.value.others).toEqual([
    { member: "clinician", attempt: 1 },
    { member: "patient", attempt: 1 },
  ]);
  const announced = { visitId: visits.ana, member: guests.gil, present: true, left: false, attempt: 1 };
  expect(osei.news.at(-1)).toEqual(announced);
  expect(ana.news).toEqual([announced]);
});

test("a signal reaches the member it is for, nobody else, and says who spoke", async () => {
  const all = [await here("osei"), await here("ana"), await here("gil")] as const;
  const [osei, , gil] = all;
  const got: unknown[] = [];
  for (const [i, { socket }] of all.entries()) socket.on("call:signalled", (m) => got.push([i, m]));
  await ask(gil.socket, "call:signal", { visitId: visits.ana, to: "patient", attempt: 1, data });
  // To oneself, to nobody, and under a number of another pair.
  for (const to of [guests.gil, guests.gwen]) {
    await ask(gil.socket, "call:signal", { visitId: visits.ana, to, attempt: 1, data });
  }
  await ask(osei.socket, "call:rebuild", { visitId: visits.ana, with: guests.gil, attempt: 1 });
  await ask(osei.socket, "call:signal", { visitId: visits.ana, to: "patient", attempt: 2, data });
  await settled(...all);
  expect(got).toEqual([[1, { visitId: visits.ana, from: guests.gil, attempt: 1, data }]]);
});

test("a pair that builds anew leaves the other pairs alone", async () => {
  const all = [await here("osei"), await here("ana"), await here("gil")] as const;
  const told: unknown[] = [];
  for (const [i, { socket }] of all.entries()) socket.on("call:rebuilt", (m) => told.push([i, m]));
  const [, ana, gil] = all;
  expect((await ask(gil.socket, "call:rebuild", { visitId: visits.ana, with: "patient", attempt: 1 })).value).toEqual({
    attempt: 2,
  });
  await settled(...all);
  expect(told.sort()).toEqual([
    [1, { visitId: visits.ana, with: guests.gil, attempt: 2 }],
    [2, { visitId: visits.ana, with: "patient", attempt: 2 }],
  ]);
  expect(await ask(ana.socket, "call:rebuild", { visitId: visits.ana, with: "patient", attempt: 1 })).toEqual({
    ok: false,
    code: "visit.wrong-state",
  });
});

test("however often one asks, a pair builds anew once a second, and each question has its answer", async () => {
  const [ana, gil] = [await here("ana"), await here("gil")];
  const told: number[] = [];
  ana.socket.on("call:rebuilt", ({ attempt }: { attempt: number }) => told.push(attempt));
  const rebuild = (attempt: number) =>
    ask(gil.socket, "call:rebuild", { visitId: visits.ana, with: "patient", attempt });
  expect((await rebuild(1)).value).toEqual({ attempt: 2 });
  const began = performance.now();
  const answers = await Promise.all([2, 2, 99, 2, 99].map(rebuild));
  expect(performance.now() - began).toBeGreaterThan(500);
  for (const answer of answers) expect(answer.value).toEqual({ attempt: 3 });
  await settled(ana);
  expect(told).toEqual([2, 3]);
});

describe("T-S7 nobody is in the room unseen", () => {
  test("a guest whom the patient has not allowed does not get in, and is announced to nobody", async () => {
    const osei = await here("osei");
    const gus = await here("gus");
    expect(gus.answer).toEqual({ ok: false, code: "consent.not-live" });
    expect(
      (await ask(gus.socket, "call:signal", { visitId: visits.ana, to: "clinician", attempt: 1, data })).code,
    ).toBe("consent.not-live");
    await settled(osei);
    expect(osei.news).toEqual([]);
    expect(w.trail).toEqual(["osei entered"]);
  });
  test("who asks again and again costs one read a second, and nobody else’s answers are read anew", async () => {
    const ana = await here("ana");
    const gus = await here("gus");
    const before = w.reads;
    for (let asked = 0; asked < 15; asked++) {
      expect((await ask(gus.socket, "call:enter", enter)).code).toBe("consent.not-live");
      expect((await ask(ana.socket, "visit:watch", { visitId: visits.ana })).ok).toBe(true);
    }
    expect(w.reads - before).toBeLessThan(5);
  });
  test("four sit in a call, and a fifth is told that there is no place, also when the doctor is away", async () => {
    w.allowed.add(guests.gus);
    const [gil] = [await here("gil"), await here("gwen")];
    expect((await here("gus")).answer).toEqual({ ok: false, code: "call.full" });
    for (const name of ["osei", "ana"]) expect((await here(name)).answer.ok).toBe(true);
    expect((await here("gus")).answer).toEqual({ ok: false, code: "call.full" });
    await ask(gil.socket, "call:leave", { visitId: visits.ana });
    expect((await here("gus")).answer.value.others).toHaveLength(3);
  });
  test("T-S3 a guest taken out is gone at once, everyone is told, and the others go on", async () => {
    const [osei, ana, gil] = [await here("osei"), await here("ana"), await here("gil")];
    const told = heard(gil.socket, "consent:revoked");
    const ended: string[] = [];
    ana.socket.on("consent:revoked", () => ended.push("ana"));
    w.allowed.delete(guests.gil);
    w.signaling.removeGuest(visits.ana, guests.gil);
    expect(await told).toEqual({ visitId: visits.ana });
    await settled(osei, ana);
    for (const { news } of [osei, ana]) {
      expect(news.at(-1)).toMatchObject({ member: guests.gil, present: false, left: true });
    }
    expect(await ask(gil.socket, "call:enter", enter)).toEqual({ ok: false, code: "consent.not-live" });
    const signal = { visitId: visits.ana, to: "patient", attempt: 1, data };
    expect((await ask(osei.socket, "call:signal", signal)).ok).toBe(true);
    expect(ended).toEqual([]);
  });
  test("T-S3 a guest whose consent ended unannounced is out with their next word", async () => {
    const [ana, gil] = [await here("ana"), await here("gil")];
    w.allowed.delete(guests.gil);
    await expect
      .poll(
        async () =>
          (await ask(gil.socket, "call:signal", { visitId: visits.ana, to: "patient", attempt: 1, data })).code,
        {
          timeout: 2_000,
          interval: 150,
        },
      )
      .toBe("consent.not-live");
    await settled(ana);
    expect(ana.news.at(-1)).toMatchObject({ member: guests.gil, left: true });
  });
  test("a guest who is taken out while their line is down is out for everyone, also for who hears it later", async () => {
    const [osei, ana, gil] = [await here("osei"), await here("ana"), await here("gil")];
    gil.socket.disconnect();
    await expect.poll(() => ana.news.at(-1)?.present).toBe(false);
    osei.socket.disconnect();
    w.allowed.delete(guests.gil);
    w.signaling.removeGuest(visits.ana, guests.gil);
    await settled(ana);
    expect(ana.news).toContainEqual({
      visitId: visits.ana,
      member: guests.gil,
      present: false,
      left: true,
      attempt: 1,
    });
    const again = w.connect("osei");
    await up(again);
    const page = ["patient", guests.gil].map((member) => ({ member, attempt: 1, holding: true }));
    expect((await ask(again, "call:enter", { ...enter, with: page })).value).toMatchObject({
      others: [{ member: "patient", attempt: 1 }],
      left: [guests.gil],
    });
  });
  test("T-S3 whose permission runs out is out within seconds, though nobody says a word", async () => {
    const row = w.rows.get(visits.ana)!;
    w.rows.set(visits.ana, { ...row, until: Date.now() });
    const [osei, ana, gil] = [await here("osei"), await here("ana"), await here("gil")];
    const out = heard(gil.socket, "consent:revoked");
    w.allowed.delete(guests.gil);
    expect(await out).toEqual({ visitId: visits.ana });
    await settled(osei, ana);
    for (const { news } of [osei, ana]) expect(news.at(-1)).toMatchObject({ member: guests.gil, left: true });
    expect(w.trail).not.toContain("ana left");
    const over = Promise.all([heard(osei.socket, "consent:revoked"), heard(ana.socket, "consent:revoked")]);
    w.rows.set(visits.ana, { ...row, consentLive: false });
    await over;
    expect(w.trail.slice(-2).sort()).toEqual(["ana left", "osei left"]);
  }, 15_000);
  test("a revocation of the visit ends the call for the guest as well", async () => {
    const gil = await here("gil");
    const told = heard(gil.socket, "consent:revoked");
    w.signaling.news.consentRevoked(visits.ana);
    await told;
  });
  test("records and questions are not told to guests", async () => {
    const [ana, gil] = [await here("ana"), await here("gil")];
    const got: string[] = [];
    gil.socket.onAny((event: string) => got.push(event));
    const record = heard(ana.socket, "record:moved");
    w.signaling.news.askChanged(visits.ana, "1", "open");
    w.signaling.news.recordMoved(visits.ana, "1", "saved");
    await record;
    await settled(gil);
    expect(got).toEqual([]);
  });
});
