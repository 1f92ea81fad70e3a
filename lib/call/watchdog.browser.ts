interface WatchdogOptions {
  signal: AbortSignal;
  /** Says something small to the other side, so that silence means something. */
  beat: () => unknown;
  /** All bytes that have arrived, of whatever kind. */
  received: () => Promise<number>;
  starved: () => void;
  fed: () => void;
}

/** No bytes for this long, and people are told. */
const STARVED_MS = 1_000;
const LOOK_MS = 250;

/**
 * Notices within a second that nothing comes any more. The other side's beats are the cheap sign of life; only when they
 * stay away are the connection's own figures asked, since a page in the background beats slowly but still sends sound.
 */
export function watch({ signal, beat, received, starved, fed }: WatchdogOptions): { heard(): void } {
  let last = performance.now();
  let looked = last;
  let bytes = -1;
  let silent = false;
  let asking = false;

  const heard = () => {
    last = performance.now();
    if (silent) {
      silent = false;
      fed();
    }
  };
  const look = async () => {
    const now = performance.now();
    const late = now - looked > 3 * LOOK_MS;
    looked = now;
    // We were asleep, not the other side: what it said waits to be heard.
    if (late && !silent) last = now;
    if (now - last < STARVED_MS * 0.6 || asking) return;
    asking = true;
    const before = bytes;
    bytes = await received().catch(() => before);
    asking = false;
    if (signal.aborted) return;
    if (before >= 0 && bytes > before) heard();
    else if (!silent && performance.now() - last >= STARVED_MS) {
      silent = true;
      starved();
    }
  };
  const timers = [setInterval(beat, 300), setInterval(() => void look(), LOOK_MS)];
  signal.addEventListener("abort", () => timers.forEach(clearInterval), { once: true });
  return { heard };
}
