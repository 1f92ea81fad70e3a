import { useSyncExternalStore } from "react";
import type { Followed } from "@/lib/audit/follow.ts";

/**
 * What this page knows of the clinic's log: small, so that a call can carry it before the code that checks it is there. Who
 * follows the log sets it, and takes what was heard.
 */
const nothing: Followed = { note: null, alarm: null };
let now = nothing;
const listeners = new Set<() => void>();
let heard: string[] = [];
let take: ((note: string) => void) | null = null;

/** More than a call has members. */
const MOST_HEARD = 8;

export function setFollowed(next: Followed): void {
  now = next;
  for (const listener of [...listeners]) listener();
}

export const useFollowed = (): Followed =>
  useSyncExternalStore(
    subscribe,
    () => now,
    () => nothing,
  );

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Tells now, and whenever it is another, which checkpoint this page was shown; until `signal` is aborted. */
export function onCheckpoint(tell: (note: string) => void, signal: AbortSignal): void {
  let last: string | null = null;
  const look = () => {
    if (now.note === null || now.note === last) return;
    last = now.note;
    tell(last);
  };
  look();
  signal.addEventListener("abort", subscribe(look));
}

/** Another side of the call was shown this checkpoint. */
export function hearCheckpoint(note: string): void {
  if (take) take(note);
  else if (heard.length < MOST_HEARD) heard.push(note);
}

/** Who compares what is heard, from here on. Returns how to stop. */
export function takeHeard(taker: (note: string) => void): () => void {
  take = taker;
  for (const note of heard) taker(note);
  heard = [];
  return () => {
    take = null;
  };
}
