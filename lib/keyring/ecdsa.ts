import { ecdsa, weierstrass } from "@noble/curves/abstract/weierstrass.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { fromHex, toHex } from "./bytes.ts";
import { keccak256 } from "./keccak.ts";

// ECDSA over secp256k1 as Ethereum has it. `digest` is 32 bytes as `0x…`; addresses are lower case.

/** How many points of the curve its generator makes. */
export const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/**
 * secp256k1 by its numbers (SEC 2, 2.4.1), and by what makes multiplying on it twice as fast. The library's own file of that
 * name brings everything else that can be done on this curve.
 */
const secp256k1 = ecdsa(
  weierstrass(
    {
      p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn,
      n: ORDER,
      h: 1n,
      a: 0n,
      b: 7n,
      Gx: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
      Gy: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
    },
    {
      endo: {
        beta: 0x7ae96a2b657c07106e64479eac3434e99cf0497512f58995c1396c28719501een,
        basises: [
          [0x3086d221a7d46bcde86c90e49284eb15n, -0xe4437ed6010e88286f547fa90abfe4c3n],
          [0x114ca50f7a8e2f3f657c1108d9d44cfd8n, 0x3086d221a7d46bcde86c90e49284eb15n],
        ],
      },
    },
  ),
  sha256,
);

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
