import { forgetKitSaved } from "@/components/keyring/kit-saved.ts";
import type { Restored } from "@/components/keyring/open-records.tsx";
import { type Keys, newSeed, patientKeys } from "@/lib/keyring/keyring.ts";
import { pseudonymOf } from "@/lib/visits/pseudonym.ts";
import { patientSeed, rememberSeed } from "./patient-seed.ts";

/** This visit's keys, from the seed that is here or a new one. Two tabs agree on one seed. */
export async function makeKeys(visitId: string): Promise<Keys> {
  const seed = await alone(async () => {
    const known = await patientSeed();
    if (known) return known;
    const made = newSeed();
    await rememberSeed(made);
    forgetKitSaved();
    return made;
  });
  return patientKeys(seed, visitId);
}

/** The keys a visit was claimed with, or null when they are not in this browser (any more). */
export async function keysFor(visitId: string, pseudonym: string | null): Promise<Keys | null> {
  const seed = await patientSeed();
  if (!seed) return null;
  const keys = await patientKeys(seed, visitId);
  return pseudonym === null || pseudonymOf(keys.signer) === pseudonym ? keys : null;
}

/** A visit and the signer that claimed it. */
export interface Claimed {
  visitId: string;
  signer: string;
}

/** Takes the seed of a recovery kit when it made the visit's signer. Another seed that is here gives way only when `replacing`. */
export async function restoreSeed(
  { visitId, signer }: Claimed,
  seed: Uint8Array,
  replacing: boolean,
): Promise<Restored> {
  if ((await patientKeys(seed, visitId)).signer !== signer) return "not-this-visit";
  return alone(async () => {
    const here = await patientSeed();
    if (here && !replacing && !same(here, seed)) return "in-the-way";
    await rememberSeed(seed);
    return "opened";
  });
}

const same = (one: Uint8Array, other: Uint8Array) => one.every((byte, at) => byte === other[at]);

function alone<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks ? (navigator.locks.request("assent-seed", work) as Promise<T>) : work();
}
