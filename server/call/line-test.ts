import { randomBytes } from "node:crypto";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { LINE_BYTES, lookAtLine } from "../../lib/call/line-test.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Door, Http } from "../http.ts";

/** Kilobytes a minute that one address may move: some forty tests, and no way to fill the clinic's line. */
const KILOBYTES_A_MINUTE = 16_384;

/** What a device is tested against before a visit. Tells nothing about the clinic, keeps nothing, and leaves no line on the trail. */
export function answerLineTest(door: Door, { helpers, now }: { helpers: readonly string[]; now: () => Date }): void {
  const moved = new RateLimiterMemory({ points: KILOBYTES_A_MINUTE, duration: 60 });
  const count = async (http: Http, bytes: number) => {
    await moved.consume(http.req.header("x-real-ip") ?? "", Math.ceil(bytes / 1024)).catch(() => {
      throw new Refusal("request.too-many");
    });
  };
  const noise = randomBytes(LINE_BYTES.down);

  door.on(lookAtLine, "anyone", async () => ({ at: now().toISOString(), helpers: [...helpers] }));
  door.raw("GET", LINE_BYTES.path, "anyone", async (http) => {
    await count(http, noise.length);
    return http.body(noise, 200, { "content-type": "application/octet-stream" });
  });
  door.raw(
    "POST",
    LINE_BYTES.path,
    "anyone",
    async (http) => {
      await count(http, LINE_BYTES.up);
      await http.req.arrayBuffer();
      return http.json({});
    },
    LINE_BYTES.up,
  );
}
