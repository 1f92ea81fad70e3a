import { Refusal, type RefusalCode } from "@/lib/refusal.ts";
import { rest } from "@/lib/rest.ts";

/** Pauses between tries while there is no line, in ms: about half a minute in all. */
const PAUSES = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

/** What passes by itself: no line, a line that was too slow for a while, stores that are away. */
const passing = new Set<RefusalCode>(["server.unreachable", "request.too-slow", "storage.away"]);

/**
 * Asks again while the server, or what it keeps files in, can’t be reached. What is asked must bear being asked twice: an
 * answer may have been lost.
 */
export async function whileUnreachable<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (fault) {
      const pause = PAUSES[tries];
      if (!(fault instanceof Refusal && passing.has(fault.code)) || pause === undefined) throw fault;
      await rest(pause, signal);
    }
  }
}
