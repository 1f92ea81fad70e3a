import { fromBase64Url, fromHex, randomHex, sha256, toBase64Url, toHex } from "../keyring/bytes.ts";

/**
 * A join link: `/join/<visit>#<secret>`. The secret (256 bits) stays in the fragment and in its doctor's sealed notes. What
 * the server sees at the claim is a token derived from it, and what it keeps is that token's hash.
 */
export interface Link {
  readonly visitId: string;
  readonly secret: string;
  readonly claimHash: string;
}

export async function newLink(): Promise<Link> {
  const secret = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  return { visitId: randomHex(16).slice(2), secret, claimHash: await claimHashOf(await tokenOf(secret)) };
}

export const linkOf = (origin: string, visitId: string, secret: string): string =>
  `${origin}/join/${visitId}#${secret}`;

/** Shape of a visit's id, for pages that carry no schemas. */
export const isVisitId = (text: string | undefined): text is string => /^[0-9a-f]{32}$/.test(text ?? "");

/** A guest's link: the fragment says so, since the address is of the same kind. */
export const GUEST = "guest.";
export const guestLinkOf = (origin: string, guestId: string, secret: string): string =>
  linkOf(origin, guestId, GUEST + secret);

/** The way in for a colleague: the same kind of link, at an address of its own. */
export const inviteLinkOf = (origin: string, invitationId: string, secret: string): string =>
  `${origin}/invite/${invitationId}#${secret}`;

/** Shape of a secret; anything else in the fragment is an incomplete link. */
export const isSecret = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text);

/** HKDF-SHA-256 of the secret: what the patient's browser shows the server to claim the link. */
export async function tokenOf(secret: string): Promise<string> {
  const raw = fromBase64Url(secret) as Uint8Array<ArrayBuffer>;
  const key = await crypto.subtle.importKey("raw", raw, "HKDF", false, ["deriveBits"]);
  const info = new TextEncoder().encode("assent/1/claim");
  const bits = await crypto.subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info },
    key,
    256,
  );
  return toHex(new Uint8Array(bits));
}

/** What the server keeps of a token. */
export const claimHashOf = (token: string): Promise<string> => sha256(fromHex(token));

/** How a consent names its visit on the ledger: a hash of 128 random bits, so it leads nowhere without the visit's id. */
export const visitTopic = (visitId: string): Promise<string> =>
  sha256(new TextEncoder().encode(`assent/1/visit/${visitId}`));
