import * as z from "zod/mini";
import { hidden } from "../call/files.ts";
import { digestOf } from "../consent/typed-data.ts";
import type { Keys } from "../keyring/keyring.ts";
import { openSealed, sealFor } from "../keyring/sealed.ts";
import { signedBy } from "../keyring/signature.ts";
import type { GuestRole } from "./guest.ts";

/**
 * Who a guest says they are, sealed to the visit's doctor and patient. `signature` is the guest's key over it, so that
 * the name which the patient reads belongs to the key that the patient allows; an invitation only says whom it is for.
 */
const GuestCard = z.object({ name: z.string().check(z.maxLength(120)), signature: z.optional(z.string()) });

interface Allowed {
  consent: { grantee: string };
}

/** Both recipients may open it. */
export const sealInvitation = (recipients: readonly string[], name: string): Promise<string> =>
  sealFor(recipients, { name });

export async function sealGuestName(
  guest: { id: string; role: GuestRole; name: string },
  keys: Keys,
  recipients: readonly string[],
): Promise<string> {
  const { id, role, name } = guest;
  const signature = await keys.sign(digestOf("GuestCard", { guest: id, signer: keys.signer, role, name }));
  return sealFor(recipients, { name, signature });
}

/**
 * The name with nothing hidden in it, or empty. Rejects when a guest who has a key did not sign this name for this link and role: the key that the patient
 * allowed, once there is one, whatever else is said of who took the link.
 */
export async function openGuestName(
  guest: { id: string; role: GuestRole; signer: string | null; details: string | null; consent?: Allowed | null },
  keys: Pick<Keys, "open">,
): Promise<string> {
  const { id, role, details } = guest;
  const signer = guest.consent?.consent.grantee ?? guest.signer;
  if (details === null) return "";
  const { name, signature } = GuestCard.parse(await openSealed(keys, details));
  if (signer && !signedBy(signer, digestOf("GuestCard", { guest: id, signer, role, name }), signature ?? ""))
    throw new Error("this name is not signed by the guest’s key");
  return name.toWellFormed().normalize("NFC").replace(hidden, "").replace(/\s+/g, " ").trim();
}
