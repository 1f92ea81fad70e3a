import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ask, heard, up, visits, type World, world } from "./people.fixture.ts";

let w: World;
beforeEach(async () => {
  w = await world();
});
afterEach(() => w.close());

const enter = { visitId: visits.ana, with: [] };
const holding = (member: string, attempt: number) => ({
  visitId: visits.ana,
  with: [{ member, attempt, holding: true }],
});
const candidate = {
  type: "candidate",
  candidate: { candidate: "candidate:1 1 udp 1 127.0.0.1 9 typ host", sdpMid: "0", sdpMLineIndex: 0 },
};
const signal = { visitId: visits.ana, to: "patient", attempt: 1, data: candidate };
const back = { ...signal, to: "clinician" };

async function call() {
  const osei = w.connect("osei");
  const ana = w.connect("ana", { visitId: visits.ana });
  await Promise.all([up(osei), up(ana)]);
  const first = await ask(osei, "call:enter", enter);
  const present = heard(osei, "call:present");
  const second = await ask(ana, "call:enter", enter);
  return { osei, ana, first, second, present: (await present) as unknown };
}

test("two members of a call hear each other's signals, and the server says who spoke", async () => {
  const { osei, ana, first, second, present } = await call();
  expect(first.value).toMatchObject({ others: [] });
  expect(second.value).toEqual({
    others: [{ member: "clinician", attempt: 1 }],
    left: [],
    iceServers: [{ urls: ["stun:stun.clinic.test"] }],
  });
  expect(present).toEqual({ visitId: visits.ana, member: "patient", present: true, left: false, attempt: 1 });
  const arrived = heard(ana, "call:signalled");
  expect(await ask(osei, "call:signal", signal)).toEqual({ ok: true, value: {} });
  expect(await arrived).toEqual({ visitId: visits.ana, from: "clinician", attempt: 1, data: candidate });
  const answered = heard(osei, "call:signalled");
  await ask(ana, "call:signal", { ...back, proof: "0xab" });
  expect(await answered).toMatchObject({ from: "patient", proof: "0xab" });
  expect(w.trail).toEqual(["osei entered", "ana entered"]);
});

describe("T-S1 who may ask what of which visit", () => {
  const events = {
    "visit:watch": (visitId: string) => ({ visitId }),
    "call:enter": (visitId: string) => ({ ...enter, visitId }),
    "call:signal": (visitId: string) => ({ ...signal, visitId }),
    "call:rebuild": (visitId: string) => ({ visitId, with: "patient", attempt: 1 }),
    "call:relays": (visitId: string) => ({ visitId }),
    "call:leave": (visitId: string) => ({ visitId }),
  };
  test.each(["osei", "lind", "ana", "ben", "eva", "gil", "gus"])(
    "%s learns nothing of another's visit: foreign, missing and ended are the same answer",
    async (name) => {
      const socket = w.connect(name, ["ana", "gil", "gus"].includes(name) ? { visitId: visits.ana } : {});
      await up(socket);
      const mine = {
        osei: ["ana", "ended"],
        lind: ["ben"],
        ana: ["ana"],
        ben: ["ben"],
        eva: ["ended"],
        gil: ["ana"],
        gus: ["ana"],
      }[name] as string[];
      for (const [event, message] of Object.entries(events)) {
        for (const [visit, id] of Object.entries(visits)) {
          const answer = await ask(socket, event, message(id));
          if (mine.includes(visit)) expect(answer.code, `${event} ${visit}`).not.toBe("visit.not-found");
          else expect(JSON.stringify(answer), `${event} ${visit}`).toBe('{"ok":false,"code":"visit.not-found"}');
        }
      }
    },
  );
  test("what a guest may ask is what a member of the call may, and nothing while the patient has not said yes", async () => {
    const all = { visitId: visits.ana };
    for (const [name, allowed] of [
      ["gil", true],
      ["gus", false],
    ] as const) {
      const socket = w.connect(name, all);
      await up(socket);
      const codes: Record<string, unknown> = {};
      for (const [event, message] of Object.entries(events)) {
        const answer = await ask(socket, event, message(visits.ana));
        codes[event] = answer.ok ? "ok" : answer.code;
      }
      const refused = "consent.not-live";
      expect(codes, name).toEqual({
        "visit:watch": "ok",
        "call:enter": allowed ? "ok" : refused,
        "call:signal": allowed ? "ok" : refused,
        // There is nobody else in the call to build anew with.
        "call:rebuild": allowed ? "visit.wrong-state" : refused,
        "call:relays": allowed ? "ok" : refused,
        "call:leave": "ok",
      });
      expect(await ask(socket, "visits:watch", {})).toEqual({ ok: false, code: "auth.not-allowed" });
    }
  });
  test("nobody without a session gets a socket", async () => {
    await expect(up(w.connect(undefined))).rejects.toMatchObject({ data: { code: "auth.needed" } });
    await expect(up(w.connect("__proto__"))).rejects.toThrow();
  });
  test("a patient does not hear news of all visits", async () => {
    const ana = w.connect("ana", { visitId: visits.ana });
    await up(ana);
    expect(await ask(ana, "visits:watch", {})).toEqual({ ok: false, code: "auth.not-allowed" });
  });
  test("a burst of signals costs one read of the database", async () => {
    const { osei } = await call();
    const before = w.reads;
    for (let i = 0; i < 10; i++) await ask(osei, "call:signal", signal);
    expect(w.reads - before).toBeLessThanOrEqual(1);
  });
});

