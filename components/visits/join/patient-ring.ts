import { PATIENT } from "@/lib/keyring/owners.ts";
import { isKept } from "@/lib/keyring/vault.browser.ts";

// Apart from the keys that are made of it: whether there is one is asked before anything of cryptography is loaded.

/** A browser that keeps nothing has it as long as the page lasts. */
let here = false;

/** Looked for while the page is still being drawn: nothing of it is shown before this is known. */
let early = typeof indexedDB === "undefined" ? undefined : look();

function look(): Promise<boolean> {
  return isKept(PATIENT).catch(() => false);
}

export async function hasRing(): Promise<boolean> {
  const first = early;
  early = undefined;
  return here || (first ? await first : await look());
}

export const remember = (): void => {
  here = true;
};
