import type { Seen } from "./seal.ts";

/**
 * The newest version of what is kept for somebody and replaced at each save, as this browser saw it: a server that hands out
 * an older one is noticed. Nothing of it says what is inside.
 */
const nameOf = (what: string) => `assent.seen.${what}`;

export function seenHere(what: string): Seen | null {
  try {
    const [version, ciphertext] = (localStorage.getItem(nameOf(what)) ?? "").split(" ");
    return ciphertext ? { version: Number(version), ciphertext } : null;
  } catch {
    return null; // a browser that keeps nothing
  }
}

export function rememberSeen(what: string, { version, ciphertext }: Seen): void {
  try {
    localStorage.setItem(nameOf(what), `${version} ${ciphertext}`);
  } catch {
    // as above
  }
}

/** Somebody said that the older one is to be used. */
export function forgetSeen(what: string): void {
  try {
    localStorage.removeItem(nameOf(what));
  } catch {
    // as above
  }
}
