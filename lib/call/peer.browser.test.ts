import type { EventEmitter } from "node:events";
import { afterEach, expect, test, vi } from "vitest";
import { openPeer } from "./peer.browser.ts";

/** simple-peer, as far as a test says what happens to it. */
const simple = vi.hoisted(() => ({ last: undefined as EventEmitter | undefined }));
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

/** A peer whose other side has begun to send, with what it has told so far. */
async function sending(confirm: () => Promise<void>) {
  const told: string[] = [];
  const tell = (what: string) => () => void told.push(what);
  const life = new AbortController();
  lives.push(life);
  openPeer({
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
