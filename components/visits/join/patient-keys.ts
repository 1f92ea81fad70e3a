import { type Keys, newSeed, patientKeys } from "@/lib/keyring/keyring.ts";
import { keepSeed, loadSeed } from "@/lib/keyring/vault.browser.ts";
import { pseudonymOf } from "@/lib/visits/pseudonym.ts";

/** All of a patient's keys on this device come from one seed. */
const OWNER = "patient";

/** In memory too, for a browser that keeps nothing: it lasts as long as the page. */
let remembered: Uint8Array | undefined;

export const patientSeed = async (): Promise<Uint8Array | null> =>
  remembered ?? (await loadSeed(OWNER).catch(() => null));

/** This visit's keys, from the seed that is here or a new one. Two tabs agree on one seed. */
export async function makeKeys(visitId: string): Promise<Keys> {
  const seed = await alone(async () => {
    const known = await patientSeed();
    if (known) return known;
    const made = newSeed();
    await keepSeed(OWNER, made).catch(() => {});
    return made;
  });
  remembered = seed;
  return patientKeys(seed, visitId);
}

/** The keys a visit was claimed with, or null when they are not in this browser (any more). */
export async function keysFor(visitId: string, pseudonym: string | null): Promise<Keys | null> {
  const seed = await patientSeed();
  if (!seed) return null;
  const keys = await patientKeys(seed, visitId);
  return pseudonym === null || pseudonymOf(keys.signer) === pseudonym ? keys : null;
}

function alone<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks ? (navigator.locks.request("assent-seed", work) as Promise<T>) : work();
}
