import { loadAge } from "./age.ts";
import { fromBase64, toBase64 } from "./bytes.ts";
import type { Keys } from "./keyring.ts";

/** Plaintext is padded to full steps of this many bytes, so that lengths tell nothing. */
const STEP = 1024;

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

/** Opens what `sealFor` made. Throws when it was sealed to others or was changed. */
export async function openSealed(keys: Pick<Keys, "open">, sealed: string): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await keys.open(fromBase64(sealed))));
}
