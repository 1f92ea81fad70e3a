import type { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openPeer } from "./peer.browser.ts";
import type { Pipe } from "./transfer.ts";

/** simple-peer, as far as a test says what happens to it. */
const simple = vi.hoisted(() => ({
  last: undefined as EventEmitter | undefined,
  heard: [] as object[],
  said: [] as string[],
  files: undefined as Files | undefined,
  /** How often a whole picture was asked of the encoder. */
  whole: 0,
  /** What the connection counts. */
  counted: new Map<string, object>(),
}));
/** The channel of the files. */
class Files extends EventTarget {
  readyState = "open";
  bufferedAmount = 0;
  onmessage: ((event: { data: unknown }) => void) | undefined;
  readonly sent: unknown[] = [];
  send(data: unknown) {
    this.sent.push(data);
  }
}
beforeEach(() => {
  simple.files = new Files();
  simple.said.length = 0;
});
vi.mock("simple-peer", async () => {
  const { EventEmitter: Emitter } = await import("node:events");
  return {
    default: class extends Emitter {
      _pc = {
        getStats: async () => simple.counted,
        getSenders: () => [
          {
            track: { kind: "video", getSettings: () => ({}) },
            getParameters: () => ({ encodings: [{}] }),
            setParameters: async (_: object, { encodingOptions }: { encodingOptions?: object[] } = {}) => {
              if (encodingOptions) simple.whole += 1;
            },
          },
        ],
        addEventListener: () => {},
        createDataChannel: () => simple.files,
      };
      _channel = { readyState: "open", bufferedAmount: 0, send: (text: string) => void simple.said.push(text) };
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
  const pipes: Pipe[] = [];
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
      connected: (pipe) => {
        told.push("connected");
        pipes.push(pipe);
      },
      failed: tell("failed"),
      notConfirmed: tell("not confirmed"),
      stream: tell("stream"),
      message: tell("message"),
      piece: tell("piece"),
      sends: tell("another picture"),
      starved: tell("starved"),
      fed: tell("fed"),
    },
  });
  return { peer, told, pipes };
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

const MB = 1024 * 1024;
const aPiece = () => new Uint8Array(64 * 1024);

test("what is said of a file goes the way of its bytes, and everything else waits for no file", async () => {
  const { pipes } = opened(async () => {});
  simple.last?.emit("connect");
  await settled();
  pipes[0]?.say({ is: "file:began", id: "1", from: 0 });
  await pipes[0]?.push(aPiece());
  pipes[0]?.say({ is: "picture", held: true });
  expect(simple.files?.sent).toEqual([JSON.stringify({ is: "file:began", id: "1", from: 0 }), aPiece()]);
  expect(simple.said).toContain(JSON.stringify({ is: "picture", held: true }));
});

test("a file waits while much of it has not gone yet, and goes on when half of that has", async () => {
  const { pipes } = opened(async () => {});
  simple.last?.emit("connect");
  await settled();
  const files = simple.files as Files;
  files.bufferedAmount = 5 * MB;
  const pushed = pipes[0]?.push(aPiece());
  await settled();
  expect(files.sent).toEqual([]);
  files.dispatchEvent(new Event("bufferedamountlow"));
  await pushed;
  expect(files.sent).toHaveLength(1);
});

test("nobody is connected before files could travel, and what came on that way by then is heard", async () => {
  const files = simple.files as Files;
  files.readyState = "connecting";
  const { told } = opened(async () => {});
  simple.last?.emit("connect");
  files.onmessage?.({ data: aPiece().buffer });
  await settled();
  expect(told).toEqual([]);
  files.readyState = "open";
  files.dispatchEvent(new Event("open"));
  await settled();
  expect(told).toEqual(["connected", "piece"]);
});

test("whoever is given a file does not beat until it pauses", async () => {
  opened(async () => {});
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  simple.last?.emit("connect");
  await settled();
  const beats = () => simple.said.splice(0).length;
  vi.advanceTimersByTime(900);
  expect(beats()).toBe(3);
  simple.files?.onmessage?.({ data: aPiece().buffer });
  vi.advanceTimersByTime(4_900);
  expect(beats()).toBe(0);
  vi.advanceTimersByTime(1_000);
  expect(beats()).toBeGreaterThan(0);
  vi.useRealTimers();
});

test("a silence says nothing of the line, and the first bytes after it bring a whole picture of ours", async () => {
  vi.useFakeTimers();
  const { told } = opened(async () => {});
  simple.whole = 0;
  simple.last?.emit("connect");
  const beats = setInterval(() => simple.last?.emit("data", "."), 300);
  await vi.advanceTimersByTimeAsync(6_000);
  clearInterval(beats);
  // What a browser counts while nothing comes back: next to nothing gets through.
  simple.counted.set("sent", { type: "outbound-rtp", qualityLimitationReason: "bandwidth" });
  simple.counted.set("pair", {
    type: "candidate-pair",
    nominated: true,
    state: "succeeded",
    availableOutgoingBitrate: 30_000,
  });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(told).toEqual(["connected", "starved"]);
  expect(simple.whole).toBe(0);
  simple.counted.clear();
  simple.last?.emit("data", ".");
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual(["connected", "starved", "fed"]);
  expect(simple.whole).toBe(1);
  vi.useRealTimers();
});
