import { expect, test } from "vitest";
import { figuresOf, type Reading, readingOf } from "./figures.ts";

const start: Reading = {
  at: 1_000,
  roundTrip: 40,
  bytesIn: 0,
  bytesOut: 0,
  packetsIn: 0,
  packetsLost: 0,
  framesIn: 0,
  width: 640,
  height: 360,
  relayed: false,
};

test("two readings a second apart tell speed, loss and pictures of that second", () => {
  const now = { ...start, at: 2_000, bytesIn: 125_000, bytesOut: 25_000, packetsIn: 96, packetsLost: 4, framesIn: 30 };
  expect(figuresOf(start, now)).toMatchObject({ in: 1_000, out: 200, lost: 4, frames: 30, verdict: "fair" });
});

test.each([
  [0, 40, "good"],
  [0, 400, "fair"],
  [5, 40, "fair"],
  [0, 700, "poor"],
  [10, 40, "poor"],
])("with %i %% lost and %i ms there and back the line is called %s", (packetsLost, roundTrip, verdict) => {
  const now = { ...start, at: 2_000, packetsIn: 100 - packetsLost, packetsLost, roundTrip };
  expect(figuresOf(start, now)?.verdict).toBe(verdict);
});

test("a connection that was made anew has no figures of before", () => {
  const old = { ...start, bytesIn: 9_000_000 };
  expect(figuresOf(old, { ...start, at: 2_000, bytesIn: 10 })).toBeNull();
  expect(figuresOf(start, start)).toBeNull();
});

test("only the pair in use counts, and a relay at either end is told", () => {
  const stats = [
    { type: "transport", id: "T", selectedCandidatePairId: "B", timestamp: 5 },
    { type: "candidate-pair", id: "A", bytesReceived: 1, bytesSent: 1, timestamp: 5 },
    {
      type: "candidate-pair",
      id: "B",
      bytesReceived: 7,
      bytesSent: 3,
      currentRoundTripTime: 0.05,
      localCandidateId: "L",
      remoteCandidateId: "R",
      timestamp: 5,
    },
    { type: "local-candidate", id: "L", candidateType: "host", timestamp: 5 },
    { type: "remote-candidate", id: "R", candidateType: "relay", timestamp: 5 },
    { type: "inbound-rtp", kind: "audio", packetsReceived: 10, packetsLost: 1, timestamp: 5 },
    { type: "inbound-rtp", kind: "video", packetsReceived: 20, packetsLost: 2, framesDecoded: 9, timestamp: 6 },
  ];
  expect(readingOf(stats)).toEqual({
    at: 6,
    roundTrip: 50,
    bytesIn: 7,
    bytesOut: 3,
    packetsIn: 30,
    packetsLost: 3,
    framesIn: 9,
    width: 0,
    height: 0,
    relayed: true,
  });
});
