import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { best, countersOf, LEVELS, type Quality, type Second, secondOf, step } from "./quality.ts";

const fine: Second = { carries: 2_000_000, lost: 0, roundTrip: 40 };
const thin = (carries: number): Second => ({ ...fine, carries });
const after = (from: Quality, ...seconds: Second[]) => seconds.reduce(step, from);
const times = (n: number, second: Second) => Array.from({ length: n }, () => second);

test("one or two bad seconds change nothing; the third lowers the picture", () => {
  const lossy = { ...fine, lost: 0.2 };
  expect(after(best, lossy, lossy).level).toBe("full");
  expect(after(best, lossy, lossy, fine, lossy, lossy).level).toBe("full");
  expect(after(best, ...times(3, lossy)).level).toBe("half");
});

test.each([
  [2_000_000, "full"],
  [400_000, "half"],
  [150_000, "small"],
  [60_000, "sound-only"],
] as const)("a line of %i bits a second gets what fits at once: %s", (bits, level) => {
  expect(after(best, ...times(3, thin(bits))).level).toBe(level);
});

test("a round trip of more than a second is a full line", () => {
  expect(after(best, ...times(3, { ...fine, roundTrip: 1_500 })).level).toBe("half");
});

test("the picture comes back a level at a time once the line is good", () => {
  let quality = after(best, ...times(3, thin(50_000)));
  const seen: string[] = [];
  for (let i = 0; i < 3 * 8; i++) {
    const next = step(quality, fine);
    if (next.level !== quality.level) seen.push(next.level);
    quality = next;
  }
  expect(seen).toEqual(["small", "half", "full"]);
});

test("a picture that comes back too early is tried later each time, at most every minute or so", () => {
  const tries: number[] = [];
  let quality = after(best, ...times(3, thin(50_000)));
  for (let second = 0; second < 400; second++) {
    // With a picture the line breaks down, without one it looks good.
    const next = step(quality, quality.level === "sound-only" ? { ...fine, carries: undefined } : thin(50_000));
    if (next.level === "small" && quality.level === "sound-only") tries.push(second);
    quality = next;
  }
  const waits = tries.slice(1).map((at, i) => at - (tries[i] as number));
  expect(waits.slice(0, 4)).toEqual([19, 35, 67, 67]);
});

test("whatever the line does, the level moves down by need and up by one, and never twice within three seconds", () => {
  const second = fc.record({
    carries: fc.option(fc.integer({ min: 0, max: 3_000_000 }), { nil: undefined }),
    lost: fc.float({ min: 0, max: 1, noNaN: true }),
    roundTrip: fc.integer({ min: 0, max: 4_000 }),
  });
  fc.assert(
    fc.property(fc.array(second, { maxLength: 200 }), (seconds) => {
      let quality = best;
      let changed = -3;
      for (const [i, one] of seconds.entries()) {
        const next = step(quality, one);
        const [from, to] = [LEVELS.indexOf(quality.level), LEVELS.indexOf(next.level)];
        if (from !== to) {
          expect(i - changed).toBeGreaterThanOrEqual(3);
          expect(to).toBeGreaterThanOrEqual(from - 1);
          changed = i;
        }
        expect(next.patience).toBeLessThanOrEqual(64);
        quality = next;
      }
      for (const one of times(4 * 64, fine)) quality = step(quality, one);
      expect(quality.level).toBe("full");
    }),
  );
});

describe("the counters", () => {
  const stats = (sent: number, lost: number) => [
    { type: "transport", selectedCandidatePairId: "p" },
    { type: "candidate-pair", id: "old", availableOutgoingBitrate: 1 },
    { type: "candidate-pair", id: "p", availableOutgoingBitrate: 700_000, currentRoundTripTime: 0.12 },
    { type: "outbound-rtp", kind: "video", packetsSent: sent, qualityLimitationReason: "bandwidth" },
    { type: "outbound-rtp", kind: "audio", packetsSent: 50 },
    { type: "remote-inbound-rtp", packetsLost: lost },
  ];
  test("are of the pair in use, and a second is the difference of two", () => {
    const [before, now] = [countersOf(stats(100, 0)), countersOf(stats(200, 5))];
    expect(secondOf(before, now)).toEqual({ carries: 700_000, lost: 0.05, roundTrip: 120 });
  });
  test("say nothing of a line that the picture does not fill", () => {
    const still = stats(100, 0).map((one) => ({ ...one, qualityLimitationReason: "none" }));
    expect(countersOf(still).carries).toBeUndefined();
  });
  test("of a browser that tells nothing are no reason to lower anything", () => {
    const nothing = countersOf([]);
    expect(after(best, ...times(10, secondOf(nothing, nothing))).level).toBe("full");
  });
  test("that go back or ahead of each other stay within a share", () => {
    expect(secondOf(countersOf(stats(100, 9)), countersOf(stats(101, 0))).lost).toBe(0);
    expect(secondOf(countersOf(stats(100, 0)), countersOf(stats(101, 9))).lost).toBe(1);
  });
});
