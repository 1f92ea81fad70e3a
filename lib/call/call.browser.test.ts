import { beforeEach, expect, test, vi } from "vitest";
import { openCall } from "./call.browser.ts";
import type { Call } from "./call-view.browser.ts";
import { begin } from "./engine.ts";
import { type LegOptions, nothingKnown } from "./leg.browser.ts";
import { type MemberId, sideOf } from "./member.ts";
import type { openSeat } from "./seat.browser.ts";
import { NotPrivate } from "./verified.ts";

/** Every leg that the call opened and has not stopped, and what the call would be told. */
const page = vi.hoisted(() => ({
  legs: new Map<string, { on: LegOptions["on"]; told: unknown[] }>(),
  entered: (() => {}) as Parameters<typeof openSeat>[0]["entered"],
  enter: () => {},
}));
vi.mock("./leg.browser.ts", async (original) => ({
  ...(await original<typeof import("./leg.browser.ts")>()),
  openLeg: ({ them, on }: LegOptions) => {
    const told: unknown[] = [];
    page.legs.set(them, { on, told });
    return {
      view: { member: them, side: sideOf(them), state: begin, remote: null, them: nothingKnown, sends: "full" },
      dispatch: (event: unknown) => told.push(event),
      hear: (...what: unknown[]) => told.push(what),
      say: () => true,
      reach: () => {},
      stop: () => page.legs.delete(them),
    };
  },
}));
vi.mock("./peer.browser.ts", () => ({ makeCertificate: async () => undefined }));
vi.mock("./relays.ts", () => ({ keepRelays: () => ({ now: () => [], given: () => {} }) }));
vi.mock("./seat.browser.ts", () => ({
  openSeat: ({ entered }: Parameters<typeof openSeat>[0]) => {
    page.entered = entered;
    return { refused: () => false, enter: () => page.enter(), leave: () => {} };
  },
}));
beforeEach(() => page.legs.clear());

const visitId = "0".repeat(32);
const maria = "8".repeat(32);
const tom = "9".repeat(32);

function open(me: MemberId, more: Partial<Parameters<typeof openCall>[0]> = {}) {
  const news = new Map<string, (message: object) => void>();
  const ended: NotPrivate[] = [];
  const guests: [MemberId, NotPrivate][] = [];
  const call: Call = openCall({
    visitId,
    me,
    line: {
      on: (event: string, handler: (message: object) => void) => news.set(event, handler) && (() => {}),
    } as never,
    media: { onReplaced: () => () => {}, subscribe: () => () => {} } as never,
    signal: new AbortController().signal,
    vouching: { about: () => undefined } as never,
    onNotPrivate: (found) => ended.push(found),
    onGuestNotPrivate: (...found) => guests.push(found),
    ...more,
  });
  const hears = (event: string, message: object) => news.get(event)?.({ visitId, ...message });
  const present = (member: MemberId) => hears("call:present", { member, present: true, left: false, attempt: 1 });
  return { call, ended, guests, hears, present };
}
const there = () => [...page.legs.keys()];

test("what is wrong between doctor and patient ends the call", () => {
  const { ended, guests } = open("clinician");
  page.legs.get("patient")?.on.notPrivate(new NotPrivate("unsigned"));
  expect(ended).toMatchObject([{ why: "unsigned" }]);
  expect(guests).toEqual([]);
  expect(there()).toEqual([]);
});

test("what is wrong with a guest ends what is between the two, once and for good, and nothing else", () => {
  for (const me of ["clinician", "patient", tom] as const) {
    page.legs.clear();
    const { ended, guests, hears, present } = open(me);
    present(maria);
    const others = there().filter((one) => one !== maria);
    const { on } = page.legs.get(maria) as { on: LegOptions["on"] };
    on.notPrivate(new NotPrivate("unsigned"));
    on.notPrivate(new NotPrivate("unsigned"));
    expect(ended).toEqual([]);
    expect(guests).toMatchObject([[maria, { why: "unsigned" }]]);
    expect(there()).toEqual(others);
    present(maria);
    hears("call:rebuilt", { with: maria, attempt: 2 });
    page.entered({ others: [{ member: maria, attempt: 2 }], left: [], iceServers: [] });
    expect(there()).toEqual(others);
  }
});

test("a guest whom no permission names has no leg, and may be announced again", () => {
  const { ended, guests, present } = open("clinician");
  present(maria);
  page.legs.get(maria)?.on.unnamed();
  expect([there(), ended, guests]).toEqual([["patient"], [], []]);
  present(maria);
  expect(there()).toEqual(["patient", maria]);
});

test("who tells of one checkpoint after the other makes nobody ask the server for each; the others are heard meanwhile", () => {
  const heard: string[] = [];
  const { present } = open("clinician", { onCheckpoint: (note) => heard.push(note) });
  present(maria);
  for (let at = 0; at < 100; at++) page.legs.get(maria)?.on.message({ is: "checkpoint", note: `hers ${at}` });
  page.legs.get("patient")?.on.message({ is: "checkpoint", note: "his" });
  expect(heard).toHaveLength(13);
  expect(heard.at(-1)).toBe("his");
});

test("who was dropped is not heard again, whatever the server says; the other of the two keeps their place", () => {
  const { call, hears, present } = open("patient");
  call.drop("clinician");
  const told = page.legs.get("clinician")?.told ?? [];
  expect(told).toEqual([{ type: "left" }]);
  present("clinician");
  hears("call:rebuilt", { with: "clinician", attempt: 2 });
  hears("call:signalled", { from: "clinician", attempt: 2, data: {} });
  expect(told).toEqual([{ type: "left" }]);
  page.entered({ others: [{ member: "clinician", attempt: 2 }], left: [], iceServers: [] });
  expect(told).toMatchObject([{ type: "left" }, { type: "entered", present: false }]);
});

test("who was dropped and is wanted again is asked for anew, and heard again; who was never dropped is not", () => {
  const { call, present } = open("patient");
  const enter = vi.spyOn(page, "enter");
  call.restore("clinician");
  expect(enter).not.toHaveBeenCalled();
  call.drop("clinician");
  call.restore("clinician");
  expect(enter).toHaveBeenCalledOnce();
  present("clinician");
  expect(page.legs.get("clinician")?.told.at(-1)).toEqual({ type: "present", present: true, attempt: 1 });
});

test("nothing of a file goes out before it is prepared, a photo that was asked for included, and all in their order", async () => {
  const prepared = new Map<string, (made: { file: File }) => void>();
  const prepare = (file: File) => new Promise<{ file: File }>((made) => prepared.set(file.name, made));
  const { call } = open("patient", { prepare });
  const named = (name: string) => new File(["taken in Porto"], name);
  const sent = () => call.getSnapshot().files.map(({ name }) => name);
  page.legs.get("clinician")?.on.message({ is: "photo:asked" });
  call.sendFile(named("first"));
  call.answerPhoto(named("photo"));
  prepared.get("photo")?.({ file: named("plain photo") });
  await Promise.resolve();
  expect(sent()).toEqual([]);
  prepared.get("first")?.({ file: named("plain first") });
  await vi.waitFor(() => expect(sent()).toEqual(["plain first", "plain photo"]));
});

test("a file that can't be prepared is not sent, and holds up no other", async () => {
  const prepare = async (file: File) => (file.name === "broken" ? Promise.reject(new Error("broken")) : { file });
  const { call } = open("patient", { prepare });
  for (const name of ["broken", "whole"]) call.sendFile(new File(["x"], name));
  await vi.waitFor(() => expect(call.getSnapshot().files.map(({ name }) => name)).toEqual(["whole"]));
});
