import { ask } from "../wire.ts";
import { LINE_BYTES, type LineFound, lookAtLine, rateOf, typicalOf, type WayOut } from "./line-test.ts";

const ROUND_TRIPS = 3;
const DOWN_MS = 800;
const UP_MS = 1_100;
const OUT_MS = 1_500;
/** The first is for lines on which the second would not be through in time. */
const UP_PIECES = [16 * 1024, 96 * 1024] as const;

/** Tries the line to our own server for about two seconds. Null when nothing answers; throws only when `signal` is aborted. */
export async function tryLine(signal: AbortSignal): Promise<LineFound | null> {
  const about = await roundTrips(signal);
  signal.throwIfAborted();
  if (!about) return null;
  const { helpers, times, clockAhead } = about;
  const typical = typicalOf(times);
  const [down, up, socket, way] = await Promise.all([
    downRate(typical, signal),
    upRate(typical, signal),
    opensSocket(signal),
    wayOut(helpers, signal),
  ]);
  signal.throwIfAborted();
  return { roundTrips: times, down, up, socket, way, clockAhead };
}

/** Where one has to open the connection it takes longer, and the middle one counts. */
async function roundTrips(signal: AbortSignal) {
  const times: number[] = [];
  let clockAhead = 0;
  let helpers: string[] = [];
  for (let n = 0; n < ROUND_TRIPS; n++) {
    const start = performance.now();
    const answer = await ask(lookAtLine, {}, { signal: within(4_000, signal) }).catch(() => null);
    const took = performance.now() - start;
    if (!answer) return times.length > 0 ? { times, clockAhead, helpers } : null;
    helpers = answer.helpers;
    clockAhead = Math.round(Date.now() - took / 2 - Date.parse(answer.at));
    times.push(took);
  }
  return { times, clockAhead, helpers };
}

async function downRate(roundTrip: number, signal: AbortSignal): Promise<number> {
  const start = performance.now();
  let bytes = 0;
  let last = start;
  try {
    const response = await fetch(LINE_BYTES.path, { signal: within(DOWN_MS + roundTrip, signal), cache: "no-store" });
    const reader = response.ok ? response.body?.getReader() : undefined;
    for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
      bytes += piece.value.length;
      last = performance.now();
    }
  } catch {
    // out of time: what came until then counts
    last = performance.now();
  }
  return rateOf(bytes, last - start, roundTrip);
}

async function upRate(roundTrip: number, signal: AbortSignal): Promise<number> {
  let rate = 0;
  for (const size of UP_PIECES) {
    const body = noise(size);
    const start = performance.now();
    try {
      const response = await fetch(LINE_BYTES.path, {
        method: "POST",
        body,
        headers: { "content-type": "application/octet-stream" },
        signal: within(UP_MS + roundTrip, signal),
      });
      if (!response.ok) return rate;
    } catch {
      return rate;
    }
    rate = rateOf(size, performance.now() - start, roundTrip);
  }
  return rate;
}

/** A connection of its own that greets nobody: enough to know whether something on the way forbids it. */
function opensSocket(signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const address = new URL("/socket.io/?EIO=4&transport=websocket", location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    const done = (opened: boolean) => {
      socket.close();
      resolve(opened);
    };
    socket.onopen = () => done(true);
    socket.onerror = () => done(false);
    within(4_000, signal).addEventListener("abort", () => done(false), { once: true });
  });
}

/**
 * Does sound and picture get out? A helper outside that answers shows it: STUN by telling our address, a relay by asking for
 * credentials, which nobody has before a visit. Not every browser tells the latter, so what is not heard is only doubted.
 */
function wayOut(helpers: readonly string[], signal: AbortSignal): Promise<WayOut> {
  if (typeof RTCPeerConnection === "undefined") return Promise.resolve("forbidden");
  return new Promise((resolve) => {
    const nobody = { username: "nobody", credential: "nothing" };
    const iceServers = helpers.map((urls) => (/^turns?:/.test(urls) ? { urls, ...nobody } : { urls }));
    const connection = new RTCPeerConnection({ iceServers });
    let any = false;
    let relay = false;
    const done = () => {
      connection.close();
      if (!any) resolve("forbidden");
      else if (helpers.length === 0) resolve("unasked");
      else resolve(relay ? "relay" : "shut");
    };
    connection.onicecandidate = ({ candidate }) => {
      if (!candidate) return done();
      any = true;
      if (candidate.type !== "srflx" && candidate.type !== "relay") return;
      connection.close();
      resolve("open");
    };
    connection.onicecandidateerror = (event) => {
      if (event.errorCode === 401) relay = true;
    };
    connection.createDataChannel("way");
    connection.setLocalDescription().catch(done);
    within(OUT_MS, signal).addEventListener("abort", done, { once: true });
  });
}

const within = (ms: number, signal: AbortSignal) => AbortSignal.any([signal, AbortSignal.timeout(Math.round(ms))]);

/** Bytes that nothing on the way can shrink; random values come in 64 KiB at most. */
function noise(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}
