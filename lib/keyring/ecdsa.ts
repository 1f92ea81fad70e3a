import { secp256k1 } from "@noble/curves/secp256k1.js";
import { fromHex, toHex } from "./bytes.ts";
import { keccak256 } from "./keccak.ts";

// ECDSA over secp256k1 as Ethereum has it. `digest` is 32 bytes as `0x…`; addresses are lower case.

const addressOf = (publicKey: Uint8Array): string => `0x${keccak256(publicKey.subarray(1)).slice(-40)}`;

export const addressOfSecret = (secret: Uint8Array): string => addressOf(secp256k1.getPublicKey(secret, false));

/** r, s and 27 or 28, the form that the contract takes. By RFC 6979: the same digest gives the same signature. */
export function signDigest(secret: Uint8Array, digest: string): string {
  // Not hashed again.
  const options = { prehash: false, format: "recovered" } as const;
  const [recovery, ...both] = secp256k1.sign(digestBytes(digest), secret, options);
  return toHex(Uint8Array.of(...both, 27 + recovery!));
}

/** Whose key signed, when it is of that form and any key did. Throws otherwise. */
export function recoverAddress(digest: string, signature: string): string {
  const bytes = fromHex(signature);
  const recovered = Uint8Array.of(bytes.at(-1)! - 27, ...bytes.subarray(0, -1));
  const publicKey = secp256k1.Signature.fromBytes(recovered, "recovered").recoverPublicKey(digestBytes(digest));
  return addressOf(publicKey.toBytes(false));
}

function digestBytes(digest: string): Uint8Array {
  const bytes = fromHex(digest);
  if (bytes.length !== 32) throw new RangeError("a digest has 32 bytes");
  return bytes;
}
