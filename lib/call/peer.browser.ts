import Peer from "simple-peer";
import { PIECE } from "./blocks.ts";
import { type IceServer, PeerMessage, SignalData } from "./protocol.ts";
import { adapt, beginSmall } from "./quality.browser.ts";
import type { Level } from "./quality.ts";
import type { Pipe } from "./transfer.ts";
import { watch } from "./watchdog.browser.ts";

interface CallPeerOptions {
  initiator: boolean;
  iceServers: IceServer[];
  certificate: RTCCertificate | undefined;
  outgoing: MediaStream;
  /** Closes the peer; nothing is heard of it afterwards. */
  signal: AbortSignal;
  /** Until it resolves, nothing of the other side is told. A rejection closes the peer. */
  confirm: (connection: RTCPeerConnection) => Promise<void>;
  on: {
    signal(data: SignalData): void;
    connected(pipe: Pipe): void;
    failed(): void;
    notConfirmed(why: unknown): void;
    stream(stream: MediaStream): void;
    message(message: PeerMessage): void;
    piece(piece: Uint8Array): void;
    starved(): void;
    fed(): void;
    /** The line carries this much of our picture now. */
    sends(level: Level): void;
  };
}

export interface CallPeer {
  /** What the other side's peer wants ours to know. Anything that is not that is dropped. */
  hear(data: SignalData): void;
  replace(before: MediaStreamTrack, now: MediaStreamTrack): void;
  /** What the browser counts of this connection. */
  stats(): Promise<RTCStatsReport | undefined>;
  /** Relays and their credentials as they are now, for the next time that ways are looked for. */
  reach(servers: IceServer[]): void;
}

/** What simple-peer keeps to itself and we need: the channel for what it holds back, the connection for its figures and the files. */
type Inside = Peer.Instance & { _channel: RTCDataChannel | null; _pc: RTCPeerConnection | null };

const CONNECT_MS = 10_000;
const BEAT = ".";
/**
 * Whoever was given a piece of a file so lately does not beat: every answer that travels with a beat makes the giver's browser
 * wait anew before it sends again what was lost, and the file would stand still for half a minute.
 */
const LATELY_MS = 5_000;
const MOST_REQUESTS = 2;
/**
 * Waits in the channel of the files at most. With more, what a file begins with overflows the socket's buffer, and Chromium
 * takes two seconds to find out; what the line itself holds on its way does not count here.
 */
const HIGH_WATER = 128 * 1024;
/** The number of that channel, which both sides know: far from those that a browser gives. */
const FILES = 100;

