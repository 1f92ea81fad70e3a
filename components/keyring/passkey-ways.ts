import { dropLocker, keepLocker, openLocker } from "@/lib/keyring/api.ts";
import type { Fitting } from "@/lib/keyring/fitting.ts";
import { askPasskey, makePasskey } from "@/lib/keyring/passkey.browser.ts";
import { askRings } from "@/lib/keyring/ring.browser.ts";
import type { Restored } from "@/lib/keyring/rings.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { ask } from "@/lib/wire.ts";

/** A passkey opens this ring from now on, here and on the person's other devices: once the server has what that takes. */
export async function addPasskey(owner: string, name: string): Promise<void> {
  const { credential, secret } = await makePasskey(name);
  const locker = await askRings((rings) => rings.sealFor(owner, secret));
  await ask(keepLocker, locker);
  await askRings((rings) => rings.addPasskey(owner, credential, locker));
}

/** Takes the passkeys away as ways to this ring: at the server first, so that none is left which nobody knows of. */
export async function removePasskeys(owner: string): Promise<void> {
  for (const id of await askRings((rings) => rings.lockers(owner))) await ask(dropLocker, { id });
  await askRings((rings) => rings.removeWay(owner, "passkey"));
}

/** Opens a locked ring of this device. False when it was another passkey. */
export async function unlockByPasskey(owner: string): Promise<boolean> {
  const credentials = await askRings((rings) => rings.passkeys(owner));
  const { secret } = await askPasskey(credentials);
  return askRings((rings) => rings.unlockWithPasskey(owner, secret));
}

/** Brings a ring to this device, if it fits. Throws `locker.not-found` when the passkey opens nothing here. */
export async function bringByPasskey(owner: string, fits: Fitting | null): Promise<Restored> {
  const { credential, secret } = await askPasskey();
  const id = await askRings((rings) => rings.lockerOf(secret));
  const { sealed } = await ask(openLocker, { id });
  return askRings((rings) => rings.restoreFromLocker(owner, { credential, secret, sealed }, fits, true));
}

/** What is to be said when it didn't go on; null where the person simply closed the question. */
export function passkeyTrouble(fault: unknown): string | null {
  if (fault instanceof Error && fault.name === "NotAllowedError") return null;
  if (fault instanceof Error && fault.name === "NoPrf")
    return "This device’s passkeys can’t open records. Use your recovery kit instead.";
  if (fault instanceof Refusal) return wordsFor(fault);
  return "Your passkey didn’t answer, or this browser keeps nothing. Try again, or use your recovery kit.";
}
