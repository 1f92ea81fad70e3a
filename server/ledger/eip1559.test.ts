import { SigningKey, Transaction, toBeHex } from "ethers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { highestFeeIn, signEip1559 } from "./eip1559.ts";

const hex = (length: { minLength: number; maxLength: number }) =>
  fc.uint8Array(length).map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`);
const address = hex({ minLength: 20, maxLength: 20 });
/** Where RLP changes its mind about lengths, too. */
const data = fc.oneof(
  hex({ minLength: 0, maxLength: 70 }),
  fc.constantFrom(1, 55, 56, 255, 256, 65_535, 65_536).map((length) => `0x${"7f".repeat(length)}`),
);
const body = fc.record({
  chainId: fc.integer({ min: 1, max: 2 ** 48 }).map(String),
  nonce: fc.integer({ min: 0, max: 2 ** 32 }),
  to: fc.option(address, { nil: null }),
  data,
  gas: fc.integer({ min: 21_000, max: 60_000_000 }),
  highestFee: fc.bigInt({ min: 2n ** 40n, max: 2n ** 80n }),
  tip: fc.bigInt({ min: 0n, max: 2n ** 40n }),
});

test("a transaction is signed to the bytes that ethers makes of it", () => {
  fc.assert(
    fc.property(body, fc.bigInt({ min: 1n, max: 2n ** 255n }), ({ chainId, gas, highestFee, tip, ...rest }, secret) => {
      const key = new SigningKey(toBeHex(secret, 32));
      const theirs = Transaction.from({
        ...{ type: 2, chainId: BigInt(chainId), gasLimit: gas, maxFeePerGas: highestFee, maxPriorityFeePerGas: tip },
        ...rest,
      });
      theirs.signature = key.sign(theirs.unsignedHash);
      const ours = signEip1559(key, { chainId, gas, highestFee, tip, ...rest });
      expect(ours).toEqual({ hash: theirs.hash, raw: theirs.serialized });
      expect(highestFeeIn(ours.raw.slice(0, 400))).toBe(highestFee);
    }),
    { numRuns: 100 },
  );
});
