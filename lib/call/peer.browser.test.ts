import type { EventEmitter } from "node:events";
import { afterEach, expect, test, vi } from "vitest";
import { openPeer } from "./peer.browser.ts";

/** simple-peer, as far as a test says what happens to it. */
const simple = vi.hoisted(() => ({ last: undefined as EventEmitter | undefined, heard: [] as object[] }));
vi.mock("simple-peer", async () => {
  const { EventEmitter: Emitter } = await import("node:events");
  return {
    default: class extends Emitter {
      _pc = { getStats: async () => new Map(), getSenders: () => [], addEventListener: () => {} };
      _channel = { readyState: "closed", bufferedAmount: 0, send: () => {} };
      constructor() {
        super();
        simple.last = this;
      }
      signal(data: object) {
        simple.heard.push(data);
      }
      destroy() {}
    },
  };
});

const lives: AbortController[] = [];
afterEach(() => {
  for (const life of lives.splice(0)) life.abort();
});

const theirs = {} as MediaStream;
const settled = () => new Promise(setImmediate);

/** A peer, with what it tells. */
function opened(confirm: () => Promise<void>) {
  const told: string[] = [];
  const tell = (what: string) => () => void told.push(what);
  const life = new AbortController();
  lives.push(life);
  const peer = openPeer({
    initiator: true,
    iceServers: [],
    certificate: undefined,
    outgoing: {} as MediaStream,
    signal: life.signal,
    confirm,
    on: {
      signal: () => {},
      connected: tell("connected"),
      failed: tell("failed"),
      notConfirmed: tell("not confirmed"),
      stream: tell("stream"),
      message: tell("message"),
      piece: tell("piece"),
      sends: () => {},
      starved: tell("starved"),
      fed: tell("fed"),
    },
  });
  return { peer, told };
}

/** A peer whose other side has begun to send, with what it has told so far. */
async function sending(confirm: () => Promise<void>) {
  const { told } = opened(confirm);
  simple.last?.emit("stream", theirs);
  simple.last?.emit("data", JSON.stringify({ is: "hello", muted: false, cameraOff: false, sharing: false }));
  simple.last?.emit("connect");
  await settled();
  return told;
}

test("nothing of the other side is told before the certificate in use is confirmed", async () => {
  let good = () => {};
  const confirmed = new Promise<void>((resolve) => {
    good = resolve;
  });
  const told = await sending(() => confirmed);
  expect(told).toEqual([]);
  good();
  await settled();
  expect(told).toEqual(["stream", "connected", "message"]);
});

test("of a side whose certificate is another, nothing is ever told", async () => {
  const told = await sending(() => Promise.reject(new Error("another")));
  expect(told).toEqual(["not confirmed"]);
});

test("the other side asks for sound and for a picture, and for nothing more", () => {
  const { peer, told } = opened(async () => {});
  simple.heard.length = 0;
  for (let asked = 0; asked < 10; asked++) {
    peer.hear({ type: "transceiverRequest", transceiverRequest: { kind: "audio" } });
  }
  peer.hear({ type: "renegotiate", renegotiate: true });
  expect(simple.heard.map((data) => (data as { type: string }).type)).toEqual([
    "transceiverRequest",
    "transceiverRequest",
    "renegotiate",
  ]);
  expect(told).toEqual([]);
});
