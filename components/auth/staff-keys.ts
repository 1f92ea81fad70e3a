import type { Staff } from "@/lib/auth/person.ts";
import { clinicianKeys, type Keys } from "@/lib/keyring/keyring.ts";
import { forgetSeed, keepSeed, loadSeed } from "@/lib/keyring/vault.browser.ts";

const ownerOf = (staff: Staff) => `staff:${staff.id}`;
/** Kept before the server knows the person, so that a crash in between loses nothing. */
const PENDING = "staff:pending";

export interface Keyring {
  seed: Uint8Array;
  keys: Keys;
}

/** This browser's keyring of a staff member, or null when the enrolled key is not here. */
export async function keyringOf(staff: Staff): Promise<Keyring | null> {
  const own = await opened(await loadSeed(ownerOf(staff)));
  if (own && fits(staff, own)) return own;
  const pending = await opened(await loadSeed(PENDING));
  if (!pending || !fits(staff, pending)) return null;
  await adopt(staff, pending.seed);
  return pending;
}

/** The keyring of these words' seed when it is the one enrolled for the person; kept here from then on. */
export async function restoreKeyring(staff: Staff, seed: Uint8Array): Promise<Keyring | null> {
  const found = await opened(seed);
  if (!found || !fits(staff, found)) return null;
  await keepSeed(ownerOf(staff), seed);
  return found;
}

/** The seed of a clinic that is about to be made: the one an interrupted attempt left, or a new one. Kept before it is used. */
export async function pendingKeyring(makeSeed: () => Uint8Array): Promise<Keyring> {
  const left = await loadSeed(PENDING);
  const seed = left ?? makeSeed();
  if (!left) await keepSeed(PENDING, seed);
  return { seed, keys: await clinicianKeys(seed) };
}

/** The pending seed is this person's from now on. */
export async function adopt(staff: Staff, seed: Uint8Array): Promise<void> {
  await keepSeed(ownerOf(staff), seed);
  await forgetSeed(PENDING);
}

async function opened(seed: Uint8Array | null): Promise<Keyring | null> {
  return seed ? { seed, keys: await clinicianKeys(seed) } : null;
}

const fits = (staff: Staff, keyring: Keyring) => staff.key?.signer === keyring.keys.signer;
