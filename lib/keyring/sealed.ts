import { fromBase64, toBase64 } from "./bytes.ts";

/** With all it can do age weighs more than a page: it is fetched where something is sealed or opened, and not to sign. */
export const loadAge = () => import("age-encryption");

/** Plaintext is padded to full steps of this many bytes, so that lengths tell nothing. */
export const STEP = 1024;

/**
 * A small JSON value as an age file (base64) for the recipients. Spaces after it fill the last step. age does not name the
 * sender: sign what must have one.
 */
export async function sealFor(recipients: readonly string[], value: unknown): Promise<string> {
  const { Encrypter } = await loadAge();
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  const bare = new TextEncoder().encode(JSON.stringify(value));
  const padded = new Uint8Array(Math.ceil(bare.length / STEP) * STEP).fill(" ".charCodeAt(0));
  padded.set(bare);
  return toBase64(await encrypter.encrypt(padded));
}

/** Opens what `sealFor` made. Throws when the identity is not among the recipients or the file was changed. */
export async function openSealed(identity: string, sealed: string): Promise<unknown> {
  const { Decrypter } = await loadAge();
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return JSON.parse(await decrypter.decrypt(fromBase64(sealed), "text"));
}
