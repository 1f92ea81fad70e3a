import { computeAddress, recoverAddress as ethersRecovers, SigningKey } from "ethers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toHex } from "./bytes.ts";
import { addressOfSecret, recoverAddress, signDigest } from "./ecdsa.ts";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const word = (number: bigint) => `0x${number.toString(16).padStart(64, "0")}`;
const secrets = fc
  .oneof(fc.bigInt({ min: 1n, max: ORDER - 1n }), fc.constantFrom(1n, 2n, ORDER - 1n))
  .map((number) => Uint8Array.from(Buffer.from(word(number).slice(2), "hex")));
const digests = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex);

test("addresses and signatures are ethers’, byte for byte, and each names its signer", () => {
  fc.assert(
    fc.property(secrets, digests, (secret, digest) => {
      const theirs = new SigningKey(toHex(secret));
      const address = addressOfSecret(secret);
      expect(address).toBe(computeAddress(theirs.publicKey).toLowerCase());
      const signature = signDigest(secret, digest);
      expect(signature).toBe(theirs.sign(digest).serialized);
      expect(recoverAddress(digest, signature)).toBe(address);
    }),
    { numRuns: 60 },
  );
});

test("of what nobody may have signed the same key is found as ethers finds, or none where it finds none", () => {
  const numbers = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    fc.constantFrom(0n, 1n, ORDER - 1n, ORDER, ORDER + 1n, 2n ** 256n - 1n),
  );
  const found = (recover: typeof recoverAddress, digest: string, signature: string) => {
    try {
      return recover(digest, signature).toLowerCase();
    } catch {
      return "nobody";
    }
  };
  fc.assert(
    fc.property(digests, numbers, numbers, fc.constantFrom("1b", "1c"), (digest, r, s, v) => {
      // Of the two s only the lower one is anybody's, which `signedBy` sees to; ethers looks at its first bit.
      fc.pre(s <= ORDER / 2n);
      const signature = `${word(r)}${word(s).slice(2)}${v}`;
      expect(found(recoverAddress, digest, signature)).toBe(found(ethersRecovers, digest, signature));
    }),
    { numRuns: 60 },
  );
});

test("what is no digest is neither signed nor held against a signature", () => {
  const secret = new Uint8Array(32).fill(7);
  const signature = signDigest(secret, `0x${"1".repeat(64)}`);
  for (const digest of ["0x", `0x${"1".repeat(62)}`, `0x${"1".repeat(66)}`]) {
    expect(() => signDigest(secret, digest)).toThrow("32 bytes");
    expect(() => recoverAddress(digest, signature)).toThrow("32 bytes");
  }
});