/** One attempt at a connection. The only file that knows simple-peer, which destroys itself on failure and never comes back. */
export function openPeer(options: CallPeerOptions): CallPeer {
  const { on, signal, outgoing } = options;
  const life = new AbortController();
  const gone = AbortSignal.any([signal, life.signal]);
  const peer = new Peer({
    initiator: options.initiator,
    stream: outgoing,
    trickle: true,
    objectMode: true,
    channelConfig: { ordered: true },
    config: {
      iceServers: options.iceServers,
      bundlePolicy: "max-bundle",
      ...(options.certificate ? { certificates: [options.certificate] } : {}),
    },
  }) as Inside;
  if (peer._pc) void beginSmall(peer._pc);
  const files = peer._pc?.createDataChannel("files", { negotiated: true, id: FILES });
  const mute =
    <A extends unknown[]>(tell: (...about: A) => void) =>
    (...about: A) => {
      if (!gone.aborted) tell(...about);
    };
  const failed = mute(() => {
    life.abort();
    on.failed();
  });
  const notConfirmed = mute((why: unknown) => {
    life.abort();
    on.notConfirmed(why);
  });
  const deadline = setTimeout(failed, CONNECT_MS);
  gone.addEventListener("abort", () => {
    clearTimeout(deadline);
    peer.destroy();
  });

  peer.on(
    "signal",
    mute((data: unknown) => {
      const parsed = SignalData.safeParse(data);
      if (parsed.success) on.signal(parsed.data);
    }),
  );
  let asked: Promise<void> | undefined;
  /** Asked once, and as soon as there is something to show: the answer is there when the first bytes are. */
  const whenConfirmed = (then: () => void) => {
    const connection = peer._pc;
    if (!connection) return failed();
    asked ??= options.confirm(connection);
    asked.then(mute(then), notConfirmed);
  };
  peer.on(
    "stream",
    mute((stream: MediaStream) => whenConfirmed(() => on.stream(stream))),
  );
  peer.on("error", failed);
  peer.on("close", failed);
  const open = () => {
    clearTimeout(deadline);
    const channel = peer._channel;
    if (!channel || !files) return failed();
    watchdog = watch({
      signal: gone,
      beat: () => {
        const mayBeat = channel.readyState === "open" && channel.bufferedAmount < PIECE;
        if (mayBeat && performance.now() - given > LATELY_MS) channel.send(BEAT);
      },
      received: () => bytesReceived(peer._pc),
      starved: mute(() => {
        picture?.hold();
        on.starved();
      }),
      fed: mute(() => {
        picture?.resume();
        on.fed();
      }),
    });
    const picture = peer._pc ? adapt(peer._pc, gone, on.sends) : undefined;
    on.connected(pipeOf(channel, files, gone));
    for (const data of early.splice(0)) take(data);
  };
  const ready = mute(() => {
    if (files?.readyState === "connecting") files.addEventListener("open", ready, { once: true });
    else whenConfirmed(open);
  });
  peer.on("connect", ready);
  let watchdog: { heard(): void } | undefined;
  // The other side may be open, and speak, a moment before ours says that it is: nothing of that may be lost.
  const early: unknown[] = [];
  let given = Number.NEGATIVE_INFINITY;
  const take = (data: unknown) => {
    if (data instanceof Uint8Array) {
      given = performance.now();
      return on.piece(data);
    }
    const parsed = PeerMessage.safeParse(parse(data));
    if (parsed.success) on.message(parsed.data);
  };
  const arrive = mute((data: unknown) => {
    watchdog?.heard();
    if (data === BEAT) return;
    if (watchdog) take(data);
    else if (early.length < 500) early.push(data);
  });
  peer.on("data", arrive);
  if (files) {
    files.binaryType = "arraybuffer";
    files.onmessage = ({ data }) => arrive(data instanceof ArrayBuffer ? new Uint8Array(data) : data);
  }

  let requests = 0;
  return {
    hear(data) {
      const parsed = SignalData.safeParse(data);
      if (!parsed.success || gone.aborted) return;
      // The other side asks once for sound and once for a picture; each asking makes this one describe everything anew.
      if ("transceiverRequest" in parsed.data && ++requests > MOST_REQUESTS) return;
      try {
        peer.signal(parsed.data as Peer.SignalData);
      } catch {
        failed();
      }
    },
    reach(iceServers) {
      const connection = peer._pc;
      if (!gone.aborted) connection?.setConfiguration({ ...connection.getConfiguration(), iceServers });
    },
    replace(before, now) {
      if (gone.aborted) return;
      try {
        peer.replaceTrack(before, now, outgoing);
      } catch (error) {
        // Replaced before this peer took its tracks: it has the new one already.
        if ((error as { code?: string }).code !== "ERR_TRACK_NOT_ADDED") failed();
      }
    },
    stats: async () => (gone.aborted ? undefined : peer._pc?.getStats()),
  };
}

/** Made once and used by every attempt of a call: 10 ms that need not pass while someone waits. */
export function makeCertificate(): Promise<RTCCertificate | undefined> {
  const how = { name: "ECDSA", namedCurve: "P-256" } as AlgorithmIdentifier;
  return RTCPeerConnection.generateCertificate(how).catch(() => undefined);
}

function pipeOf(channel: RTCDataChannel, files: RTCDataChannel, gone: AbortSignal): Pipe {
  files.bufferedAmountLowThreshold = HIGH_WATER / 2;
  const drained = () =>
    new Promise<void>((resolve, reject) => {
      const done = () => {
        files.removeEventListener("bufferedamountlow", done);
        gone.removeEventListener("abort", done);
        if (gone.aborted) reject(gone.reason);
        else resolve();
      };
      files.addEventListener("bufferedamountlow", done);
      gone.addEventListener("abort", done);
    });
  return {
    say(message) {
      const way = message.is.startsWith("file:") ? files : channel;
      if (way.readyState === "open" && !gone.aborted) way.send(JSON.stringify(message));
    },
    async push(piece) {
      gone.throwIfAborted();
      if (files.bufferedAmount > HIGH_WATER) await drained();
      gone.throwIfAborted();
      files.send(piece);
    },
  };
}

/** Everything that arrived on this connection, sound and picture included. */
async function bytesReceived(connection: RTCPeerConnection | null): Promise<number> {
  let bytes = 0;
  for (const stat of (await connection?.getStats())?.values() ?? []) {
    if (stat.type === "candidate-pair") bytes += stat.bytesReceived ?? 0;
  }
  return bytes;
}

function parse(data: unknown): unknown {
  if (typeof data !== "string" || data.length > 20_000) return undefined;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