test("who is let in costs no read any more when they enter", async () => {
  const osei = w.connect("osei");
  const ana = w.connect("ana", { visitId: visits.ana });
  await Promise.all([up(osei), up(ana)]);
  await ask(osei, "visits:watch", {});
  await ask(ana, "visit:watch", { visitId: visits.ana });
  const told = heard(ana, "visit:changed");
  w.signaling.news.visitChanged(visits.ana, "osei", "in-call");
  await told;
  const before = w.reads;
  expect((await ask(osei, "call:enter", enter)).ok).toBe(true);
  expect((await ask(ana, "call:enter", enter)).ok).toBe(true);
  expect(w.reads).toBe(before);
});

describe("who is refused, and how", () => {
  test.each([
    ["T-S3 once the consent is not live", { consentLive: false }, "consent.not-live"],
    ["before the doctor admitted", { admitted: false, state: "waiting" as const }, "visit.wrong-state"],
    ["after the visit is over", { state: "over" as const }, "visit.over"],
  ])("no one enters %s", async (_, change, code) => {
    Object.assign(w.rows.get(visits.ana) as object, change);
    for (const name of ["osei", "ana"]) {
      const socket = w.connect(name);
      await up(socket);
      expect(await ask(socket, "call:enter", enter)).toEqual({ ok: false, code });
      expect((await ask(socket, "call:signal", signal)).ok).toBe(false);
    }
  });
  test("T-S2 a forged sender is refused, not believed", async () => {
    const { osei, ana } = await call();
    const got: unknown[] = [];
    ana.on("call:signalled", (m) => got.push(m));
    for (const forged of [
      { ...signal, from: "patient" },
      { ...signal, to: ["patient"] },
      { ...signal, to: "__proto__" },
      { ...signal, to: `patient ${visits.ben}` },
      JSON.parse(
        `{"__proto__":{"side":"patient"},"visitId":"${visits.ana}","to":"patient","attempt":1,"data":{"type":"renegotiate","renegotiate":true},"constructor":1}`,
      ),
    ]) {
      expect(await ask(osei, "call:signal", forged)).toEqual({ ok: false, code: "request.malformed" });
    }
    for (const visitId of [[visits.ana], "__proto__", "constructor", `${visits.ana} `, null, { toString: 1 }]) {
      expect(await ask(osei, "call:enter", { ...enter, visitId })).toEqual({ ok: false, code: "request.malformed" });
    }
    await ask(osei, "line:probe", {});
    expect(got).toEqual([]);
  });
  test("only who sits in the call may signal", async () => {
    const { osei } = await call();
    const elsewhere = w.connect("osei");
    await up(elsewhere);
    expect(await ask(elsewhere, "call:signal", signal)).toEqual({ ok: false, code: "visit.wrong-state" });
    expect((await ask(osei, "call:signal", signal)).ok).toBe(true);
  });
  test.each([
    ["nothing", undefined],
    ["a number", 7],
    ["an array", []],
    ["half a message", { visitId: visits.ana }],
    ["a description that is too long", { ...signal, data: { type: "offer", sdp: "x".repeat(32_769) } }],
    [
      "a candidate that is too long",
      { ...signal, data: { type: "candidate", candidate: { candidate: "x".repeat(1_025) } } },
    ],
    ["another kind of signal", { ...signal, data: { type: "evil" } }],
    ["a fraction of an attempt", { ...signal, attempt: 0.5 }],
  ])("T-S5 %s is answered request.malformed and the process lives", async (_, message) => {
    const { osei } = await call();
    expect(await ask(osei, "call:signal", message)).toEqual({ ok: false, code: "request.malformed" });
    expect((await ask(osei, "call:signal", signal)).ok).toBe(true);
    expect(w.broke).toEqual([]);
  });
  test("a bug is answered server.broke and written down", async () => {
    const { osei } = await call();
    w.signaling.forget(visits.ana);
    const broken = {
      get clinicianId(): string {
        throw new Error("database");
      },
    };
    w.rows.set(visits.ana, broken as never);
    expect(await ask(osei, "call:signal", signal)).toEqual({ ok: false, code: "server.broke" });
    expect(w.broke).toHaveLength(1);
  });
});

