import { countOf, pairOf, type Stat } from "./candidate-pair.ts";

/** One reading of a connection's counters; times in milliseconds, everything else since the connection began. */
export interface Reading {
  at: number;
  /** Round trip in milliseconds, where it is known. */
  roundTrip: number | undefined;
  bytesIn: number;
  bytesOut: number;
  packetsIn: number;
  packetsLost: number;
  framesIn: number;
  width: number;
  height: number;
  relayed: boolean;
}

export interface Figures {
  verdict: "good" | "fair" | "poor";
  /** Milliseconds. */
  roundTrip: number | undefined;
  /** Of a hundred packets that were meant for us. */
  lost: number;
  /** Kilobits a second. */
  in: number;
  out: number;
  /** Pictures a second. */
  frames: number;
  width: number;
  height: number;
  relayed: boolean;
}

/** What a second of a call was like, from two readings. Null when they are not of one connection, or no time lies between. */
export function figuresOf(before: Reading, now: Reading): Figures | null {
  const seconds = (now.at - before.at) / 1_000;
  if (seconds <= 0 || now.bytesIn < before.bytesIn || now.bytesOut < before.bytesOut) return null;
  const lost = Math.max(0, now.packetsLost - before.packetsLost);
  const meant = Math.max(0, now.packetsIn - before.packetsIn) + lost;
  const share = meant === 0 ? 0 : (lost / meant) * 100;
  return {
    verdict: verdictOf(share, now.roundTrip ?? 0),
    roundTrip: now.roundTrip,
    lost: share,
    in: ((now.bytesIn - before.bytesIn) * 8) / 1_000 / seconds,
    out: ((now.bytesOut - before.bytesOut) * 8) / 1_000 / seconds,
    frames: Math.max(0, now.framesIn - before.framesIn) / seconds,
    width: now.width,
    height: now.height,
    relayed: now.relayed,
  };
}

/** ITU-T G.114: a conversation suffers above 150 ms one way; speech codecs hide up to some 3 % of loss. */
function verdictOf(lost: number, roundTrip: number): Figures["verdict"] {
  if (lost > 8 || roundTrip > 600) return "poor";
  return lost > 3 || roundTrip > 300 ? "fair" : "good";
}

/** What the browser counts, of one connection. */
export function readingOf(stats: Iterable<Stat>): Reading {
  const all = [...stats];
  const pair = pairOf(all);
  const inbound = all.filter((one) => one.type === "inbound-rtp");
  const picture = inbound.find((one) => one.kind === "video");
  const sum = (name: string) => inbound.reduce((all, one) => all + countOf(one, name), 0);
  const trip = pair?.currentRoundTripTime;
  const ends = [pair?.localCandidateId, pair?.remoteCandidateId];
  return {
    at: Math.max(0, ...all.map((one) => countOf(one, "timestamp"))),
    roundTrip: typeof trip === "number" ? trip * 1_000 : undefined,
    bytesIn: countOf(pair, "bytesReceived"),
    bytesOut: countOf(pair, "bytesSent"),
    packetsIn: sum("packetsReceived"),
    packetsLost: sum("packetsLost"),
    framesIn: countOf(picture, "framesDecoded"),
    width: countOf(picture, "frameWidth"),
    height: countOf(picture, "frameHeight"),
    relayed: all.some((one) => ends.includes(one.id as string) && one.candidateType === "relay"),
  };
}
