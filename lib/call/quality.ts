import { countOf, pairOf, type Stat } from "./candidate-pair.ts";

/** What one connection sends of the picture. Sound is never given up: it needs less than a tenth of the least picture. */
export const LEVELS = ["full", "half", "small", "sound-only"] as const;
export type Level = (typeof LEVELS)[number];

/** How the picture is encoded: at most so many bits and pictures a second, of a picture so many times narrower. */
export const encodings: Record<Exclude<Level, "sound-only">, { bits: number; frames: number; narrower: number }> = {
  full: { bits: 1_500_000, frames: 30, narrower: 1 },
  half: { bits: 500_000, frames: 24, narrower: 2 },
  small: { bits: 150_000, frames: 12, narrower: 4 },
};

/** A line that carries less than this does not carry the level; between it and the level's own bits, the encoder makes do. */
const LEAST: Record<Level, number> = { full: 600_000, half: 200_000, small: 80_000, "sound-only": 0 };

/** One second of a connection, as the browser's counters tell it. */
export interface Second {
  /** Bits a second that the line is thought to carry, where that holds the picture back; otherwise undefined. */
  carries: number | undefined;
  /** Of what we sent, the share that did not arrive: 0 to 1. */
  lost: number;
  /** Milliseconds; 0 while nobody knows. */
  roundTrip: number;
}

export interface Quality {
  readonly level: Level;
  /** Seconds in a row that were bad, or good. */
  readonly bad: number;
  readonly good: number;
  /** So many good seconds in a row, and the next better level is tried. Doubles when that was too much. */
  readonly patience: number;
  /** Seconds since the level was last raised. */
  readonly since: number;
}

const BAD_SECONDS = 3;
const PATIENCE = 8;
const MOST_PATIENCE = 64;
/** A better level that fails within this many seconds was tried too early. */
const TRIED_EARLY = 20;

export const best: Quality = { level: "full", bad: 0, good: 0, patience: PATIENCE, since: TRIED_EARLY };

/**
 * Sound before picture: three bad seconds lower the picture, down to none; good seconds bring it back, a level at a time
 * and each time later when the last try was too early, so that it does not flap. Without a picture the line cannot be
 * measured, so it is time alone that tries again.
 */
export function step(quality: Quality, second: Second): Quality {
  const { level } = quality;
  const since = quality.since + 1;
  if (isBad(level, second)) {
    const bad = quality.bad + 1;
    if (bad < BAD_SECONDS || level === "sound-only") return { ...quality, bad, good: 0, since };
    const patience = since <= TRIED_EARLY ? Math.min(quality.patience * 2, MOST_PATIENCE) : quality.patience;
    return { level: below(level, second), bad: 0, good: 0, patience, since };
  }
  const good = quality.good + 1;
  if (level === "full")
    return { ...quality, bad: 0, good, since, patience: since > MOST_PATIENCE ? PATIENCE : quality.patience };
  if (good < quality.patience) return { ...quality, bad: 0, good, since };
  return { ...quality, level: LEVELS[LEVELS.indexOf(level) - 1] as Level, bad: 0, good: 0, since: 0 };
}

function isBad(level: Level, { carries, lost, roundTrip }: Second): boolean {
  return lost > 0.1 || roundTrip > 1_000 || (carries !== undefined && carries < LEAST[level]);
}

/** The next lower level, or at once the one that fits. */
function below(level: Level, { carries }: Second): Level {
  const lower = LEVELS.slice(LEVELS.indexOf(level) + 1);
  return lower.find((one) => carries === undefined || carries >= LEAST[one]) ?? "sound-only";
}

/** What the counters of a connection said at one moment. */
export interface Counters {
  carries: number | undefined;
  sent: number;
  lost: number;
  roundTrip: number;
}

/** What a second was like, from the counters before and after it. */
export function secondOf(before: Counters, now: Counters): Second {
  const sent = now.sent - before.sent;
  const lost = now.lost - before.lost;
  // The other side reports what it lost a little later than we count what we sent, so a share may exceed the whole.
  return { carries: now.carries, lost: sent > 0 ? Math.min(1, Math.max(0, lost / sent)) : 0, roundTrip: now.roundTrip };
}

/** Reads the counters out of a report of `getStats`. */
export function countersOf(stats: Iterable<Stat>): Counters {
  const all = [...stats];
  const sum = (type: string, name: string) =>
    all.filter((one) => one.type === type).reduce((total, one) => total + countOf(one, name), 0);
  const pair = pairOf(all);
  // What a line carries is learnt by filling it: of a picture that needs little it says nothing.
  const heldBack = all.some((one) => one.type === "outbound-rtp" && one.qualityLimitationReason === "bandwidth");
  const carries = heldBack ? pair?.availableOutgoingBitrate : undefined;
  return {
    carries: typeof carries === "number" ? carries : undefined,
    sent: sum("outbound-rtp", "packetsSent"),
    lost: sum("remote-inbound-rtp", "packetsLost"),
    roundTrip: countOf(pair, "currentRoundTripTime") * 1_000,
  };
}
