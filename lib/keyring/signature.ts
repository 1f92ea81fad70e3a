import type { KeyCard } from "../auth/person.ts";
import { digestOf } from "../consent/typed-data.ts";
import { ORDER, recoverAddress } from "./ecdsa.ts";

// What anyone can check of a signature; who makes one has keys, in `keyring.ts`.

/** True when the card's signer really vouches for its recipient. */
export function cardHolds(card: KeyCard): boolean {
  return signedBy(card.signer, digestOf("KeyCard", { signer: card.signer, recipient: card.recipient }), card.binding);
}

/** True when `signature` over `digest` is the signer's. Only 20-byte signers have a key to recover; others are the contract's to check. */
export function signedBy(signer: string, digest: string, signature: string): boolean {
  // Exactly the form the contract takes: others would be good here and refused there.
  if (!/^0x[0-9a-f]{128}1[bc]$/.test(signature)) return false;
  // The lower of the two s alone, to the last bit: the library that recovers the key looks at its first bit.
  if (BigInt(`0x${signature.slice(66, 130)}`) > ORDER / 2n) return false;
  try {
    return recoverAddress(digest, signature) === signer;
  } catch {
    return false;
  }
}