describe("revocation", () => {
  test("T-S3 both are told and neither can signal any more, nor come back", async () => {
    const { osei, ana } = await call();
    const told = Promise.all([heard(osei, "consent:revoked"), heard(ana, "consent:revoked")]);
    Object.assign(w.rows.get(visits.ana) as object, { consentLive: false });
    w.signaling.news.consentRevoked(visits.ana);
    expect(await told).toEqual([{ visitId: visits.ana }, { visitId: visits.ana }]);
    for (const socket of [osei, ana]) {
      expect(await ask(socket, "call:signal", signal)).toEqual({ ok: false, code: "consent.not-live" });
      expect(await ask(socket, "call:enter", enter)).toEqual({ ok: false, code: "consent.not-live" });
    }
    expect(w.trail).toEqual(["osei entered", "ana entered", "osei left", "ana left"]);
  });
  test("T-S3 a revocation nobody announced still ends the call within the second that membership is remembered", async () => {
    const { osei } = await call();
    Object.assign(w.rows.get(visits.ana) as object, { consentLive: false });
    await expect
      .poll(async () => (await ask(osei, "call:signal", signal)).code, { timeout: 2_000, interval: 150 })
      .toBe("consent.not-live");
  });
});

describe("T-S3 a revocation while someone's line is down", () => {
  test("is what they meet when they come back, a hundred times of a hundred", async () => {
    const { osei, ana } = await call();
    ana.disconnect();
    Object.assign(w.rows.get(visits.ana) as object, { consentLive: false });
    const told = heard(osei, "consent:revoked");
    w.signaling.news.consentRevoked(visits.ana);
    await told;
    const again = w.connect("ana", { visitId: visits.ana });
    await up(again);
    for (let i = 0; i < 100; i++) {
      expect(await ask(again, "call:enter", holding("clinician", 1))).toEqual({ ok: false, code: "consent.not-live" });
    }
  });
});

