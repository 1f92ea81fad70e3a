import { createHash, createHmac } from "node:crypto";
import { type IceServer, RELAY_SECONDS } from "../../lib/call/protocol.ts";

/** Relays that share one secret with us (coturn's `use-auth-secret`). */
export interface Relays {
  urls: string[];
  secret: string;
}

/**
 * How one member of a visit's call reaches through firewalls. The relay learns neither the visit nor who it is: a digest
 * keeps them apart, so that its quota counts for each member alone. Only who sits in a live call may be given this.
 */
export function iceServersFor(
  helpers: { stunUrls: string[]; turn: Relays | null },
  visitId: string,
  member: string,
  now: Date,
): IceServer[] {
  const servers: IceServer[] = helpers.stunUrls.length > 0 ? [{ urls: helpers.stunUrls }] : [];
  if (!helpers.turn) return servers;
  const whose = createHash("sha256")
    .update(JSON.stringify(["relay", visitId, member]))
    .digest("hex")
    .slice(0, 32);
  const username = `${Math.floor(now.getTime() / 1_000) + RELAY_SECONDS}:${whose}`;
  const credential = createHmac("sha1", helpers.turn.secret).update(username).digest("base64");
  return [...servers, { urls: helpers.turn.urls, username, credential }];
}
