import { RateLimiterMemory } from "rate-limiter-flexible";
import { Refusal, type RefusalCode } from "../lib/refusal.ts";
import type { Http } from "./http.ts";

/**
 * Tries of links and keys that came to nothing, by address: twenty an hour. Only they are refused: a token has 256 bits, so who
 * has it is never kept out because of others behind the same address.
 */
export function openGuesses(...codes: RefusalCode[]) {
  const wrong = new RateLimiterMemory({ points: 20, duration: 3600 });
  return async <T>(http: Http, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refusal && codes.includes(error.code))) throw error;
      const left = await wrong.consume(http.req.header("x-real-ip") ?? "").catch(() => null);
      throw left ? error : new Refusal("request.too-many");
    }
  };
}
