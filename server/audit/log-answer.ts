import { followLog } from "../../lib/audit/api.ts";
import { readTilePath, tileBytes } from "../../lib/audit/tiles.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Door } from "../http.ts";
import type { Log } from "./log.ts";

/** What never changes may be kept for ever, also by who is between us. */
const FOR_EVER = "public, max-age=31536000, immutable";

/** The log for whoever follows it: c2sp.org/tlog-tiles at `/log`, and what our own pages ask. Nothing in it is about anybody. */
export function answerLog(door: Door, log: Log): void {
  const send = (body: string | Uint8Array, type: string, caching: string) =>
    new Response(body as Uint8Array<ArrayBuffer>, {
      headers: { "content-type": type, "cache-control": caching, "access-control-allow-origin": "*" },
    });

  door.raw("GET", "/log/checkpoint", "anyone", async () => {
    const signed = log.signed();
    if (!signed) throw new Refusal("request.not-found");
    return send(signed.note, "text/plain; charset=utf-8", "no-cache");
  });
  door.raw("GET", "/log/tile/*", "anyone", async (http) => {
    const asked = readTilePath(http.req.path.slice("/log/".length));
    if (!asked) throw new Refusal("request.not-found");
    const bytes = asked.entries
      ? await log.leaves(asked.tile).then((leaves) => leaves && bundle(leaves))
      : await log.tile(asked.tile).then((hashes) => hashes && tileBytes(hashes));
    if (!bytes) throw new Refusal("request.not-found");
    return send(bytes, "application/octet-stream", FOR_EVER);
  });
  door.on(followLog, "anyone", async ({ since, also }) => {
    const signed = log.signed();
    // Asked for before anything is waited for: both are to this checkpoint.
    const proofs = [since, also].map((size) => (size === undefined ? null : log.consistency(size)));
    const [proof = null, other = null] = await Promise.all(proofs);
    return { checkpoint: signed?.note ?? null, key: log.key, proof, also: other };
  });
}

/** Leaves after each other, each with its length before it in two bytes, the greater first. */
function bundle(leaves: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(leaves.flatMap((leaf) => [leaf.length >> 8, leaf.length & 255, ...leaf]));
}
