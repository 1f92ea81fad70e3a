import type { KeyCard } from "../auth/person.ts";
import { cardHolds } from "./signature.ts";

/** Nobody vouches for the key that was sent in somebody's name: nothing may be sealed to it. */
export class KeyUnproven extends Error {
  override readonly name = "KeyUnproven";
}

/** Somebody who was known here by one key is said to have another. */
export class KeyChanged extends Error {
  override readonly name = "KeyChanged";
}

/** What was refused in this page, until a person says that it is right. */
const changed = new Map<string, string>();
const nameOf = (who: string) => `assent.known.${who}`;

/**
 * Before anything is sealed to somebody: their key is the one that their signer vouches for, and the one they had when this
 * browser met them first. `who` is a name that stays, such as `clinician/ID`. Throws `KeyUnproven` and `KeyChanged`.
 */
export function assertKnownKey(who: string, card: KeyCard): void {
  if (!cardHolds(card)) throw new KeyUnproven(`the key of ${who} is not its signer’s`);
  const before = read(who);
  if (before === null) write(who, card.recipient);
  else if (before !== card.recipient) {
    changed.set(who, card.recipient);
    throw new KeyChanged(`${who} had another key`);
  }
}

/** A person asked, and the keys that were refused in this page are theirs. */
export function acceptChangedKeys(): void {
  for (const [who, recipient] of changed) write(who, recipient);
  changed.clear();
}

function read(who: string): string | null {
  try {
    return localStorage.getItem(nameOf(who));
  } catch {
    return null; // a browser that keeps nothing meets everybody for the first time
  }
}

function write(who: string, recipient: string): void {
  try {
    localStorage.setItem(nameOf(who), recipient);
  } catch {
    // as above
  }
}
