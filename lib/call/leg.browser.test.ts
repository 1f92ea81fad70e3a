import { beforeEach, expect, test, vi } from "vitest";
import { type LegOptions, openLeg } from "./leg.browser.ts";
import type { openPeer } from "./peer.browser.ts";
import type { SignalData } from "./protocol.ts";
import { NotPrivate, Unnamed } from "./verified.ts";

/** What reached the connection, and what the connection would tell. */
const connection = vi.hoisted(() => ({
  heard: [] as unknown[],
  told: undefined as Parameters<typeof openPeer>[0]["on"] | undefined,
}));
vi.mock("./peer.browser.ts", () => ({
  openPeer: ({ on }: Parameters<typeof openPeer>[0]) => {
    connection.told = on;
    return { hear: (data: unknown) => connection.heard.push(data) };
  },
}));
beforeEach(() => {
  connection.heard = [];
});

const offer: SignalData = { type: "offer", sdp: "v=0" };
const candidate: SignalData = { type: "candidate", candidate: { candidate: "a", sdpMid: "0" } };

/** Ana's leg with the doctor, whose peer of attempt 1 is built. */
async function leg(vouching: Partial<LegOptions["vouching"]>) {
  const asked: unknown[][] = [];
  const found: NotPrivate[] = [];
  const unnamed = vi.fn();
  const made = openLeg({
    visitId: "0".repeat(32),
    me: "patient",
    them: "clinician",
    line: {
      ask: (...what: unknown[]) => {
        asked.push(what);
        return new Promise(() => {}); // no answer comes
      },
      probe: () => new Promise(() => {}),
    } as unknown as LegOptions["line"],
    media: { outgoing: {} } as LegOptions["media"],
    certificate: Promise.resolve(undefined),
    iceServers: () => [],
    vouching: {
      vouch: async () => "signed",
      check: async () => {},
      confirm: async () => {},
      about: () => undefined,
      ...vouching,
    },
    on: {
      changed: () => {},
      opened: () => {},
      closed: () => {},
      message: () => {},
      piece: () => {},
      refused: () => false,
      notPrivate: (what) => found.push(what),
      unnamed,
      leave: () => {},
    },
  });
  made.dispatch({ type: "entered", present: true, attempt: 1 });
  await settled();
  return { made, asked, found, unnamed };
}
const settled = () => new Promise(setImmediate);

test("a description that was not signed for us never reaches the connection, nor what comes after it", async () => {
  const { made, found } = await leg({ check: () => Promise.reject(new NotPrivate("fingerprint")) });
  made.hear(1, offer, "theirs");
  made.hear(1, candidate, undefined);
  await settled();
  expect(connection.heard).toEqual([]);
  expect(found).toMatchObject([{ why: "fingerprint" }]);
});

test("a description waits for its check, and candidates wait behind it", async () => {
  let good = () => {};
  const checked = new Promise<void>((resolve) => {
    good = resolve;
  });
  const { made, found } = await leg({ check: () => checked });
  made.hear(1, offer, "theirs");
  made.hear(1, candidate, undefined);
  await settled();
  expect(connection.heard).toEqual([]);
  good();
  await settled();
  expect(connection.heard).toEqual([offer, candidate]);
  expect(found).toEqual([]);
});

test("what could not be checked is not used either, and accuses nobody", async () => {
  const { made, asked, found } = await leg({ check: () => Promise.reject(new Error("no answer")) });
  made.hear(1, offer, "theirs");
  await settled();
  expect(connection.heard).toEqual([]);
  expect(found).toEqual([]);
  expect(asked.map(([event]) => event)).toEqual(["call:rebuild"]);
});

test("nothing of ours leaves unsigned, and nothing to someone whom no permission names", async () => {
  const { asked } = await leg({});
  connection.told?.signal(offer);
  connection.told?.signal(candidate);
  await settled();
  expect(asked).toMatchObject([
    ["call:signal", { data: offer, proof: "signed" }],
    ["call:signal", { data: candidate }],
  ]);
  expect(asked[1]?.[1]).not.toHaveProperty("proof");
  const stranger = await leg({ vouch: () => Promise.reject(new NotPrivate("not-theirs")) });
  connection.told?.signal(offer);
  await settled();
  expect(stranger.asked).toEqual([]);
  expect(stranger.found).toMatchObject([{ why: "not-theirs" }]);
});

test("whom no permission names is nobody to connect with, and accuses nobody", async () => {
  const { made, asked, found, unnamed } = await leg({ check: () => Promise.reject(new Unnamed()) });
  made.hear(1, offer, "theirs");
  made.hear(1, candidate, undefined);
  await settled();
  expect(connection.heard).toEqual([]);
  expect(found).toEqual([]);
  expect(unnamed).toHaveBeenCalledOnce();
  // Nor is it tried again until somebody is announced again.
  expect(asked).toEqual([]);
});

test("a silent connection is given up once the other side is heard over the server, and not before", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { made, asked } = await leg({});
  made.dispatch({ type: "peer-connected", attempt: 1 });
  made.dispatch({ type: "starved", attempt: 1 });
  made.dispatch({ type: "line-good" });
  vi.runAllTimers();
  expect(asked).toEqual([]);
  made.hear(1, { type: "hearing", hears: true }, undefined);
  vi.runAllTimers();
  expect(asked).toMatchObject([["call:rebuild", { attempt: 1 }]]);
  vi.useRealTimers();
});

test("another certificate than the signed one ends the call", async () => {
  const { found } = await leg({});
  connection.told?.notConfirmed(new NotPrivate("certificate"));
  connection.told?.notConfirmed(new NotPrivate("certificate"));
  expect(found).toMatchObject([{ why: "certificate" }]);
});
