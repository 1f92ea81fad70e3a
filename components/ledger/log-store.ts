/**
 * What this page was shown of the clinic's log, between who follows it and the call that carries it to the others. Fetched
 * after the picture, by both.
 */
let note: string | null = null;
const listeners = new Set<() => void>();
let heard: string[] = [];
let take: ((note: string) => void) | null = null;

/** More than a call has members. */
const MOST_HEARD = 8;

/** This page was shown this checkpoint. */
export function setCheckpoint(shown: string | null): void {
  note = shown;
  for (const listener of [...listeners]) listener();
}

/** Tells now, and whenever it is another, which checkpoint this page was shown; until `signal` is aborted. */
export function onCheckpoint(tell: (note: string) => void, signal: AbortSignal): void {
  let last: string | null = null;
  const look = () => {
    if (note === null || note === last) return;
    last = note;
    tell(last);
  };
  look();
  listeners.add(look);
  signal.addEventListener("abort", () => listeners.delete(look));
}

/** Another side of the call was shown this checkpoint. */
export function hearCheckpoint(theirs: string): void {
  if (take) take(theirs);
  else if (heard.length < MOST_HEARD) heard.push(theirs);
}

/** Who compares what is heard, from here on. Returns how to stop. */
export function takeHeard(taker: (note: string) => void): () => void {
  take = taker;
  for (const theirs of heard) taker(theirs);
  heard = [];
  return () => {
    take = null;
  };
}
