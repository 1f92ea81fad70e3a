import { dropLocker, keepLocker, openLocker } from "@/lib/keyring/api.ts";
import { askPasskey, makePasskey } from "@/lib/keyring/passkey.browser.ts";
import { askRings } from "@/lib/keyring/ring.browser.ts";
import type { Restored } from "@/lib/keyring/rings.ts";
import { ask } from "@/lib/wire.ts";

/** A passkey opens this ring from now on, here and on the person's other devices. */
export async function addPasskey(owner: string, name: string): Promise<void> {
  const { credential, secret } = await makePasskey(name);
  const locker = await askRings((rings) => rings.addPasskey(owner, credential, secret));
  await ask(keepLocker, locker);
}

/** Takes the passkeys away as ways to this ring, here and at the server. */
export async function removePasskeys(owner: string): Promise<void> {
  for (const id of await askRings((rings) => rings.removeWay(owner, "passkey"))) await ask(dropLocker, { id });
}

/** Opens a locked ring of this device. False when it was another passkey. */
export async function unlockByPasskey(owner: string): Promise<boolean> {
  const credentials = await askRings((rings) => rings.passkeys(owner));
  const { secret } = await askPasskey(credentials);
  return askRings((rings) => rings.unlockWithPasskey(owner, secret));
}

/** Brings a ring to this device. Throws `locker.not-found` when the passkey opens nothing here. */
export async function bringByPasskey(owner: string): Promise<Restored> {
  const { credential, secret } = await askPasskey();
  const id = await askRings((rings) => rings.lockerOf(secret));
  const { sealed } = await ask(openLocker, { id });
  return askRings((rings) => rings.restoreFromLocker(owner, { credential, secret, sealed }, true));
}

/** What is to be said when it didn't go on; null where the person simply closed the question. */
export function passkeyTrouble(fault: unknown): string | null {
  if (fault instanceof Error && fault.name === "NotAllowedError") return null;
  if (fault instanceof Error && fault.name === "NoPrf")
    return "This device’s passkeys can’t open records. Use your recovery kit instead.";
  return "That passkey opens no records here. Try another one, or your recovery kit.";
}
