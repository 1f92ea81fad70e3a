import { keepSeed, loadSeed } from "@/lib/keyring/vault.browser.ts";

// Apart from the keys that are made of it: whether there is one is asked before anything of cryptography is loaded.

/** All of a patient's keys on this device come from one seed. */
const OWNER = "patient";

/** In memory too, for a browser that keeps nothing: it lasts as long as the page. */
let remembered: Uint8Array | undefined;

/** Looked for while the page is still being drawn: nothing of it is shown before this is known. */
let early = typeof indexedDB === "undefined" ? undefined : look();

function look(): Promise<Uint8Array | null> {
  return loadSeed(OWNER).catch(() => null);
}

export async function patientSeed(): Promise<Uint8Array | null> {
  const first = early;
  early = undefined;
  return remembered ?? (first ? await first : await look());
}

export async function rememberSeed(seed: Uint8Array): Promise<void> {
  await keepSeed(OWNER, seed).catch(() => {});
  remembered = seed;
}
