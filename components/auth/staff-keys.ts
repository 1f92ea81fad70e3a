import { bringByPasskey } from "@/components/keyring/passkey-ways.ts";
import { deviceKeys, newKey } from "@/lib/auth/device.ts";
import { readOwnKeys } from "@/lib/auth/people-api.ts";
import type { KeyCard, NewKey, Staff } from "@/lib/auth/person.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { deviceOf } from "@/lib/keyring/owners.ts";
import { askRings, keysBehind, keysHere } from "@/lib/keyring/ring.browser.ts";
import { ask } from "@/lib/wire.ts";

/** Whose ring it is. */
export const ownerOf = (staff: Staff) => `staff:${staff.id}`;
/** Kept before the server knows the person, so that a crash in between loses nothing. */
const PENDING = "staff:pending";
/** The same of who was invited: several may join in one browser. */
export const pendingOf = (invitationId: string) => `staff:invited:${invitationId}`;
const PURPOSE = "clinician";

/** How often a page looks what became of a key elsewhere, in milliseconds: it shows up without a reload. */
export const EVERY_MS = 5_000;

/** `person` is what the recovery kit opens, the same everywhere; `keys` sign with this browser's own key. */
export interface Doctor {
  keys: Keys;
  person: Keys;
}

/** What this browser has of a staff member. */
export type Here =
  | ({ is: "ready" } & Doctor)
  /** Brought, and not enrolled yet. */
  | { is: "waits"; card: KeyCard }
  /** The person's kit is open here, but this browser has no key that counts: none yet, or it was removed. */
  | { is: "keyless"; removed: boolean }
  /** The person's kit is on paper, behind a passkey or in another browser. */
  | { is: "closed"; person: string }
  /** Nobody of this account ever made a key. */
  | { is: "none" };

export async function keysOf(staff: Staff): Promise<Here> {
  const there = (await doctorIn(ownerOf(staff))) ?? (await adopted(staff));
  if (there && isOf(staff.keys, there)) return { is: "ready", ...there };
  const { keys } = await ask(readOwnKeys, {});
  const person = await keysHere(ownerOf(staff), PURPOSE);
  if (!person) return keys[0] ? { is: "closed", person: keys[0].person } : { is: "none" };
  const own = keys.find(({ card }) => card.signer === there?.keys.signer);
  if (there && own && !own.removedAt && !own.enrolledAt) return { is: "waits", card: there.keys.card };
  return { is: "keyless", removed: Boolean(own?.removedAt) };
}

/** True when these words are the kit that vouched for the person's keys; it is open here from then on. */
export async function restoreKit(staff: Staff, person: string, words: readonly string[]): Promise<boolean> {
  const fitting = { purpose: PURPOSE, signer: person } as const;
  return (await askRings((rings) => rings.restore(ownerOf(staff), words, fitting, true))) === "opened";
}

/** The same with a passkey; rejects as a passkey does. */
export const restoreByPasskey = async (staff: Staff, person: string): Promise<boolean> =>
  (await bringByPasskey(ownerOf(staff), { purpose: PURPOSE, signer: person })) === "opened";

/** The kit is lost, and with it what was sealed to it: the person begins again with another. */
export const startAnew = async (staff: Staff): Promise<void> =>
  void (await askRings((rings) => rings.make(ownerOf(staff), PURPOSE)));

/** A key for this browser, to be brought and enrolled. One that was removed gives way to another. */
export async function makeKey(staff: Staff, device: string): Promise<NewKey> {
  const owner = ownerOf(staff);
  await askRings((rings) => rings.forget(deviceOf(owner)));
  return keyIn(owner, device);
}

/**
 * The key of an account that is about to be made: what an interrupted attempt left, or a new one. Kept before it is used;
 * rejects where the browser keeps nothing.
 */
export const pendingKey = (device: string, pending = PENDING): Promise<NewKey> => keyIn(pending, device);

/** What was pending is this person's from now on. */
export async function adopt(staff: Staff, pending = PENDING): Promise<void> {
  const owner = ownerOf(staff);
  await askRings((rings) => rings.move(pending, owner));
  await askRings((rings) => rings.move(deviceOf(pending), deviceOf(owner)));
}

async function keyIn(owner: string, device: string): Promise<NewKey> {
  const person = await kept(owner);
  return newKey(person, await deviceKeys(person, await kept(deviceOf(owner))), device);
}

async function kept(owner: string): Promise<Keys> {
  const { card } = await askRings((rings) => rings.make(owner, PURPOSE));
  if (!(await askRings((rings) => rings.state(owner))).kept) throw new Error("This browser keeps nothing.");
  return keysBehind(owner, PURPOSE, card);
}

async function doctorIn(owner: string): Promise<Doctor | null> {
  const person = await keysHere(owner, PURPOSE);
  const device = person && (await keysHere(deviceOf(owner), PURPOSE));
  return device && { person, keys: await deviceKeys(person, device) };
}

/** The clinic was made, and the page went before it knew. */
async function adopted(staff: Staff): Promise<Doctor | null> {
  const pending = await doctorIn(PENDING);
  if (!pending || !isOf(staff.keys, pending)) return null;
  await adopt(staff);
  return doctorIn(ownerOf(staff));
}

const isOf = (enrolled: readonly KeyCard[], { keys }: Doctor) => enrolled.some(({ signer }) => signer === keys.signer);
