import * as z from "zod/mini";
import type { Kind } from "../consent/grant.ts";
import { digestOf } from "../consent/typed-data.ts";
import { fromBase64, sha256 } from "../keyring/bytes.ts";
import type { Keys } from "../keyring/keyring.ts";
import { openSealed, sealFor } from "../keyring/sealed.ts";
import { signedBy } from "../keyring/signature.ts";
import { Base64, Bytes32, Recipient, Signature } from "../wire.ts";

/**
 * What the author of an envelope signs. age hides what is inside and says nothing of who put it there, so everything that
 * could be exchanged for something else is in the seal: where it belongs, what it is, which version of it, for whom it was
 * made, what the ledger knows of it, and what it takes the place of.
 */
export interface Envelope {
  /** Empty for what belongs to no visit. */
  readonly visit: string;
  readonly type: Kind | "notes" | "folder" | "background";
  /** 1 and on; a record has only one. */
  readonly version: number;
  /** SHA-256 of the age file. */
  readonly ciphertext: string;
  /** age recipients, in any order. */
  readonly recipients: readonly string[];
  /** `NOTHING` for what the ledger does not know. */
  readonly commitment: string;
  /** `ciphertext` of the version before; `NOTHING` for the first. */
  readonly previous: string;
}

export const NOTHING = `0x${"00".repeat(32)}`;

const digestOfEnvelope = ({ recipients, ...rest }: Envelope): string =>
  digestOf("Envelope", { ...rest, recipients: [...recipients].sort().join(",") });

export const sealEnvelope = (envelope: Envelope, keys: Keys): Promise<string> => keys.sign(digestOfEnvelope(envelope));

export const sealHolds = (envelope: Envelope, signer: string, seal: string): boolean =>
  signedBy(signer, digestOfEnvelope(envelope), seal);

/** SHA-256 of an age file in base64, as a seal names it. */
export const ciphertextOf = (file: string): Promise<string> => sha256(fromBase64(file));

/** Something one person keeps, for themselves or for another, and replaces at each save. `sealed` is an age file for `recipient`. */
export const keptFor = (largest: number) =>
  z.object({
    sealed: Base64.check(z.maxLength(largest)),
    seal: Signature,
    recipient: Recipient,
    version: z.int().check(z.gte(1), z.lte(1_000_000)),
    previous: Bytes32,
  });
export type Kept = z.infer<ReturnType<typeof keptFor>>;

type What = Pick<Envelope, "visit" | "type">;

/** A version that somebody made or opened. */
export interface Seen {
  readonly version: number;
  readonly ciphertext: string;
}
export const seenOf = async ({ version, sealed }: Kept): Promise<Seen> => ({
  version,
  ciphertext: await ciphertextOf(sealed),
});

/** The version that takes the place of `before`, by whoever has the keys. */
export async function keepFor(
  what: What,
  value: unknown,
  before: Seen | null,
  keys: Keys,
  recipient = keys.recipient,
): Promise<Kept> {
  const sealed = await sealFor([recipient], value);
  const version = (before?.version ?? 0) + 1;
  const kept = { sealed, recipient, version, previous: before?.ciphertext ?? NOTHING };
  return { ...kept, seal: await sealEnvelope(await envelopeOf(what, kept), keys) };
}

/** True when this signer kept it, as this and in this version. */
export async function keptHolds(what: What, kept: Kept, signer: string): Promise<boolean> {
  return sealHolds(await envelopeOf(what, kept), signer, kept.seal);
}

/** Throws when it is another's, something else, or was changed. */
export async function openKept(what: What, kept: Kept, keys: Keys, signer = keys.signer): Promise<unknown> {
  if (kept.recipient !== keys.recipient || !(await keptHolds(what, kept, signer)))
    throw new Error("This is not what was kept.");
  return openSealed(keys, kept.sealed);
}

/** True when it takes the place of exactly what is kept. */
export async function comesAfter(kept: Kept, before: Kept | null): Promise<boolean> {
  if (!before) return kept.version === 1 && kept.previous === NOTHING;
  return kept.version === before.version + 1 && kept.previous === (await ciphertextOf(before.sealed));
}

/** An older version was given out than one that was seen here, or one that did not come of it. */
export class RolledBack extends Error {
  override readonly name = "RolledBack";
}

/** Throws `RolledBack`. Of versions in between nothing is known here. */
export async function assertNotRolledBack(kept: Kept, seen: Seen | null): Promise<Seen> {
  const now = await seenOf(kept);
  if (!seen || now.version > seen.version + 1) return now;
  const same = now.version === seen.version && now.ciphertext === seen.ciphertext;
  const next = now.version === seen.version + 1 && kept.previous === seen.ciphertext;
  if (!same && !next) throw new RolledBack("this is not the newest that was kept");
  return now;
}

const envelopeOf = async (what: What, { sealed, ...kept }: Omit<Kept, "seal">): Promise<Envelope> => ({
  visit: what.visit,
  type: what.type,
  version: kept.version,
  ciphertext: await ciphertextOf(sealed),
  recipients: [kept.recipient],
  commitment: NOTHING,
  previous: kept.previous,
});