describe("T-S7 nobody joins in silence", () => {
  test("the same person on another device takes the seat, and the first is told", async () => {
    const { ana, osei } = await call();
    const phone = w.connect("ana", { visitId: visits.ana });
    await up(phone);
    const replaced = heard(ana, "call:replaced");
    const present = heard(osei, "call:present");
    expect((await ask(phone, "call:enter", enter)).value.others).toEqual([{ member: "clinician", attempt: 2 }]);
    expect(await replaced).toEqual({ visitId: visits.ana });
    expect(await present).toMatchObject({ member: "patient", present: true, attempt: 2 });
    expect(await ask(ana, "call:signal", { ...back, attempt: 2 })).toEqual({ ok: false, code: "visit.wrong-state" });
  });
  test("leaving is shown to the other side and written on the trail", async () => {
    const { ana, osei } = await call();
    const gone = heard(osei, "call:present");
    await ask(ana, "call:leave", { visitId: visits.ana });
    expect(await gone).toMatchObject({ member: "patient", present: false, left: true });
    expect(w.trail).toContain("ana left");
  });
  test("a socket that drops and comes back with its peer alive changes nothing for the call", async () => {
    const { ana, osei } = await call();
    const gone = heard(osei, "call:present");
    ana.disconnect();
    expect(await gone).toMatchObject({ present: false, left: false });
    const again = w.connect("ana", { visitId: visits.ana });
    await up(again);
    expect((await ask(again, "call:enter", holding("clinician", 1))).value.others).toEqual([
      { member: "clinician", attempt: 1 },
    ]);
    expect(w.trail).toEqual(["osei entered", "ana entered"]);
  });
  test("a page's new socket takes the place of its lost one without being shown as another device", async () => {
    const instance = "f".repeat(32);
    const lost = w.connect("ana", { visitId: visits.ana, instance });
    await up(lost);
    await ask(lost, "call:enter", enter);
    let replaced = 0;
    lost.on("call:replaced", () => {
      replaced += 1;
    });
    const closed = heard(lost, "disconnect");
    const again = w.connect("ana", { visitId: visits.ana, instance });
    await up(again);
    await closed;
    expect((await ask(again, "call:enter", holding("clinician", 0))).ok).toBe(true);
    expect(replaced).toBe(0);
  });
});

test("both ask for a new peer at once and are told the same number, once", async () => {
  const { ana, osei } = await call();
  const told: number[] = [];
  osei.on("call:rebuilt", (m: { attempt: number }) => told.push(m.attempt));
  const answers = await Promise.all([
    ask(osei, "call:rebuild", { visitId: visits.ana, with: "patient", attempt: 1 }),
    ask(ana, "call:rebuild", { visitId: visits.ana, with: "clinician", attempt: 1 }),
  ]);
  expect(answers.map((a) => a.value.attempt)).toEqual([2, 2]);
  await ask(osei, "line:probe", {});
  expect(told).toEqual([2]);
});

test("a server that forgot the call goes on from the number the pages still hold", async () => {
  const osei = w.connect("osei");
  const ana = w.connect("ana", { visitId: visits.ana });
  await Promise.all([up(osei), up(ana)]);
  expect((await ask(osei, "call:enter", holding("patient", 5))).value.others).toEqual([]);
  const present = heard(osei, "call:present");
  expect((await ask(ana, "call:enter", holding("clinician", 5))).value.others).toEqual([
    { member: "clinician", attempt: 5 },
  ]);
  expect(await present).toMatchObject({ member: "patient", attempt: 5 });
});

test("news reach the doctor who watches all visits and the patient who watches one, nobody else, once", async () => {
  const [osei, lind, ana] = [w.connect("osei"), w.connect("lind"), w.connect("ana")];
  await Promise.all([up(osei), up(lind), up(ana)]);
  const got: string[] = [];
  for (const [name, socket] of Object.entries({ osei, lind, ana })) socket.on("visit:changed", () => got.push(name));
  await ask(osei, "visits:watch", {});
  await ask(osei, "visit:watch", { visitId: visits.ana });
  await ask(lind, "visits:watch", {});
  expect(await ask(ana, "visit:watch", { visitId: visits.ana })).toEqual({ ok: true, value: { state: "in-call" } });
  w.signaling.news.visitChanged(visits.ana, "osei", "over");
  await Promise.all([osei, lind, ana].map((socket) => ask(socket, "line:probe", {})));
  expect(got.sort()).toEqual(["ana", "osei"]);
});
