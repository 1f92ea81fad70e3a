import type { KeyCard, Staff } from "@/lib/auth/person.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { askRings, keysBehind, keysHere } from "@/lib/keyring/ring.browser.ts";

/** Whose ring it is. */
export const ownerOf = (staff: Staff) => `staff:${staff.id}`;
/** Kept before the server knows the person, so that a crash in between loses nothing. */
const PENDING = "staff:pending";
/** The same of who was invited: several may join in one browser. */
export const pendingOf = (invitationId: string) => `staff:invited:${invitationId}`;
const PURPOSE = "clinician";

/** This browser's keys of a staff member, or null when the enrolled one is not here. */
export async function keysOf(staff: Staff): Promise<Keys | null> {
  const own = await keysHere(ownerOf(staff), PURPOSE);
  if (own && fits(staff, own)) return own;
  const pending = await keysHere(PENDING, PURPOSE);
  if (!pending || !fits(staff, pending)) return null;
  await adopt(staff);
  return keysHere(ownerOf(staff), PURPOSE);
}

/** True when these words are the kit of the key that is enrolled for the person; it is here from then on. */
export async function restoreKit(staff: Staff, words: readonly string[]): Promise<boolean> {
  if (!staff.key) return false;
  const fitting = { purpose: PURPOSE, signer: staff.key.signer } as const;
  return (await askRings((rings) => rings.restore(ownerOf(staff), words, fitting, true))) === "opened";
}

/** The key that this browser has of the person, enrolled or not. */
export const cardHere = async (staff: Staff): Promise<KeyCard | null> =>
  askRings((rings) => rings.card(ownerOf(staff), PURPOSE));

/**
 * The keys of an account that is about to be made: those an interrupted attempt left, or new ones. Kept before they are used;
 * rejects where the browser keeps nothing.
 */
export async function pendingKeys(pending = PENDING): Promise<Keys> {
  const { card } = await askRings((rings) => rings.make(pending, PURPOSE));
  const { kept } = await askRings((rings) => rings.state(pending));
  if (!kept) throw new Error("This browser keeps nothing.");
  return keysBehind(pending, PURPOSE, card);
}

/** The pending ring is this person's from now on. */
export const adopt = (staff: Staff, pending = PENDING): Promise<void> =>
  askRings((rings) => rings.move(pending, ownerOf(staff)));

const fits = (staff: Staff, keys: Keys) => staff.key?.signer === keys.signer;
