import * as z from "zod/mini";
import { Empty, endpoint, Instant } from "../wire.ts";

/** Anyone may ask, before any visit: what time the server has, and which helpers a call would try to get through by. */
export const lookAtLine = endpoint({
  method: "GET",
  path: "/api/line",
  ask: Empty,
  answer: z.object({ at: Instant, helpers: z.array(z.string()) }),
});

/** GET answers this many bytes that don't shrink; POST takes up to as many and keeps none. */
export const LINE_BYTES = { path: "/api/line/bytes", down: 256 * 1024, up: 128 * 1024 } as const;

/** Whether sound and picture would get out of this network. `unasked` where the clinic has set up nobody to ask. */
export type WayOut = "open" | "relay" | "shut" | "unasked" | "forbidden";

/** What two seconds of trying found: milliseconds, and kilobits a second. */
export interface LineFound {
  roundTrips: readonly number[];
  down: number;
  up: number;
  /** The socket over which a call is arranged opens. */
  socket: boolean;
  way: WayOut;
  /** How far this device's clock is ahead of the server's, in milliseconds. */
  clockAhead: number;
}

export type LineQuality = "good" | "video-poor" | "sound-only" | "none";

/** What a picture takes that is sharp enough to look at a rash, and what one takes that is worth having at all. */
const SHARP = { kilobits: 1_000, milliseconds: 300 };
const ROUGH = { kilobits: 250, milliseconds: 700 };

export function qualityOf(found: LineFound | null): LineQuality {
  if (!found || found.roundTrips.length === 0 || !found.socket) return "none";
  const thinnest = Math.min(found.down, found.up);
  const slowest = typicalOf(found.roundTrips);
  const gives = (need: typeof SHARP) => thinnest >= need.kilobits && slowest <= need.milliseconds;
  return gives(SHARP) ? "good" : gives(ROUGH) ? "video-poor" : "sound-only";
}

/** The middle one: one late answer says nothing about a line. */
export function typicalOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Kilobits a second of so many bytes; the time it took to ask is not the line's width. */
export function rateOf(bytes: number, ms: number, roundTrip: number): number {
  return Math.round((bytes * 8) / Math.max(1, ms - roundTrip));
}
