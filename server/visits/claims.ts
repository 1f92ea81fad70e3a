import { createHash, timingSafeEqual } from "node:crypto";
import { digestOf } from "../../lib/consent/typed-data.ts";
import { signedBy } from "../../lib/keyring/signature.ts";
import { Refusal } from "../../lib/refusal.ts";
import { claimHashOf } from "../../lib/visits/link.ts";

/** What taking a link is made of, be it a patient's or a guest's. */

/** A claim's proof may be this many seconds off our clock. */
const CLOCK_SECONDS = 300;
/** Who came by a link keeps a session for a day after the end; a patient's link, with the same key, begins another. */
export const SESSION_AFTER_MS = 24 * 3_600_000;

/** Throws unless the browser just showed that it holds the key it brings. `linkId` is the id in the link's address. */
export function assertProven(
  asked: { signer: string; recipient: string; at: number; proof: string },
  linkId: string,
  now: Date,
): void {
  const { signer, recipient, at, proof } = asked;
  if (Math.abs(now.getTime() / 1000 - at) > CLOCK_SECONDS) throw new Refusal("signature.expired");
  if (!signedBy(signer, digestOf("Claim", { visit: linkId, signer, recipient, at }), proof))
    throw new Refusal("signature.wrong");
}

/** Whether the token belongs to the hash that was kept; costs the same when there is none. */
export const tokenIs = async (claimHash: string | undefined, token: string): Promise<boolean> =>
  sameText(claimHash ?? hashOf(""), await claimHashOf(token));

export const hashOf = (text: string): string => `0x${createHash("sha256").update(text).digest("hex")}`;
export const sameText = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
