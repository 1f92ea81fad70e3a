/** Pauses between tries, in ms; the last one from then on. A browser that is told of a network again tries at once. */
const PAUSES = [500, 1_000, 2_000, 4_000];

/** The bundler's name for a file that did not come. Everything else is a fault of ours, and no trying again mends it. */
const didNotCome = (fault: unknown): boolean => fault instanceof Error && fault.name === "ChunkLoadError";

/**
 * Code that a page fetches when it needs it, asked for again as long as the line is down: what goes on in the page must not
 * end for it. Rejects when `signal` is aborted, and with any other fault. `late` is told once, after the first failure.
 */
export async function bring<T>(load: () => Promise<T>, signal: AbortSignal, late?: () => void): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await load();
    } catch (fault) {
      signal.throwIfAborted();
      if (!didNotCome(fault)) throw fault;
      if (tries === 0) late?.();
      await pause(PAUSES[Math.min(tries, PAUSES.length - 1)]!, signal);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", done);
      signal.removeEventListener("abort", done);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(done, ms);
    globalThis.addEventListener?.("online", done);
    signal.addEventListener("abort", done);
  });
}
