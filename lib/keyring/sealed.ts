import { Decrypter, Encrypter } from "age-encryption";
import { fromBase64, toBase64 } from "./bytes.ts";

/** A small JSON value as an age file (base64) for the recipients. age does not name the sender: sign what must have one. */
export async function sealFor(recipients: readonly string[], value: unknown): Promise<string> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return toBase64(await encrypter.encrypt(JSON.stringify(value)));
}

/** Opens what `sealFor` made. Throws when the identity is not among the recipients or the file was changed. */
export async function openSealed(identity: string, sealed: string): Promise<unknown> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return JSON.parse(await decrypter.decrypt(fromBase64(sealed), "text"));
}
