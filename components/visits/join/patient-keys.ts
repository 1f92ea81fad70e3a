import { forgetKitSaved } from "@/components/keyring/kit-saved.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { PATIENT, visitPurpose } from "@/lib/keyring/owners.ts";
import { askRings, keysBehind, keysHere } from "@/lib/keyring/ring.browser.ts";
import type { Restored } from "@/lib/keyring/rings.ts";
import { pseudonymOf } from "@/lib/visits/pseudonym.ts";
import { remember } from "./patient-ring.ts";

/** Has the place where keys are made begin: that takes a moment, and somebody is about to go on. */
export const readyKeys = (): void => void askRings((rings) => rings.state(PATIENT)).catch(() => {});

/** This visit's keys, from the ring that is here or a new one. Two tabs agree on one. */
export async function makeKeys(visitId: string): Promise<Keys> {
  const purpose = visitPurpose(visitId);
  const { card, isNew } = await askRings((rings) => rings.make(PATIENT, purpose));
  if (isNew) forgetKitSaved();
  remember();
  return keysBehind(PATIENT, purpose, card);
}

/** The keys a visit was claimed with, or null when they are not in this browser (any more). */
export async function keysFor(visitId: string, pseudonym: string | null): Promise<Keys | null> {
  const keys = await keysHere(PATIENT, visitPurpose(visitId));
  return keys && (pseudonym === null || pseudonymOf(keys.signer) === pseudonym) ? keys : null;
}

/** A visit and the signer that claimed it. */
export interface Claimed {
  visitId: string;
  signer: string;
}

/** Takes a recovery kit when it made the visit's signer. Another ring that is here gives way only when `replacing`. */
export async function restoreKit(
  { visitId, signer }: Claimed,
  words: readonly string[],
  replacing: boolean,
): Promise<Restored> {
  const fits = { purpose: visitPurpose(visitId), signer };
  const restored = await askRings((rings) => rings.restore(PATIENT, words, fits, replacing));
  if (restored === "opened") remember();
  return restored;
}
